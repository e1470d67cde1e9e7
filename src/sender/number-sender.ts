import type { Client } from '../client/client.js';
import { AbortedError, NetworkError } from '../errors/connection-errors.js';
import { NotSentError } from '../errors/not-sent-error.js';
import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import { within } from '../runtime/within.js';
import { createAbortSignals } from './abort-signals.js';
import { createAttempts, type HeardBefore } from './attempts.js';
import { createDeadlines } from './deadlines.js';
import { createDispatcher } from './dispatcher.js';
import { faultOf } from './check-send.js';
import { askGuards, type GuardDeadline, type SendGuard } from './guard.js';
import { createHeld } from './held.js';
import { answerOf, createJobRecords, resultOf } from './job-records.js';
import { contextOf, createJob, extrasOf, type Job, type JobExtras, type OnResult, type OnUnknown, type SubmitOptions } from './job.js';
import type { Rank } from './lanes.js';
import { createMessageChecks } from './message-checks.js';
import type { AgainVerdict } from './outcome.js';
import type { Ledger } from './outbox/ledger.js';
import type { EndedSend } from './outbox/queue-entry.js';
import type { Outbox } from './outbox/outbox.js';
import { createPacer, type SendPacing } from './pacer.js';
import { restrictionGuard } from './restriction-guard.js';
import type { SenderPeople } from './people.js';
import type { SendIds } from './send-ids.js';
import type { RejectedBy, SendResult } from './send-result.js';
import type { Settlements } from './settlements.js';

/*
 * The engine of one number: backlog in lanes, pace, pair rate, guards, tries, outcomes. `createSender` opens one for each number that it
 * sends from; whoever holds a number by a lock of its own (the BullMQ entry) opens one, feeds it, drains it and closes it:
 *
 *   const engine = createNumberSender({ client: client.for({ phoneNumberId }), cap: 20, ledger, settlements, … , listener });
 *   engine.submit(message, { id, key, priority, expiresAt }, (result) => …);     // told once; `id` names the send in its statuses
 *   await engine.drain();
 *   await engine.close((job) => …);                                              // each job that certainly did not go out
 *
 * It knows one number and one process. What is recorded where is the ledger's business, what an event is called the listener's.
 */

/** What a number's sender works with. */
export interface NumberSenderOptions {
  /** The client of the number. */
  readonly client: Client;
  readonly phoneNumberId: string;
  /** Messages a second that Meta lets through. */
  readonly cap: number;
  readonly pacing: SendPacing;
  /** The most requests under way at once. @defaultValue the cap, but at least 8 and at most 500 */
  readonly concurrency: number | undefined;
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrument: Instrument;
  readonly ledger: Ledger;
  /** Where queued messages are kept. @defaultValue a message is recorded when it leaves, and its key taken then */
  readonly outbox: Outbox | undefined;
  /** Whether sends without a key are recorded, too. */
  readonly recordsAll: boolean;
  /** Makes the ids of sends. */
  readonly ids: SendIds;
  readonly settlements: Settlements;
  readonly people: SenderPeople;
  /** How long an unknown send waits for a status before that is reported. */
  readonly unsettledAfterMs: number;
  /** What becomes of messages with an unknown outcome that do not say it themselves. */
  readonly onUnknown: OnUnknown;
  /** Asked of every message, before the message's own guard. */
  readonly guards: readonly SendGuard[];
  /** How long a guard may take to decide. Without a limit guards are waited for, even by `close`: they watch themselves. */
  readonly guardTimeoutMs: number | undefined;
  readonly listener: NumberListener;
}

/** Is told what happens. None of its functions may throw. */
export interface NumberListener {
  /** A message was queued. */
  queued(job: Job): void;
  /** A message has no outcome of its own: another one with its key was queued before. */
  joined(job: Job): void;
  /** A message has its outcome; a `replay` was on record already. */
  outcome(job: Job, result: SendResult, replay: boolean): void;
  /** A message will go out again. */
  again(job: Job, verdict: AgainVerdict, waitMs: number): void;
  /**
   * Meta refused a message. It is held where an answer is given, as one whose template is paused, and has its outcome otherwise.
   */
  refused(job: Job, error: WhatsAppError): Hold | undefined;
  /** A guard holds a message. */
  held(job: Job, reason: string, until: Date): void;
  /** An unknown send was settled by what had been heard before it was known to be one. */
  settledBefore(heard: HeardBefore): void;
  /** The last open message has its outcome. */
  idle(): void;
}

