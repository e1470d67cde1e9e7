import { MissingTargetError } from '../errors/usage-errors.js';
import { NotSentError } from '../errors/not-sent-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import { coexistencePolicy } from '../policy/policy.js';
import { createEmitter } from '../runtime/emitter.js';
import { noInstrument } from '../runtime/instrument.js';
import { defined } from '../runtime/json.js';
import { memoryStore } from '../stores/memory.js';
import type { StatusEvent } from '../webhooks/events/messages.js';
import { callbackDataOf, sendIdOf } from './callback-data.js';
import { createJob, type Job, type OnResult } from './job.js';
import { createLedger } from './ledger.js';
import { createNumberSenders } from './number-senders.js';
import { createRateMeter } from './rate-meter.js';
import { runSendAll, type Queued } from './send-all.js';
import type { SendOptions } from './send-options.js';
import type { SendResult } from './send-result.js';
import type { SenderEvents } from './sender-events.js';
import type { SenderOptions } from './sender-options.js';
import type { SenderStats } from './sender-stats.js';
import type { Sender } from './sender.js';
import { createSettlements } from './settlements.js';
import { capOf } from './throughput.js';

/** Messages of one source that may be open, where the caller does not say: this many, or so many seconds of the throughput. */
const leastOpenMessages = 1_000;
const openSeconds = 2;

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
  const { client, webhooks } = options;
  const policy = options.policy ?? client.policy ?? coexistencePolicy();
  const cap = capOf(options.throughput, policy);
  const clock = options.clock ?? client.clock;
  const logger = options.logger ?? client.logger;
  const emitter = createEmitter<SenderEvents>();
  const settlements = createSettlements();
  const ledger = createLedger(options.store ?? memoryStore({ clock }));
  const meter = createRateMeter(clock.monotonic());
  const counts = { accepted: 0, rejected: 0, unknown: 0, settled: 0, throttled: 0 };
  const drains: (() => void)[] = [];
  let closed = false;
  let closing: Promise<void> | undefined;

  const notify = <Name extends keyof SenderEvents>(name: Name, event: () => SenderEvents[Name]): void => {
    if (emitter.count(name) === 0) return;
    emitter.dispatch(name, event()).catch((error: unknown) => {
      logger.error(`a handler of the sender's ${name} failed`, { error });
    });
  };
  const stats = (): SenderStats => ({
    ...numbers.activity(),
    ...counts,
    perSecond: meter.perSecond(clock.monotonic()),
  });
  const about = ({ message, tries, extras }: Job, phoneNumberId: string) => ({
    message,
    phoneNumberId,
    tries,
    ...defined({ key: extras?.key, campaignId: extras?.campaignId }),
  });
  const report = (job: Job, result: SendResult, phoneNumberId: string): void => {
    counts[result.outcome] += 1;
    switch (result.outcome) {
      case 'accepted':
        meter.count(clock.monotonic());
        notify('sent', () => ({ ...about(job, phoneNumberId), messageId: result.messageId, response: result.response }));
        return;
      case 'rejected':
        notify('rejected', () => ({ ...about(job, phoneNumberId), by: result.by, error: result.error }));
        return;
      case 'unknown':
        notify('unknown', () => ({ ...about(job, phoneNumberId), error: result.error, settled: result.settled }));
        return;
    }
  };
  const onSettled = (facts: SenderEvents['settled']): void => {
    counts.settled += 1;
    notify('settled', () => facts);
  };

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
      recordsAll: options.store !== undefined,
      settlements,
      guards: options.guards ?? [],
    },
    listenerOf: (phoneNumberId) => ({
      outcome: (job, result) => {
        report(job, result, phoneNumberId);
      },
      again: (job, { scope, error }, waitMs) => {
        if (scope !== 'connection') {
          counts.throttled += 1;
          notify('throttled', () => ({ phoneNumberId, error, scope: scope === 'pair' ? 'recipient' : 'number' }));
          logger.debug('Meta refused a message for its rate', { phoneNumberId, scope, waitMs, error });
        } else {
          logger.warn('Meta cannot be reached; messages wait', { phoneNumberId, waitMs, error });
        }
        notify('retry', () => ({ ...about(job, phoneNumberId), error, waitMs }));
      },
      held: (_job, reason, until) => {
        logger.debug('a guard holds a message', { phoneNumberId, reason, until });
      },
      settledBefore: ({ job, messageId, status }) => {
        const callbackData = job.message.biz_opaque_callback_data;
        onSettled({ phoneNumberId, messageId, ...defined({ status, key: job.extras?.key, callbackData }) });
      },
      idle: () => {
        if (numbers.open > 0) return;
        notify('idle', stats);
        for (const resolve of drains.splice(0)) resolve();
      },
    }),
  });

  const submit = (message: OutgoingMessage, { from, ...submitted }: SendOptions, onResult: OnResult): Queued | undefined => {
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
  const settle = async ({ status, phoneNumberId }: StatusEvent): Promise<boolean> => {
    const sendId = sendIdOf(status.biz_opaque_callback_data);
    if (sendId === undefined) return false;
    const heard = settlements.hear(sendId, status);
    await heard?.recorded;
    const record = await ledger.settle(sendId, status.id);
    if (!heard && record?.wasUnknown !== true) return false;
    const callbackData = callbackDataOf(status.biz_opaque_callback_data);
    onSettled({ messageId: status.id, status, ...defined({ phoneNumberId, key: heard?.key ?? record?.key, callbackData }) });
    return true;
  };
  const onStatus = async (event: StatusEvent): Promise<void> => {
    await settle(event);
  };
  const drain = async (): Promise<void> => {
    if (numbers.open > 0) {
      await new Promise<void>((resolve) => {
        drains.push(resolve);
      });
    }
  };
  const end = async (): Promise<void> => {
    webhooks?.off('status', onStatus);
    await numbers.close((job, number) => {
      number.reject(job, 'closed', new NotSentError('closed'));
    });
    settlements.close();
  };
  const close = (): Promise<void> => {
    closed = true;
    return (closing ??= end());
  };
  webhooks?.on('status', onStatus);

  return {
    on: (name, handler) => {
      emitter.on(name, handler);
    },
    once: (name, handler) => {
      emitter.once(name, handler);
    },
    off: (name, handler) => {
      emitter.off(name, handler);
    },
    send: (message, sendOptions = {}) =>
      new Promise((resolve) => {
        submit(message, sendOptions, resolve);
      }),
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
    pause: () => {
      if (closed || !numbers.pause()) return;
      notify('paused', stats);
    },
    resume: () => {
      if (closed || !numbers.resume()) return;
      notify('resumed', stats);
    },
    drain,
    close,
    [Symbol.asyncDispose]: close,
    stats,
  };
}
