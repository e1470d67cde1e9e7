import { phoneNumberIdOf } from '../client/require-target.js';
import { AbortedError } from '../errors/connection-errors.js';
import { NotSentError } from '../errors/not-sent-error.js';
import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import { coexistencePolicy } from '../policy/policy.js';
import { createEmitter } from '../runtime/emitter.js';
import { noInstrument } from '../runtime/instrument.js';
import { memoryStore } from '../stores/memory.js';
import type { StatusEvent } from '../webhooks/events/messages.js';
import { createAbortSignals } from './abort-signals.js';
import { createAttempts } from './attempts.js';
import { callbackDataOf, sendIdOf } from './callback-data.js';
import { createDeadlines } from './deadlines.js';
import { createDispatcher } from './dispatcher.js';
import { createJob, extrasOf, type Job, type JobExtras, type OnResult } from './job.js';
import { createLedger } from './ledger.js';
import { createMessageChecks } from './message-checks.js';
import { createPacer } from './pacer.js';
import { createRateMeter } from './rate-meter.js';
import { runSendAll } from './send-all.js';
import type { RejectedBy, SendResult } from './send-result.js';
import type { Sender, SenderEvents, SenderOptions, SenderStats, SendOptions } from './sender.js';
import { createSettlements } from './settlements.js';
import { capOf } from './throughput.js';

/** The most requests under way at once, where the caller does not say: as many as the throughput, within these bounds. */
const leastConcurrency = 8;
const mostConcurrency = 500;

/** Messages of one source that may be open, where the caller does not say: this many, or so many seconds of the throughput. */
const leastOpenMessages = 1_000;
const openSeconds = 2;

