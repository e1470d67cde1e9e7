import { AbortedError } from '../../errors/connection-errors.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { InvalidMessageError } from '../../errors/usage-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { joinKey } from '../../runtime/keys.js';
import type { CancelResult } from '../cancel-result.js';
import type { CheckedSend } from '../attempts/check-send.js';
import type { EngineActivity, SendEngine, SubmitCallbacks } from '../send-engine.js';
import type { SenderParts } from '../sender-parts.js';
import type { SendResult } from '../send-result.js';
import type { PendingResults } from './pending-results.js';
import { messageIdOf, type NumberTarget } from './job-id.js';
import type { MessageQueues } from './message-queues.js';
import type { NumberRegistry } from './number-registry.js';
import type { NumberWorker } from './number-worker.js';
import type { SharedRedis } from './open-redis.js';
import type { Outcomes } from './outcomes.js';
import type { MessageJob, MessageQueue } from './queues.js';
import { resultOf } from './result-record.js';

/** The engine of one process among many. */
export interface BullEngine extends SendEngine {
  /** Applies the pause or resume of a number by another process. Without an ID, applies it to all numbers. */
  applyPause(isPaused: boolean, phoneNumberId: string): Promise<void>;
}

/** Dependencies of {@link createBullEngine}. */
export interface BullEngineOptions {
  readonly redis: SharedRedis;
  readonly parts: SenderParts;
  readonly registry: NumberRegistry;
  readonly queues: MessageQueues;
  readonly pendingResults: PendingResults;
  readonly outcomes: Outcomes;
  readonly worker: NumberWorker;
  /** The last step of closing, before the queues are closed. */
  readonly onClosed: () => Promise<void>;
}

/** Interval of checks for empty queues and for messages that are being cancelled. */
const checkEveryMs = 200;

/** How long Redis stores that a message was cancelled, for processes that wait for its outcome. */
const cancelledTtlMs = 3_600_000;

/** Returns the store key of a cancelled message. */
export function cancelledKey(phoneNumberId: string, id: string): string {
  return joinKey('sender', phoneNumberId, 'cancelled', id);
}

/** Creates an engine that queues messages in Redis. The process that holds the number's lock sends them. */
export function createBullEngine(options: BullEngineOptions): BullEngine {
  const { redis, parts, registry, queues, worker } = options;
  const { client, clock, logger, reporting } = parts;
  let isPausedEverywhere = false;
  /** Changes of {@link isPausedEverywhere} by this process. A state that was read before one of them is outdated. */
  let changes = 0;
  const change = (isPaused: boolean): void => {
    isPausedEverywhere = isPaused;
    changes += 1;
  };
  let closing: Promise<void> | undefined;

  /** Reads whether a number is paused, or all of them (`''`). */
  const readPause = async (phoneNumberId: string): Promise<boolean> => {
    const before = changes;
    const isPaused = await (phoneNumberId === '' ? redis.numbers : redis.messages(phoneNumberId)).isPaused();
    if (phoneNumberId === '' && before === changes) isPausedEverywhere = isPaused;
    return isPaused;
  };
  readPause('').catch((error: unknown) => {
    logger.debug('sender.pause_unknown', { error });
  });
  const activity = (): EngineActivity => {
    const sessions = [...worker.sessions];
    const activities = sessions.map((session) => session.activity());
    const sum = (name: 'queued' | 'held' | 'inFlight' | 'waitingRecipients' | 'ceiling'): number =>
      activities.reduce((total, each) => total + each[name], 0);
    return {
      numbers: new Set(sessions.map(({ phoneNumberId }) => phoneNumberId)).size,
      queued: sum('queued'),
      held: sum('held'),
      inFlight: sum('inFlight'),
      waitingRecipients: sum('waitingRecipients'),
      ceiling: sum('ceiling'),
      paused: isPausedEverywhere,
    };
  };
  const cancelling = createCancelling(options);
  /** Resolves when all earlier events were applied. */
  let applied = Promise.resolve();
  const applyPause = async (isPaused: boolean, phoneNumberId: string): Promise<void> => {
    // The event may be older than the last call of this process, or of another one.
    const isPausedNow = await readPause(phoneNumberId).catch((error: unknown) => {
      logger.debug('sender.pause_unknown', { error });
      return isPaused;
    });
    if (isPaused && isPausedNow) worker.stop('paused', phoneNumberId === '' ? undefined : phoneNumberId);
    const about = phoneNumberId === '' ? {} : { phoneNumberId };
    reporting.notify(isPaused ? 'paused' : 'resumed', () => ({ ...activity(), ...reporting.counts(), ...about }));
  };
  const { submit, add, count } = createSubmitting(options, cancelling, () => closing !== undefined);

  return {
    ...{ submit, activity },
    cancel: (idOrKey, from) => cancelling.cancel(idOrKey, from),
    async enqueue(send) {
      if (closing) throw new NotSentError('closed');
      const from = queues.targetOf(send.options.from, 'enqueue');
      const id = messageIdOf(from, send.options.key);
      await add(send, from, id, false);
      return id;
    },
    async setPaused(isPaused, from) {
      const target = from === undefined ? undefined : queues.targetOf(from, isPaused ? 'pause' : 'resume');
      const queue = target ? redis.messages(target.phoneNumberId) : redis.numbers;
      // Otherwise this process would miss the event about its own call.
      if (reporting.emitter.count('paused') + reporting.emitter.count('resumed') > 0) await redis.listen();
      if (!target) change(isPaused);
      if ((await queue.isPaused()) === isPaused) return;
      await (isPaused ? queue.pause() : queue.resume());
      if (!target) change(isPaused);
      await redis.publish({ type: 'pause', phoneNumberId: target?.phoneNumberId ?? '', state: isPaused ? 'paused' : 'resumed' });
      if (target && !isPaused) await queues.wake((await registry.find(target.phoneNumberId)) ?? target);
    },
    applyPause(isPaused, phoneNumberId) {
      applied = applied.then(() => applyPause(isPaused, phoneNumberId));
      return applied;
    },
    async planned(from) {
      const target = queues.targetOf(from, 'plan');
      const { phoneNumberId } = target;
      const session = [...worker.sessions].find((each) => each.phoneNumberId === phoneNumberId);
      const queued = await queues.countOf(phoneNumberId);
      return { client: client.for(target), phoneNumberId, perSecond: session?.activity().ceiling ?? parts.cap, queued };
    },
    async drain() {
      for (;;) {
        if (closing) return;
        if (count() === 0 && (await queues.count()) === 0) return;
        await new Promise<void>((resolve) => clock.schedule(resolve, checkEveryMs));
      }
    },
    close() {
      closing ??= closeEngine(options);
      return closing;
    },
  };
}

