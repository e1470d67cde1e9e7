import { AbortedError, NetworkError } from '../../errors/connection-errors.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { within } from '../../runtime/within.js';
import { createAttempts } from '../attempts/attempts.js';
import { faultOf } from '../attempts/check-send.js';
import { createDispatcher } from './dispatcher.js';
import { askGuards, type GuardDeadline } from '../guard.js';
import { answerOf, createSendNames, resultOf } from '../outbox/job-records.js';
import { contextOf, createJob, extrasOf, type Job, type OnResult, type SubmitOptions } from './job.js';
import { createMessageChecks } from '../attempts/message-checks.js';
import type { Hold, NumberSender, NumberSenderOptions } from './number-port.js';
import { callBack, createOpenMessages, joinCallers, joinTo } from '../settlement/open-messages.js';
import { createPacer } from '../pacing/pacer.js';
import { restrictionGuard } from '../attempts/restriction-guard.js';
import type { RejectedBy, SendResult, SendSettlement } from '../send-result.js';
import { createWaitingMessages } from './waiting-messages.js';

/*
 * The engine of one number: backlog in lanes, pace, pair rate, guards, tries, outcomes. `createSender` opens one for each number that it
 * sends from. A process that has a number by a lock (`createBullSender`) opens one, feeds it, and closes it:
 *
 *   const engine = createNumberSender({ client: client.for({ phoneNumberId }), cap: 20, recordsOf: () => ({ leave, back }), … , listener });
 *   engine.submit(message, { id, key, priority, expiresAt }, (result) => …);     // told once; `id` names the send in its statuses
 *   await engine.drain();
 *   await engine.close((job) => …);                                              // each job that certainly did not go out
 *
 * It knows one number and one process. What is recorded where is the ledger's business, what an event is called the listener's.
 */

/** The most requests under way at once, where the caller does not say: as many as the throughput, within these bounds. */
const leastConcurrency = 8;
const mostConcurrency = 500;

/** How often a message goes out at most whose outcome is unknown each time. */
const mostTriesInDoubt = 6;

const cutOffText = 'The process that sent the message ended before the answer came; it is not sent again, as it might arrive twice.';

const leftText = 'The sender was closed before it sent the message. The message stays in the outbox, and the next process sends it.';
const abandonedText = 'The sender was closed before the outcome of the message could be recorded.';

/** How long closing waits for a store that does not respond, and for requests, which have deadlines of their own. */
const storeDeadlineMs = 5_000;
const lateDeadlineMs = 100;
const maxCloseMs = 60_000;

/** Beyond what the pair rate remembers, a number is kept for this long after its last message. */
const keptMs = 60_000;