/**
 * Makes a sender: it queues messages, lets them out as fast as Meta takes them from the number and no faster, and tells of each one of
 * three outcomes.
 *
 * Recipients take turns, so that one with many messages, or one that Meta's pair rate holds back (one message in 6 seconds, 45 ahead),
 * holds up nobody else. The pace is that of Meta's window as it looks from there: travel times are allowed for, and a refusal (130429)
 * widens the margin. Nothing that Meta may have taken is sent again: Cloud API has no idempotency key.
 *
 * It keeps no timer while it has nothing to do; `close()` it, or use `await using`, to refuse what still waits at the end.
 *
 * @throws `RangeError` if the throughput is no whole number from 1 up, `MissingTargetError` if the client names no number.
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
  const phoneNumberId = phoneNumberIdOf(client, 'createSender');
  const policy = options.policy ?? client.policy ?? coexistencePolicy();
  const cap = capOf(options.throughput, policy);
  const clock = options.clock ?? client.clock;
  const logger = options.logger ?? client.logger;
  const emitter = createEmitter<SenderEvents>();
  const settlements = createSettlements();
  const ledger = createLedger(options.store ?? memoryStore({ clock }), phoneNumberId);
  const pacer = createPacer(cap, options.pacing ?? 'even');
  const meter = createRateMeter(clock.monotonic());
  const byKey = new Map<string, Job>();
  const counts = { accepted: 0, rejected: 0, unknown: 0, settled: 0, throttled: 0 };
  const drains: (() => void)[] = [];
  let open = 0;
  let paused = false;
  let closed = false;
  let closing: Promise<void> | undefined;
  /** The records that are being taken back. */
  let releases: Promise<unknown> = Promise.resolve();

  const notify = <Name extends keyof SenderEvents>(name: Name, event: () => SenderEvents[Name]): void => {
    if (emitter.count(name) === 0) return;
    emitter.dispatch(name, event()).catch((error: unknown) => {
      logger.error(`a handler of the sender's ${name} failed`, { error });
    });
  };
  const stats = (): SenderStats => ({
    queued: Math.max(0, open - dispatcher.inFlight),
    inFlight: dispatcher.inFlight,
    waitingRecipients: dispatcher.waitingRecipients,
    ...counts,
    perSecond: meter.perSecond(clock.monotonic()),
    ceiling: pacer.ceiling,
    paused,
  });
  const reject = (job: Job, by: RejectedBy, error: WhatsAppError): void => {
    finish(job, { outcome: 'rejected', by, error });
  };
  const abort = (job: Job, signal: AbortSignal): void => {
    const text = 'The message was taken back by its signal before it was sent.';
    if (job.state === 'waiting') reject(job, 'aborted', new AbortedError(text, 'not-sent', { cause: signal.reason }));
  };
  const expire = (job: Job): void => {
    if (job.state === 'waiting') reject(job, 'expired', new NotSentError('expired'));
  };
  const checks = createMessageChecks(client.validate, (job, fault) => {
    reject(job, 'guard', fault);
  });
  const signals = createAbortSignals<Job>(abort);
  const deadlines = createDeadlines<JobExtras>(clock, ({ job }) => {
    expire(job);
  });

  /** Refuses a message that may not leave (again), for whichever reason holds. */
  const mayLeave = (job: Job): boolean => {
    const { signal, expiresAtMs } = job.extras ?? {};
    if (signal?.aborted) abort(job, signal);
    else if (expiresAtMs !== undefined && expiresAtMs <= clock.now()) expire(job);
    else if (closed) reject(job, 'closed', new NotSentError('closed'));
    return job.state !== 'over';
  };
  const finish = (job: Job, result: SendResult, replay?: 'replay'): void => {
    if (job.state === 'over') return;
    job.state = 'over';
    const { extras } = job;
    if (extras) {
      deadlines.remove(extras);
      if (extras.signal) signals.remove(extras.signal, job);
      if (extras.key !== undefined) byKey.delete(extras.key);
      if (extras.recorded && result.outcome === 'rejected' && result.by !== 'meta')
        releases = Promise.all([releases, attempts.release(job)]);
    }
    if (!replay) report(job.message, extras?.key, job.tries, result);
    open -= 1;
    job.onResult(result, job);
    for (const onResult of extras?.joined ?? []) onResult(result, job);
    if (open > 0) return;
    notify('idle', stats);
    for (const resolve of drains.splice(0)) resolve();
  };
  const report = (message: OutgoingMessage, key: string | undefined, tries: number, result: SendResult): void => {
    counts[result.outcome] += 1;
    const about = { message, tries, ...(key !== undefined && { key }) };
    switch (result.outcome) {
      case 'accepted':
        meter.count(clock.monotonic());
        notify('sent', () => ({ ...about, messageId: result.messageId, response: result.response }));
        return;
      case 'rejected':
        notify('rejected', () => ({ ...about, by: result.by, error: result.error }));
        return;
      case 'unknown':
        notify('unknown', () => ({ ...about, error: result.error, settled: result.settled }));
        return;
    }
  };
  const onSettled = (facts: SenderEvents['settled']): void => {
    counts.settled += 1;
    notify('settled', () => facts);
  };

  const attempts = createAttempts({
    client,
    clock,
    logger,
    instrument: options.instrument ?? noInstrument,
    ledger,
    recordsAll: options.store !== undefined,
    settlements,
    mayLeave,
    checkOf: (job) => checks.pending(job),
    finish,
    onSettled: ({ job, messageId, status }) => {
      const callbackData = job.message.biz_opaque_callback_data;
      onSettled({ messageId, ...(status && { status }), ...keyOf(job.extras?.key), ...(callbackData !== undefined && { callbackData }) });
    },
  });
  const dispatcher = createDispatcher({
    clock,
    pacer,
    pairRule: { intervalMs: policy.limits.pairIntervalSeconds * 1_000, burst: policy.limits.pairBurst },
    concurrency: options.concurrency ?? Math.min(mostConcurrency, Math.max(leastConcurrency, cap)),
    attempt: (job, leaves) => attempts.attempt(job, leaves),
    onAgain: (job, { scope, error }, waitMs) => {
      if (scope !== 'connection') {
        counts.throttled += 1;
        notify('throttled', () => ({ error, scope: scope === 'pair' ? 'recipient' : 'number' }));
        logger.debug('Meta refused a message for its rate', { scope, waitMs, error });
      } else {
        logger.warn('Meta cannot be reached; messages wait', { waitMs, error });
      }
      notify('retry', () => ({ message: job.message, tries: job.tries, error, waitMs, ...keyOf(job.extras?.key) }));
      job.state = 'waiting';
      mayLeave(job);
    },
  });

  const submit = (message: OutgoingMessage, { key, priority, expiresAt, signal }: SendOptions, onResult: OnResult): Job | undefined => {
    const known = key === undefined ? undefined : byKey.get(key);
    if (known) {
      (extrasOf(known).joined ??= []).push(onResult);
      return undefined;
    }
    const job = createJob(message, priority ?? 'normal', onResult);
    open += 1;
    checks.check(job, expiresAt);
    if (job.state === 'over') return job;
    if (key !== undefined || expiresAt || signal) extrasOf(job, { key, expiresAtMs: expiresAt?.getTime(), signal });
    if (!mayLeave(job)) return job;
    if (key !== undefined) byKey.set(key, job);
    if (signal) signals.add(signal, job);
    if (expiresAt) deadlines.add(extrasOf(job), expiresAt.getTime());
    dispatcher.add(job);
    return job;
  };
  const settle = async ({ status }: StatusEvent): Promise<boolean> => {
    const sendId = sendIdOf(status.biz_opaque_callback_data);
    if (sendId === undefined) return false;
    const heard = settlements.hear(sendId, status);
    await heard?.recorded;
    const record = await ledger.settle(sendId, status.id);
    if (!heard && record?.wasUnknown !== true) return false;
    const callbackData = callbackDataOf(status.biz_opaque_callback_data);
    onSettled({ messageId: status.id, status, ...keyOf(heard?.key ?? record?.key), ...(callbackData !== undefined && { callbackData }) });
    return true;
  };
  const onStatus = async (event: StatusEvent): Promise<void> => {
    await settle(event);
  };
  const drain = async (): Promise<void> => {
    if (open > 0) {
      await new Promise<void>((resolve) => {
        drains.push(resolve);
      });
    }
  };
  const end = async (): Promise<void> => {
    webhooks?.off('status', onStatus);
    for (const job of dispatcher.close()) mayLeave(job);
    await drain();
    await releases;
    deadlines.close();
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
          cancel: abort,
          isClosed: () => closed,
        },
        source,
        sendAllOptions,
      ),
    settle,
    pause: () => {
      if (paused || closed) return;
      paused = true;
      dispatcher.pause();
      notify('paused', stats);
    },
    resume: () => {
      if (!paused || closed) return;
      paused = false;
      dispatcher.resume();
      notify('resumed', stats);
    },
    drain,
    close,
    [Symbol.asyncDispose]: close,
    stats,
  };
}

function keyOf(key: string | undefined): { readonly key?: string } {
  return key === undefined ? {} : { key };
}