async function closeEngine({ redis, parts, pendingResults, worker, onClosed }: BullEngineOptions): Promise<void> {
  // Sessions that this call ends stop before their next step at the latest.
  await Promise.resolve();
  parts.unwire();
  await worker.close();
  pendingResults.close();
  await parts.campaigns.close();
  await onClosed();
  await redis.close();
}

interface Submitting {
  readonly submit: SendEngine['submit'];
  /** Queues a message. */
  readonly add: (send: CheckedSend, from: NumberTarget, id: string, isAwaited: boolean) => Promise<void>;
  /** Number of messages that are being queued, and of sends without an outcome. */
  readonly count: () => number;
}

/** Queues messages and waits for their outcomes. */
function createSubmitting(
  { parts, queues, pendingResults }: BullEngineOptions,
  cancelling: Cancelling,
  isClosing: () => boolean,
): Submitting {
  const { logger } = parts;
  let open = 0;
  const add: Submitting['add'] = async (send, from, id, isAwaited) => {
    open += 1;
    try {
      await queues.add(send, from, id, isAwaited);
    } catch (error) {
      throw addErrorOf(error, send.message);
    } finally {
      open -= 1;
    }
  };
  const submit: SendEngine['submit'] = (send, { onResult, onError }) => {
    const rejected = rejectedBefore(send, isClosing());
    if (rejected) {
      if (send.fault) logger.warn('sender.message_rejected', { error: send.fault });
      onResult(rejected);
      return undefined;
    }
    let from: NumberTarget;
    try {
      from = queues.targetOf(send.options.from, 'send');
    } catch (error) {
      callWithError(error, { onResult, onError });
      return undefined;
    }
    const id = messageIdOf(from, send.options.key);
    const { signal } = send.options;
    let isOpen = true;
    open += 1;
    let abortedBy: AbortSignal | undefined;
    const abort = (by: AbortSignal): void => {
      abortedBy = by;
      const cancelled = added.then(() => cancelling.cancelIn(from.phoneNumberId, id));
      cancelled.catch((error: unknown) => {
        logger.warn('sender.cancel_failed', { phoneNumberId: from.phoneNumberId, error });
      });
    };
    const listening = signal && listenTo(signal, abort);
    let onAdded = (): void => undefined;
    const added = new Promise<void>((resolve) => {
      onAdded = resolve;
    });
    pendingResults
      .outcomeOf(from.phoneNumberId, id, () => add(send, from, id, true).finally(onAdded))
      .finally(() => {
        isOpen = false;
        open -= 1;
        listening?.();
      })
      .then(
        (result) => {
          const isAborted = abortedBy && result.outcome === 'rejected' && result.by === 'cancelled';
          onResult(isAborted ? abortedResult(abortedBy) : result);
        },
        (error: unknown) => {
          callWithError(error, { onResult, onError });
        },
      );
    return {
      get isOpen() {
        return isOpen;
      },
      abort,
    };
  };
  return { submit, add, count: () => open };
}

