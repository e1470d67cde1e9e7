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
import { createSettlement } from './settlement/settlement.js';
import { probeAfterMs } from './stops/template-stops.js';

const defaultTakeOverAfterMs = 15_000;
const defaultUnsettledAfterMs = 3_600_000;

/**
 * Creates a sender for one process. It queues messages, sends them as fast as Meta allows for each number, and reports one of three outcomes for
 * each message.
 *
 * Recipients take turns. A recipient with many messages, or one at the pair rate (one message in 6 seconds, 45 in advance), doesn't delay others.
 * The pace follows Meta's window: it includes travel times, and a rate-limit error (130429) widens the margin. The Cloud API has no idempotency
 * key, so the sender doesn't repeat a message that Meta may have accepted.
 *
 * One sender can serve many numbers (`from`). Each number has its own queues, pace and pair rate. An idle sender needs no timer. Call `close()` or
 * use `await using` to reject waiting messages at the end.
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
      rerunGuards: (which) => {
        numbers.rerunGuards(({ message, extras }) => which(message, extras?.campaignId));
      },
      join: (phoneNumberId, from, to) => numbers.find(phoneNumberId)?.join(from, to),
      charge: (phoneNumberId) => numbers.find(phoneNumberId)?.charge(),
      accountChanged: (about) => {
        void parts.readings?.forget(about);
        parts.readings?.readAgain(about, numbers.all());
      },
      commanded: () => Promise.resolve(),
      settle: (event) => settlement.settle(event),
    },
  });
  const { clock, logger, reporting, ids } = parts;
  const ledger = createLedger(parts.store);
  const settlement = createSettlement({
    ...{ clock, logger, ledger, unsettledAfterMs },
    onSettled: (facts) => {
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
    ...{ options, parts, ledger, outbox, settlement, unsettledAfterMs },
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
    settle: (event) => settlement.settle(event),
    sweep: async (limit) => ({ recovered: (await outbox?.recover()) ?? 0, unsettled: await settlement.reportUnsettled(limit) }),
  });
  return senderFor<Coexistence>(sender);
}
