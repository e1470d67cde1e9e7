import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { NotSentError } from '../errors/not-sent-error.js';
import { MissingTargetError } from '../errors/usage-errors.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import { coexistencePolicy } from '../policy/policy.js';
import { noInstrument } from '../runtime/instrument.js';
import { memoryStore } from '../stores/memory.js';
import type { StatusEvent } from '../webhooks/events/messages.js';
import { createJob, type Job, type OnResult, type SubmitOptions } from './job.js';
import { createNumberSenders } from './number-senders.js';
import { createLedger } from './outbox/ledger.js';
import { createOutbox } from './outbox/outbox.js';
import { createResumption } from './outbox/resumption.js';
import { createReporting } from './reporting.js';
import { runSendAll, type Queued } from './send-all.js';
import { createSendIds } from './send-ids.js';
import type { From } from './send-options.js';
import type { SenderOptions } from './sender-options.js';
import type { SenderStats } from './sender-stats.js';
import type { Sender } from './sender.js';
import { createSettling } from './settling.js';
import { capOf } from './throughput.js';

/** Messages of one source that may be open, where the caller does not say: this many, or so many seconds of the throughput. */
const leastOpenMessages = 1_000;
const openSeconds = 2;

/** What holds where the caller does not say. */
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
 * @throws `RangeError` if the throughput is no whole number from 1 up.
 *
 * @example
 * ```ts
 * import { createClient, createSender, text } from 'wa-coexist';
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
export function createSender(options: SenderOptions): Sender {
  const { client, webhooks, store, unsettledAfterMs = defaultUnsettledAfterMs } = options;
  const policy = options.policy ?? client.policy ?? coexistencePolicy();
  const cap = capOf(options.throughput, policy);
  const clock = options.clock ?? client.clock;
  const logger = options.logger ?? client.logger;
  const ids = createSendIds();
  const reporting = createReporting(clock, logger);
  const ledger = createLedger(store ?? memoryStore({ clock }));
  const { settlements, settle, reportUnsettled, ...settling } = createSettling({
    clock,
    logger,
    ledger,
    unsettledAfterMs,
    settled: (facts) => {
      reporting.settled(facts);
    },
  });
  const drains: (() => void)[] = [];
  let closed = false;
  let closing: Promise<void> | undefined;

  const stats = (): SenderStats => ({ ...numbers.activity(), ...reporting.counts() });
  const endDrains = (): void => {
    for (const resolve of drains.splice(0)) resolve();
  };
  const outbox =
    store &&
    createOutbox({
      store,
      clock,
      logger,
      name: ids.prefix,
      takeOverAfterMs: options.takeOverAfterMs ?? defaultTakeOverAfterMs,
      resume: createResumption({ ledger, numberOf: (from) => (closed ? undefined : numbers.of(from)) }),
    });
  const numbers = createNumberSenders({
    client,
    settings: {
      cap,
      pacing: options.pacing ?? 'even',
      concurrency: options.concurrency,
      policy,
      clock,
      logger,
      instrument: options.instrument ?? noInstrument,
      ledger,
      outbox,
      recordsAll: store !== undefined,
      ids,
      settlements,
      unsettledAfterMs,
      onUnknown: options.onUnknown ?? 'report',
      guards: options.guards ?? [],
    },
    listenerOf: (phoneNumberId) => ({
      ...reporting.listenerOf(phoneNumberId),
      refused: () => undefined,
      idle: () => {
        if (numbers.open > 0) return;
        reporting.notify('idle', stats);
        endDrains();
      },
    }),
  });

  const submit = (
    message: OutgoingMessage,
    { from, ...submitted }: SubmitOptions & { readonly from?: From },
    onResult: OnResult,
  ): Queued | undefined => {
    const number = closed ? undefined : numbers.of(from);
    if (number) {
      const job = number.submit(message, submitted, onResult);
      return job && { job, number };
    }
    const by = closed ? 'closed' : 'guard';
    const error = closed ? new NotSentError('closed') : new MissingTargetError('send', 'phoneNumberId');
    const job = createJob(message, 'normal', onResult, submitted);
    job.state = 'over';
    onResult({ outcome: 'rejected', by, error }, job);
    return undefined;
  };
  const enqueue: Sender['enqueue'] = (message, enqueued = {}) => {
    if (!outbox) {
      const rule = 'is needed: give createSender one that is durable, as sqliteStore';
      return Promise.reject(new InvalidArgumentError('enqueue', 'store', rule));
    }
    const known = enqueued.key === undefined || closed ? undefined : numbers.of(enqueued.from)?.find(enqueued.key);
    return new Promise((resolve, reject) => {
      const queued: { job: Job | undefined } = { job: known };
      if (!known) {
        const onResult: OnResult = (result, job) => {
          // An outcome that is there before the message is queued: it was refused, or its key is on record.
          if (result.outcome === 'rejected' && result.by !== 'meta') reject(result.error);
          else resolve(job.extras?.sendId ?? '');
        };
        queued.job = submit(message, { ...enqueued, durable: true }, onResult)?.job;
      }
      void queued.job?.extras?.writing?.then(() => {
        if (queued.job?.state !== 'over') resolve(queued.job?.extras?.sendId ?? '');
      });
    });
  };
  const drain = async (): Promise<void> => {
    if (numbers.open > 0) {
      await new Promise<void>((resolve) => {
        drains.push(resolve);
      });
    }
  };
  const onStatus = async (event: StatusEvent): Promise<void> => {
    await settle(event);
  };
  const end = async (): Promise<void> => {
    webhooks?.off('status', onStatus);
    const kept: Job[] = [];
    await numbers.close((job, number) => {
      if (outbox && job.extras?.durable) kept.push(job);
      else number.reject(job, 'closed', new NotSentError('closed'));
    });
    for (const job of kept) await job.extras?.writing;
    endDrains();
    await outbox?.close().catch((error: unknown) => {
      logger.warn('the outbox was left without a word, so that what is in it waits until this process is taken for dead', { error });
    });
    settling.close();
  };
  const close = (): Promise<void> => {
    closed = true;
    return (closing ??= end());
  };
  webhooks?.on('status', onStatus);
  void outbox?.recover();

  return {
    on: (name, handler) => {
      reporting.emitter.on(name, handler);
    },
    once: (name, handler) => {
      reporting.emitter.once(name, handler);
    },
    off: (name, handler) => {
      reporting.emitter.off(name, handler);
    },
    send: (message, sendOptions = {}) =>
      new Promise((resolve) => {
        submit(message, sendOptions, resolve);
      }),
    enqueue,
    sendAll: (source, sendAllOptions = {}) =>
      runSendAll(
        {
          clock,
          logger,
          defaultConcurrency: Math.max(leastOpenMessages, openSeconds * cap),
          submit,
          isClosed: () => closed,
        },
        source,
        sendAllOptions,
      ),
    settle,
    async sweep({ limit } = {}) {
      return { recovered: (await outbox?.recover()) ?? 0, unsettled: await reportUnsettled(limit) };
    },
    pause: () => {
      if (!closed && numbers.pause()) reporting.notify('paused', stats);
    },
    resume: () => {
      if (!closed && numbers.resume()) reporting.notify('resumed', stats);
    },
    drain,
    close,
    [Symbol.asyncDispose]: close,
    stats,
  };
}
