import { readOptions } from '../errors/check-options.js';
import { checkSenderOptions } from './check-sender-options.js';
import { createFleet } from './fleet.js';
import { createLocalEngine, type LocalEngine } from './local-engine.js';
import { createLedger } from './outbox/ledger.js';
import { createOutbox } from './outbox/outbox.js';
import { createResumption } from './outbox/resumption.js';
import type { SenderOptions } from './sender-options.js';
import { createSenderParts, type SenderParts } from './sender-parts.js';
import { createSenderSurface, senderFor } from './sender-surface.js';
import type { Sender } from './sender.js';
import { createSettling } from './settlement/settling.js';
import { probeAfterMs } from './stops/template-stops.js';

const defaultTakeOverAfterMs = 15_000;
const defaultUnsettledAfterMs = 3_600_000;

/**
 * Makes a sender: it queues messages, lets them out as fast as Meta takes them from each number and no faster, and tells of each one of
 * three outcomes.
 *
 * Recipients take turns, so that one with many messages, or one that Meta's pair rate holds back (one message in 6 seconds, 45 ahead),
 * holds up nobody else. The pace is that of Meta's window as it looks from there: travel times are allowed for, and a refusal (130429)
 * widens the margin. Nothing that Meta may have taken is sent again: Cloud API has no idempotency key.
 *
 * One sender serves one number, or with `from` many, each with lanes, pace and pair rate of its own for as long as it has something to do.
 *
 * It keeps no timer while it has nothing to do; `close()` it, or use `await using`, to refuse what still waits at the end.
 *
 * @throws `InvalidArgumentError` if an option is not valid.
 *
 * @example
 * ```ts
 * import { createClient, createSender } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sender = createSender({ client, throughput: 'coexistence' });
 * const result = await sender.send({ to: '15550100987', ...text('Hello') });
 * if (result.outcome === 'accepted') console.log(result.messageId);
 * if (result.outcome === 'unknown') console.log(await result.settled);
 * await sender.drain();
 * await sender.close();
 * ```
 */
export function createSender<Coexistence extends boolean>(given: SenderOptions<Coexistence>): Sender<Coexistence> {
  return readOptions('createSender', given, (options) => {
    checkSenderOptions(options);
    return buildSender(options);
  });
}

function buildSender<Coexistence extends boolean>(options: SenderOptions<Coexistence>): Sender<Coexistence> {
  const { store, unsettledAfterMs = defaultUnsettledAfterMs } = options;
  const parts: SenderParts = createSenderParts({
    owner: 'createSender',
    options,
    store,
    sharedBacklog: undefined,
    templateHoldMs: probeAfterMs,
    host: {
      wabaOf: (phoneNumberId) => numbers.find(phoneNumberId)?.client.target.wabaId,
      askAgain: (which) => {
        numbers.askAgain(({ message, extras }) => which(message, extras?.campaignId));
      },
      join: (phoneNumberId, from, to) => numbers.find(phoneNumberId)?.join(from, to),
      charge: (phoneNumberId) => numbers.find(phoneNumberId)?.charge(),
      accountChanged: (about) => {
        void parts.readings?.forget(about);
        parts.readings?.readAgain(about, numbers.all());
      },
      commanded: () => Promise.resolve(),
      settle: (event) => settling.settle(event),
    },
  });
  const { clock, logger, reporting, ids } = parts;
  const ledger = createLedger(parts.store);
  const settling = createSettling({
    ...{ clock, logger, ledger, unsettledAfterMs },
    settled: (facts) => {
      reporting.settled(facts);
    },
  });
  const outbox =
    store &&
    createOutbox({
      ...{ store, clock, logger },
      name: ids.prefix,
      takeOverAfterMs: options.takeOverAfterMs ?? defaultTakeOverAfterMs,
      resumption: createResumption({
        ledger,
        numberOf: (from) => engine.numberOf(from),
        find: (phoneNumberId) => numbers.find(phoneNumberId),
      }),
    });
  const fleet = createFleet({
    ...{ store: parts.store, isShared: store !== undefined, clock, logger },
    owner: ids.prefix,
    stats: () => ({ ...engine.activity(), ...reporting.counts() }),
    queued: undefined,
  });
  const engine: LocalEngine = createLocalEngine({
    ...{ options, parts, ledger, outbox, settling, unsettledAfterMs },
    onBusy: () => {
      fleet.touch();
    },
    onClosed: () => fleet.close(),
  });
  const { numbers } = engine;
  void outbox?.recover();
  const sender = createSenderSurface({
    ...{ engine, parts, fleet },
    unsupported: [],
    settle: settling.settle,
    sweep: async (limit) => ({ recovered: (await outbox?.recover()) ?? 0, unsettled: await settling.reportUnsettled(limit) }),
  });
  return senderFor<Coexistence>(sender);
}