/** Opens the sender of one number. */
export function createNumberSender(options: NumberSenderOptions): NumberSender {
  const { client, phoneNumberId, cap, clock, logger, listener, policy } = options;
  const guards = [restrictionGuard(client, policy), ...options.guards];
  const pairRule = { intervalMs: policy.limits.pairIntervalSeconds * 1_000, burst: policy.limits.pairBurst };
  const pacer = createPacer(cap, options.pacing);
  const messages = createOpenMessages(clock, () => listener.idle?.());
  let closed = false;
  const deadline: GuardDeadline = { timeoutMs: options.guardTimeoutMs, onClosed: new Set() };
  const sendOf = createSendNames(phoneNumberId, options.ids);
  /** The records that are being taken back. */
  let releases: Promise<unknown> = Promise.resolve();
  /** After the closing: who takes what was not sent. */
  let takeUnsent: (job: Job) => void = () => undefined;
  /** Messages whose attempt or record is in progress. */
  const active = new Set<Job>();

  const reject = (job: Job, by: RejectedBy, error: WhatsAppError): void => {
    if (job.state !== 'waiting') return;
    const doubt = job.extras?.doubt;
    if (!doubt) {
      finish(job, { outcome: 'rejected', by, error });
      return;
    }
    job.state = 'left';
    void attempts.concludeUnknown(job, doubt);
  };
  const abort = (job: Job, signal: AbortSignal): void => {
    const text = 'The message was taken back by its signal before it was sent.';
    reject(job, 'aborted', new AbortedError(text, 'not-sent', { cause: signal.reason }));
  };
  const expire = (job: Job): void => {
    reject(job, 'expired', new NotSentError('expired'));
  };
  const checks = createMessageChecks(client.validate, (job, fault) => {
    reject(job, 'guard', fault);
  });
  const waiting = createWaitingMessages({
    clock,
    onReady: (job) => {
      dispatcher.add(job);
    },
    onAbort: abort,
    onExpired: expire,
  });

  /** Refuses a message that may not leave (again), for whichever reason holds. */
  const mayLeave = (job: Job): boolean => {
    const { signal, expiresAtMs } = job.extras ?? {};
    if (signal?.aborted) abort(job, signal);
    else if (expiresAtMs !== undefined && expiresAtMs <= clock.now()) expire(job);
    return isWaiting(job) && !closed;
  };
  const hold = (job: Job, { reason, until }: Hold): void => {
    waiting.held.add(job, until.getTime());
    listener.held(job, reason, until);
  };
  /** Whether no guard holds or refuses a message. */
  const passesGuards = async (job: Job): Promise<boolean> => {
    const own = job.extras?.guard;
    try {
      const verdict = await askGuards(own ? [...guards, own] : guards, job.message, contextOf(job, phoneNumberId), clock, deadline);
      if (!verdict) return true;
      if (verdict === 'closed') return false;
      if (verdict.verdict === 'refuse') reject(job, 'guard', verdict.error);
      else if (mayLeave(job)) hold(job, verdict);
    } catch (cause) {
      logger.error('sender.guard_failed', { phoneNumberId, key: job.extras?.key, error: cause });
      reject(job, 'guard', new NotSentError('guard-failed', { cause }));
    }
    return false;
  };
  /** Joins a message to the recovered one with its key, which was found in the outbox meanwhile. */
  const joinRecovered = (job: Job, sendId: string): boolean => {
    const { extras } = job;
    const known = extras?.key === undefined ? undefined : messages.byKey(extras.key);
    if (!known || known === job || known.sendId !== sendId) return false;
    job.state = 'over';
    messages.forget(job);
    job.sendId = sendId;
    waiting.remove(job);
    joinCallers(job, known);
    listener.joined?.(job);
    messages.remove(job);
    messages.ended();
    return true;
  };
  const finish = (job: Job, result: SendResult, replay?: 'replay'): void => {
    if (job.state === 'over') return;
    job.state = 'over';
    waiting.remove(job);
    messages.forget(job);
    const { extras } = job;
    if (extras) {
      extras.forClosing = result.outcome === 'rejected' && result.by === 'closed';
      const isUnsent = result.outcome === 'rejected' && result.by !== 'meta';
      if (extras.record && isUnsent) releases = Promise.all([releases, records.ledger?.release(job)]);
    }
    listener.outcome?.(job, result, replay !== undefined);
    records.ledger?.emitted(job);
    active.delete(job);
    messages.remove(job);
    callBack(job, result);
    messages.ended();
  };
  const settlementOf = (job: Job): Promise<SendSettlement> =>
    options.settlements?.unknown(sendOf(job)).settled ?? Promise.resolve({ outcome: 'unsettled' });
  /** After the deadline of the closing: a message whose store or guard does not respond. */
  const abandon = (job: Job): void => {
    if (isWaiting(job)) handOut(job);
    else if (!isOver(job)) {
      finish(job, { outcome: 'unknown', error: new NetworkError(abandonedText, 'unknown'), settled: settlementOf(job) });
    }
  };
  /** After the closing: hands out a message that was not sent. */
  const handOut = (job: Job): void => {
    takeUnsent(job);
    messages.leave(job);
  };

  const records = options.recordsOf({ target: { ...client.target, phoneNumberId }, sendOf, finish, join: joinRecovered });
  const attempts = createAttempts({
    // The sender's policy decides for its sends.
    client: { ...client, policy },
    instrument: options.instrument,
    records,
    sendOf,
    settlements: options.settlements,
    mayLeave,
    passesGuards,
    checkOf: (job) => checks.pending(job),
    resends: (job) => (job.extras?.onUnknown ?? options.onUnknown) === 'resend' && job.tries < mostTriesInDoubt,
    waits: (job, error) => {
      const refused = listener.refused(job, error);
      if (!refused) return false;
      job.state = 'waiting';
      if (mayLeave(job)) hold(job, refused);
      else if (closed && isWaiting(job)) handOut(job);
      return true;
    },
    finish,
    onSettled: (heard) => {
      listener.settledBefore?.(heard);
    },
  });
  const dispatcher = createDispatcher({
    clock,
    pacer,
    pairRule,
    maxWaitMs: policy.limits.maxServerWaitMs,
    concurrency: options.concurrency ?? Math.min(mostConcurrency, Math.max(leastConcurrency, cap)),
    queueName: ({ message }) => options.people.queueName(phoneNumberId, message),
    identify: ({ message }) => options.people.identify(phoneNumberId, message),
    attempt: async (job, leaves) => {
      active.add(job);
      const end = await attempts.attempt(job, leaves);
      if (isWaiting(job)) active.delete(job);
      if (closed && isWaiting(job) && end.type === 'not-sent') handOut(job);
      return end;
    },
    onAgain: (job, verdict, waitMs) => {
      listener.again(job, verdict, waitMs);
      job.state = 'waiting';
      if (verdict.scope === 'message') extrasOf(job).doubt = verdict.error;
      if (!mayLeave(job) && isWaiting(job)) handOut(job);
    },
  });
  const queue = (job: Job, submitted: SubmitOptions): void => {
    if (submitted.fault) reject(job, 'guard', submitted.fault);
    else checks.check(job);
    if (isOver(job)) return;
    if (closed) reject(job, 'closed', new NotSentError('closed'));
    if (!mayLeave(job)) return;
    records.ledger?.queued(job);
    messages.name(job, submitted.key, options.hasIds ? sendOf(job).id : undefined);
    if (!waiting.add(job, submitted)) dispatcher.add(job);
  };
  /** Makes an open message. */
  const begin = (message: OutgoingMessage, submitted: SubmitOptions, onResult: OnResult): Job => {
    const job = createJob(message, submitted.priority ?? 'normal', onResult, submitted);
    messages.begin();
    listener.queued?.(job);
    return job;
  };

  return {
    phoneNumberId,
    client,
    get open() {
      return messages.count;
    },
    submit(message, submitted, onResult) {
      const { key } = submitted;
      const known = key === undefined ? undefined : messages.byKey(key);
      // A recovered message is in the outbox, so it takes the place of one that is still being written.
      if (known && !submitted.recovered) {
        joinTo(known, onResult, submitted);
        return undefined;
      }
      const job = begin(message, submitted, onResult);
      try {
        queue(job, submitted);
      } catch (error) {
        // Whatever a message of a caller without types throws, as from a getter: it must not stay open for ever.
        reject(job, 'guard', faultOf('send', error));
      }
      return job;
    },
    find: (key) => messages.byKey(key),
    findById: (id) => messages.byId(id),
    cancel(job) {
      if (!isWaiting(job)) return false;
      const isInDoubt = job.extras?.doubt !== undefined;
      reject(job, 'cancelled', new NotSentError('cancelled'));
      return !isInDoubt;
    },
    abort,
    reject,
    async cutOff(message, submitted, messageId) {
      const job = begin(message, submitted, () => undefined);
      job.state = 'left';
      job.tries = 1;
      extrasOf(job).record = 'sending';
      if (messageId === undefined) await attempts.concludeUnknown(job, new NetworkError(cutOffText, 'unknown'));
      else {
        const response = answerOf(message, messageId);
        await records.ledger?.accepted(job, response);
        finish(job, { outcome: 'accepted', messageId, response });
      }
    },
    replay(message, submitted, { recorded, tries }) {
      const job = begin(message, submitted, () => undefined);
      job.tries = tries;
      const extras = extrasOf(job);
      extras.record = undefined;
      extras.ended = true;
      extras.replayed = true;
      finish(
        job,
        resultOf(recorded, message, () => settlementOf(job)),
      );
    },
    join: (from, to) => {
      dispatcher.join(from, to);
    },
    ready: (rank) => dispatcher.ready(rank),
    whenReadyBelow: (rank, limit, onBelow) => {
      dispatcher.whenReadyBelow(rank, limit, onBelow);
    },
    changeCap: (next) => {
      pacer.changeCap(next);
    },
    charge: () => {
      pacer.charge(clock.monotonic());
    },
    askAgain: (which) => {
      waiting.held.release(which);
    },
    pause: () => {
      dispatcher.pause();
    },
    resume: () => {
      dispatcher.resume();
    },
    drain: () => messages.drain(),
    async close(unsent) {
      closed = true;
      for (const stopAsking of deadline.onClosed) stopAsking();
      takeUnsent = unsent;
      for (const job of [...dispatcher.close(), ...waiting.clear()]) if (isWaiting(job)) handOut(job);
      const ended = messages.settled();
      // A request has a deadline of its own.
      for (let waitedMs = 0; waitedMs < maxCloseMs && (await within(clock, storeDeadlineMs, () => ended)).type === 'late';) {
        waitedMs += storeDeadlineMs;
        if (attempts.requests === 0) break;
      }
      const isLate = !messages.isSettled;
      for (const job of [...active]) abandon(job);
      waiting.close();
      const settled = await within(clock, isLate ? lateDeadlineMs : storeDeadlineMs, async () => {
        await releases;
        records.ledger?.close();
        await records.ledger?.settled();
      });
      if (settled.type === 'late') logger.warn('sender.close_incomplete', { phoneNumberId });
    },
    leaveInStore(job) {
      if (!isWaiting(job)) return;
      job.state = 'over';
      const extras = extrasOf(job);
      extras.isLeftInStore = true;
      const { onDurable, onUnqueued, joined } = extras;
      // Whoever enqueued it knows that it is durable.
      if ((onDurable ?? onUnqueued) && !joined) return;
      callBack(job, { outcome: 'unknown', error: new NetworkError(leftText, 'unknown'), settled: settlementOf(job) });
    },
    activity: () => ({
      queued: Math.max(0, messages.count - dispatcher.inFlight),
      held: waiting.held.size,
      inFlight: dispatcher.inFlight,
      waitingRecipients: dispatcher.waitingRecipients,
      ceiling: pacer.ceiling,
    }),
    forgettable: () => messages.count === 0 && clock.monotonic() - messages.lastAtMs > keptMs + pairRule.burst * pairRule.intervalMs,
  };
}

function isOver({ state }: Job): boolean {
  return state === 'over';
}

function isWaiting({ state }: Job): boolean {
  return state === 'waiting';
}