/** Calls `onAbort` if a signal aborts. Returns a function that stops listening. */
function listenTo(signal: AbortSignal, onAbort: (signal: AbortSignal) => void): () => void {
  const listener = (): void => {
    onAbort(signal);
  };
  signal.addEventListener('abort', listener);
  return () => {
    signal.removeEventListener('abort', listener);
  };
}

/** The outcome of a message that was rejected before it was queued. */
function rejectedBefore({ options, fault }: CheckedSend, isClosed: boolean): SendResult | undefined {
  if (isClosed) return { outcome: 'rejected', by: 'closed', error: new NotSentError('closed') };
  if (fault) return { outcome: 'rejected', by: 'guard', error: fault };
  return options.signal?.aborted === true ? abortedResult(options.signal) : undefined;
}

function abortedResult(signal: AbortSignal | undefined): SendResult {
  const text = 'The message was not sent: its signal was aborted first.';
  return { outcome: 'rejected', by: 'aborted', error: new AbortedError(text, 'not-sent', { cause: signal?.reason }) };
}

/** Reports invalid calls as outcomes. The caller receives the errors of Redis. */
function callWithError(error: unknown, { onResult, onError }: SubmitCallbacks): void {
  const isWrongUse = error instanceof WhatsAppError && error.kind !== 'store';
  if (isWrongUse) onResult({ outcome: 'rejected', by: 'guard', error });
  else onError(error);
}

/** Converts an error of `add`. A message that isn't JSON never reaches Redis. */
function addErrorOf(error: unknown, message: OutgoingMessage): unknown {
  try {
    JSON.stringify(message);
    return error;
  } catch {
    return new InvalidMessageError('message', 'cannot be written as JSON');
  }
}

interface Cancelling {
  readonly cancel: SendEngine['cancel'];
  cancelIn(phoneNumberId: string, id: string): Promise<CancelResult>;
}

/** Cancels messages. Removes queued messages, and asks the process that has taken a message to cancel it. */
function createCancelling({ redis, parts, registry, queues, outcomes }: BullEngineOptions): Cancelling {
  const { store, clock } = parts;
  /** Removes a message that no process has taken. Returns whether it did. */
  const remove = async (queue: MessageQueue, target: NumberTarget, job: MessageJob): Promise<boolean> => {
    const { id = '' } = job;
    const key = cancelledKey(target.phoneNumberId, id);
    await store.set(key, true, { ttlMs: cancelledTtlMs });
    try {
      await job.remove();
    } catch {
      // A process has taken the message.
      if (await queue.getJob(id)) await store.delete(key);
      return false;
    }
    outcomes.concluded(target, job, 0, { outcome: 'rejected', by: 'cancelled', error: new NotSentError('cancelled') }, 'removed');
    return true;
  };
  const cancelIn = async (phoneNumberId: string, id: string): Promise<CancelResult> => {
    const queue = redis.messages(phoneNumberId);
    const target = (await registry.find(phoneNumberId)) ?? { phoneNumberId };
    for (let isKnown = false; ; isKnown = true) {
      const job = await queue.getJob(id);
      // A cancelled message with a key is removed.
      if (!job) return isKnown && (await store.get(cancelledKey(phoneNumberId, id))) ? 'cancelled' : 'unknown';
      if (job.finishedOn !== undefined) {
        const result = resultOf(job.returnvalue);
        return result?.outcome === 'rejected' && result.by === 'cancelled' ? 'cancelled' : 'already-sent';
      }
      if (job.progress === 'left') return 'already-sent';
      if ((await job.getState()) !== 'active' && (await remove(queue, target, job))) return 'cancelled';
      await redis.publish({ type: 'cancel', phoneNumberId, id });
      await new Promise<void>((resolve) => clock.schedule(resolve, checkEveryMs));
    }
  };
  return {
    cancelIn,
    async cancel(idOrKey, from) {
      const named = from === undefined && parts.client.target.phoneNumberId === undefined ? undefined : queues.targetOf(from, 'cancel');
      if (named) {
        const found = await cancelIn(named.phoneNumberId, messageIdOf(named, idOrKey));
        if (found !== 'unknown') return found;
      }
      for (const { phoneNumberId } of from === undefined ? await registry.all() : named ? [named] : []) {
        if (await redis.messages(phoneNumberId).getJob(idOrKey)) return cancelIn(phoneNumberId, idOrKey);
      }
      return 'unknown';
    },
  };
}