/** Why a message is held, and until when. */
export interface Hold {
  readonly reason: string;
  readonly until: Date;
}

/** What a number's sender is doing. */
export interface NumberActivity {
  /** Messages that wait, those that a guard holds included. */
  readonly queued: number;
  readonly held: number;
  readonly inFlight: number;
  readonly waitingRecipients: number;
  readonly ceiling: number;
}

/** Sends the messages of one number from this process. */
export interface NumberSender {
  readonly phoneNumberId: string;
  readonly client: Client;
  /** Messages without an outcome. */
  readonly open: number;
  /** Queues a message. Answers its job; nothing where one with the same key is open, whose outcome `onResult` is then told, too. */
  submit(message: OutgoingMessage, options: SubmitOptions, onResult: OnResult): Job | undefined;
  /** The open message with a key. */
  find(key: string): Job | undefined;
  /** Takes a message back for its signal, if it still waits. */
  abort(job: Job, signal: AbortSignal): void;
  /** Refuses a message that still waits. */
  reject(job: Job, by: RejectedBy, error: WhatsAppError): void;
  /** Gives a message that another process sent, and died, its outcome: it is unknown, or what a status has told of it. */
  cutOff(message: OutgoingMessage, options: SubmitOptions, messageId: string | undefined): Promise<void>;
  /** Emits an outcome that another process recorded, and may not have emitted. */
  replay(message: OutgoingMessage, options: SubmitOptions, ended: EndedSend): void;
  /** Two queues belong to one person: joins the first to the second. */
  join(from: string, to: string): void;
  /** Recipients with a message that could leave now and is at least as urgent as `rank`. */
  ready(rank: Rank): number;
  /** Calls back once {@link ready} is below a limit. */
  whenReadyBelow(rank: Rank, limit: number, onBelow: () => void): void;
  /** Meta lets more or less through from now on. */
  changeCap(cap: number): void;
  /** A message that somebody else sent or received with the number counts towards its throughput. */
  charge(): void;
  /** Asks the guards again of messages that they hold. */
  askAgain(which: (job: Job) => boolean): void;
  pause(): void;
  resume(): void;
  /** Resolves when no message is without an outcome. */
  drain(): Promise<void>;
  /**
   * Takes and starts nothing more, and hands each message that still waits to `unsent`: it certainly did not go out, and has no outcome
   * unless {@link reject} gives it one. Resolves when what is under way has come to its end, or after a deadline if the store does not respond.
   */
  close(unsent: (job: Job) => void): Promise<void>;
  /** After the closing: leaves a message in the outbox to the next process, which its callers learn as an unknown outcome. */
  leaveInStore(job: Job): void;
  activity(): NumberActivity;
  /** Whether it could be forgotten: no message is open, and nothing is known that would be missed. */
  forgettable(): boolean;
}

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
  const byKey = new Map<string, Job>();
  const drains: (() => void)[] = [];
  let open = 0;
  let closed = false;
  const { guardTimeoutMs } = options;
  const deadline: GuardDeadline | undefined = guardTimeoutMs === undefined ? undefined : { timeoutMs: guardTimeoutMs, onClosed: new Set() };
  let lastAtMs = clock.monotonic();
  /** The records that are being taken back. */
  let releases: Promise<unknown> = Promise.resolve();
  /** After the closing: who takes what was not sent, and those of them that have no outcome. */
  let takeUnsent: (job: Job) => void = () => undefined;
  const kept = new Set<Job>();
  /** Messages whose attempt or record is in progress. */
  const active = new Set<Job>();
  let onEnded = (): void => undefined;

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
  const signals = createAbortSignals<Job>(abort);
  const deadlines = createDeadlines<JobExtras>(clock, (due) => {
    for (const { job } of due) expire(job);
  });
  const held = createHeld(clock, (job) => {
    dispatcher.add(job);
  });

  /** Refuses a message that may not leave (again), for whichever reason holds. */
  const mayLeave = (job: Job): boolean => {
    const { signal, expiresAtMs } = job.extras ?? {};
    if (signal?.aborted) abort(job, signal);
    else if (expiresAtMs !== undefined && expiresAtMs <= clock.now()) expire(job);
    return isWaiting(job) && !closed;
  };
  const hold = (job: Job, { reason, until }: Hold): void => {
    held.add(job, until.getTime());
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
  /** The key may belong to another job by now: one that was recovered from the outbox. */
  const forgetKey = (job: Job, { key }: JobExtras): void => {
    if (key !== undefined && byKey.get(key) === job) byKey.delete(key);
  };
  /** Adds the caller of a message to those of the open one with its key. */
  const joinTo = (known: Job, onResult: OnResult, { durable, onDurable }: SubmitOptions): void => {
    const extras = extrasOf(known);
    (extras.joined ??= []).push(onResult);
    extras.durable ||= durable === true;
    if (!onDurable) return;
    if (extras.record === undefined) (extras.onDurable ??= []).push(onDurable);
    else onDurable(known);
  };
  /** Joins a message to the recovered one with its key, which was found in the outbox meanwhile. */
  const joinRecovered = (job: Job, sendId: string): boolean => {
    const { extras } = job;
    const known = extras?.key === undefined ? undefined : byKey.get(extras.key);
    if (!extras || !known || known === job || known.sendId !== sendId) return false;
    job.state = 'over';
    job.sendId = sendId;
    deadlines.remove(extras);
    if (extras.signal) signals.remove(extras.signal, job);
    const callers = [job.onResult, ...(extras.joined ?? [])];
    for (const onResult of callers)
      joinTo(
        known,
        (result) => {
          onResult(result, job);
        },
        { durable: extras.durable },
      );
    for (const onDurable of extras.onDurable?.splice(0) ?? []) onDurable(job);
    listener.joined(job);
    kept.delete(job);
    open -= 1;
    afterEnd();
    return true;
  };
  /** Does what is due once fewer messages are open. */
  const afterEnd = (): void => {
    lastAtMs = clock.monotonic();
    if (open <= kept.size) onEnded();
    if (open > 0) return;
    listener.idle();
    for (const resolve of drains.splice(0)) resolve();
  };
  const finish = (job: Job, result: SendResult, replay?: 'replay'): void => {
    if (job.state === 'over') return;
    job.state = 'over';
    held.remove(job);
    const { extras } = job;
    if (extras) {
      deadlines.remove(extras);
      if (extras.signal) signals.remove(extras.signal, job);
      forgetKey(job, extras);
      extras.forClosing = result.outcome === 'rejected' && result.by === 'closed';
      if (extras.record && result.outcome === 'rejected' && result.by !== 'meta') releases = Promise.all([releases, records.release(job)]);
    }
    listener.outcome(job, result, replay !== undefined);
    records.emitted(job);
    active.delete(job);
    kept.delete(job);
    open -= 1;
    callBack(job, result);
    afterEnd();
  };
  const callBack = (job: Job, result: SendResult): void => {
    job.onResult(result, job);
    for (const onResult of job.extras?.joined ?? []) onResult(result, job);
  };
  /** After the deadline of the closing: a message whose store or guard does not respond. */
  const abandon = (job: Job): void => {
    if (isWaiting(job)) handOut(job);
    else if (!isOver(job)) {
      const { settled } = options.settlements.unknown(records.sendOf(job));
      finish(job, { outcome: 'unknown', error: new NetworkError(abandonedText, 'unknown'), settled });
    }
  };
  /** After the closing: hands out a message that was not sent. */
  const handOut = (job: Job): void => {
    takeUnsent(job);
    if (!isOver(job)) kept.add(job);
    if (open <= kept.size) onEnded();
  };

  const records = createJobRecords({
    ledger: options.ledger,
    outbox: options.outbox,
    recordsAll: options.recordsAll,
    ids: options.ids,
    from: { ...client.target, phoneNumberId },
    settlements: options.settlements,
    unsettledAfterMs: options.unsettledAfterMs,
    clock,
    logger,
    finish,
    join: joinRecovered,
  });
  const attempts = createAttempts({
    // The sender's policy decides for its sends.
    client: { ...client, policy },
    instrument: options.instrument,
    records,
    settlements: options.settlements,
    mayLeave,
    passesGuards,
    checkOf: (job) => checks.pending(job),
    resends: (job) => (job.extras?.onUnknown ?? options.onUnknown) === 'resend' && job.tries < mostTriesInDoubt,
    waits: (job, error) => {
      const waiting = listener.refused(job, error);
      if (!waiting) return false;
      job.state = 'waiting';
      if (mayLeave(job)) hold(job, waiting);
      else if (closed && isWaiting(job)) handOut(job);
      return true;
    },
    finish,
    onSettled: (heard) => {
      listener.settledBefore(heard);
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
  const queue = (job: Job, { key, expiresAt, signal, fault }: SubmitOptions): void => {
    if (fault) reject(job, 'guard', fault);
    else checks.check(job);
    if (isOver(job)) return;
    if (closed) reject(job, 'closed', new NotSentError('closed'));
    if (!mayLeave(job)) return;
    records.queued(job);
    if (key !== undefined) byKey.set(key, job);
    if (signal) signals.add(signal, job);
    if (expiresAt) deadlines.add(extrasOf(job), expiresAt.getTime());
    dispatcher.add(job);
  };
  const drain = async (): Promise<void> => {
    if (open > 0) {
      await new Promise<void>((resolve) => {
        drains.push(resolve);
      });
    }
  };

  return {
    phoneNumberId,
    client,
    get open() {
      return open;
    },
    submit(message, submitted, onResult) {
      const { key } = submitted;
      const known = key === undefined ? undefined : byKey.get(key);
      // A recovered message is in the outbox, so it takes the place of one that is still being written.
      if (known && !submitted.recovered) {
        joinTo(known, onResult, submitted);
        return undefined;
      }
      const job = createJob(message, submitted.priority ?? 'normal', onResult, submitted);
      open += 1;
      listener.queued(job);
      try {
        queue(job, submitted);
      } catch (error) {
        // Whatever a message of a caller without types throws, as from a getter: it must not stay open for ever.
        reject(job, 'guard', faultOf('send', error));
      }
      return job;
    },
    find: (key) => byKey.get(key),
    abort,
    reject,
    async cutOff(message, submitted, messageId) {
      open += 1;
      const job = createJob(message, submitted.priority ?? 'normal', () => undefined, submitted);
      listener.queued(job);
      job.state = 'left';
      job.tries = 1;
      extrasOf(job).record = 'sending';
      if (messageId === undefined) await attempts.concludeUnknown(job, new NetworkError(cutOffText, 'unknown'));
      else {
        const response = answerOf(message, messageId);
        await records.accepted(job, response);
        finish(job, { outcome: 'accepted', messageId, response });
      }
    },
    replay(message, submitted, { recorded, tries }) {
      open += 1;
      const job = createJob(message, submitted.priority ?? 'normal', () => undefined, submitted);
      listener.queued(job);
      job.tries = tries;
      const extras = extrasOf(job);
      extras.record = undefined;
      extras.ended = true;
      extras.replayed = true;
      finish(job, resultOf(recorded, message, records.sendOf(job), options.settlements));
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
      held.release(which);
    },
    pause: () => {
      dispatcher.pause();
    },
    resume: () => {
      dispatcher.resume();
    },
    drain,
    async close(unsent) {
      closed = true;
      for (const stopAsking of deadline?.onClosed ?? []) stopAsking();
      takeUnsent = unsent;
      for (const job of [...dispatcher.close(), ...held.clear()]) if (isWaiting(job)) handOut(job);
      const ended = new Promise<void>((resolve) => {
        onEnded = resolve;
        if (open <= kept.size) resolve();
      });
      // A request has a deadline of its own.
      for (let waitedMs = 0; waitedMs < maxCloseMs && (await within(clock, storeDeadlineMs, () => ended)).type === 'late';) {
        waitedMs += storeDeadlineMs;
        if (attempts.requests === 0) break;
      }
      const isLate = open > kept.size;
      for (const job of [...active]) abandon(job);
      deadlines.close();
      const settled = await within(clock, isLate ? lateDeadlineMs : storeDeadlineMs, async () => {
        await releases;
        records.close();
        await records.settled();
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
      const { settled } = options.settlements.unknown(records.sendOf(job));
      callBack(job, { outcome: 'unknown', error: new NetworkError(leftText, 'unknown'), settled });
    },
    activity: () => ({
      queued: Math.max(0, open - dispatcher.inFlight),
      held: held.size,
      inFlight: dispatcher.inFlight,
      waitingRecipients: dispatcher.waitingRecipients,
      ceiling: pacer.ceiling,
    }),
    forgettable: () => open === 0 && clock.monotonic() - lastAtMs > keptMs + pairRule.burst * pairRule.intervalMs,
  };
}

function isOver({ state }: Job): boolean {
  return state === 'over';
}

function isWaiting({ state }: Job): boolean {
  return state === 'waiting';
}
