import { NotSentError } from '../../errors/not-sent-error.js';
import { defined, type JsonObject } from '../../runtime/json.js';
import type { Leave } from '../outbox/job-records.js';
import type { Job } from '../queue/job.js';
import type { JobOutcome, NumberSession, NumberSessionOptions, SessionEnd } from './session-port.js';
import {
  anyStalls,
  lockMs,
  messageCheckMs,
  messagesQueue,
  UnrecoverableError,
  Worker,
  type MessageData,
  type MessageJob,
  type Progress,
} from './queues.js';
import { failedReasonOf, recordOf, resultOf, unknownErrorOf } from './result-record.js';

/** A message that this session has taken. */
interface Taken {
  readonly job: MessageJob;
  readonly token: string;
  /** Whether its job says that it may have left. */
  marked: boolean;
  /** Whether this session is taking its job out of its hands, which ends the lock: that is no loss. */
  parting: boolean;
  /** Whether it is sent again although it may have been accepted: it stays marked. */
  inDoubt: boolean;
  /** What the engine knows it by, once it is there. */
  engineJob: Job | undefined;
}

/** A message is held for a day at most, and then the guards are asked again: BullMQ knows no delay of years. */
const maxHoldMs = 86_400_000;

/** So long after its last message a number is kept: the next owner begins with an empty window, and Meta's is a second. */
const restMs = 1_300;

/** How often the end is looked for, and a queue that cannot be read is read again. */
const lookEveryMs = 200;

/** How often locks are renewed: two may come late before one is lost. */
const renewEveryMs = lockMs / 3;

/**
 * Opens the queue of a number, drains it through the engine of one number, and closes it. Messages are fetched, and their outcomes told to
 * BullMQ, by hand: its own loop forgets a job whose outcome it could not record, and here each has to be accounted for.
 */
export function openNumberSession(options: NumberSessionOptions): NumberSession {
  const { phoneNumberId, queue, clock, logger } = options;
  const taken = new Map<string, Taken>();
  const byJob = new WeakMap<Job, Taken>();
  /** Messages of a dead process, until all of them are there and can go first, in their order. */
  const orphans = new Set<string>();
  const early: Taken[] = [];
  const wakes = new Set<() => void>();
  let why: Exclude<SessionEnd, 'drained'> | undefined;
  let ending = false;
  let fetches = 0;
  let lastAtMs = -Infinity;

  const isEnding = (): boolean => ending;
  const wakeAll = (): void => {
    for (const wake of [...wakes]) wake();
  };
  const stop = (reason: Exclude<SessionEnd, 'drained'>): void => {
    why ??= reason;
    wakeAll();
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        wakes.delete(wake);
        cancel();
        resolve();
      };
      const cancel = clock.schedule(wake, ms);
      wakes.add(wake);
    });
  const engine = options.openEngine(
    {
      again(engineJob, verdict, waitMs) {
        const entry = byJob.get(engineJob);
        if (!entry) return;
        if (verdict.scope === 'message') entry.inDoubt = true;
        options.onAgain(entry.job, engineJob.tries, verdict, waitMs);
      },
      refused: ({ message }, error) => options.refused(message, error),
      held(engineJob, _reason, until) {
        const entry = byJob.get(engineJob);
        if (entry) void setAside(entry, engineJob, until);
      },
    },
    {
      leave: (engineJob) => recordLeaving(engineJob),
      back(engineJob) {
        const entry = byJob.get(engineJob);
        if (!entry) return;
        unmark(entry).catch((error: unknown) => {
          logger.error('a message that waits again could not be marked', { phoneNumberId, error });
        });
      },
    },
  );
  const worker = new Worker<MessageData, JsonObject>(messagesQueue(phoneNumberId), null, {
    connection: options.connection,
    prefix: options.prefix,
    autorun: false,
    lockDuration: lockMs,
    stalledInterval: messageCheckMs,
    maxStalledCount: anyStalls,
  });
  worker.on('error', (error) => {
    logger.warn('the queue of a number reports an error', { phoneNumberId, error });
  });

  /** It is this session's no more: it has its outcome, or is in the queue for whoever takes it next. */
  const leave = (entry: Taken): void => {
    const { id = '' } = entry.job;
    if (taken.get(id) === entry) taken.delete(id);
  };
  /** A message that certainly did not go out, or that Meta certainly refused, may be sent by whoever takes it over. */
  const unmark = async (entry: Taken): Promise<void> => {
    if (!entry.marked || entry.inDoubt) return;
    entry.marked = false;
    // Another process may have it by now, and may have marked it itself.
    if (await isOwn(entry)) await setProgress(entry.job, 'waiting');
  };
  /** Tells BullMQ the outcome of a message, and then the listener. */
  const conclude = async (entry: Taken, tries: number, outcome: JobOutcome): Promise<void> => {
    const { job, token } = entry;
    entry.parting = true;
    try {
      if (outcome.outcome === 'unknown') await job.moveToFailed(new UnrecoverableError(failedReasonOf(outcome.error)), token, false);
      else await job.moveToCompleted(recordOf(outcome), token, false);
    } catch (error) {
      // The answer of Redis may have been lost, and the outcome be on record. Otherwise the lock was lost: whoever has the message tells that it is unknown.
      if (!(await isRecorded(job, outcome))) {
        logger.warn('the outcome of a message could not be recorded, as its lock was lost', { phoneNumberId, error });
        if (outcome.outcome === 'accepted') options.onLate(job, outcome.messageId);
        return;
      }
    } finally {
      leave(entry);
    }
    options.onOutcome(job, tries, outcome);
  };
  const isRecorded = async ({ id = '' }: MessageJob, outcome: JobOutcome): Promise<boolean> => {
    const job = await queue.getJob(id);
    if (job?.finishedOn === undefined) return false;
    return outcome.outcome === 'unknown'
      ? job.failedReason === failedReasonOf(outcome.error)
      : resultOf(job.returnvalue)?.outcome === outcome.outcome;
  };
  /** Ends a message in the engine that BullMQ keeps. */
  const keptInQueue = new NotSentError('not-recorded');
  /** Records just before a message leaves that it does, and whether it is still this process's. */
  const recordLeaving = async (engineJob: Job): Promise<Leave> => {
    const entry = byJob.get(engineJob);
    try {
      // One that was lost while Redis was away stays unmarked; one that was marked is this process's still after that.
      if (entry && (await isOwn(entry))) {
        entry.marked = true;
        await setProgress(entry.job, 'left');
        if (await isOwn(entry)) return 'may-leave';
      }
    } catch (error) {
      logger.warn('a message could not be recorded before it leaves, and stays in the queue', { phoneNumberId, error });
    }
    if (entry) leave(entry);
    // Messages after it may have come before it by now: all begin afresh, in their order.
    stop('disconnected');
    engine.reject(engineJob, 'guard', keptInQueue);
    return 'may-not';
  };
  /** BullMQ keeps what a guard holds, so that it takes no place here. */
  const holdUntil = async (entry: Taken, until: Date): Promise<void> => {
    const heldUntilMs = Math.min(until.getTime(), clock.now() + maxHoldMs);
    await entry.job.updateData({ ...entry.job.data, heldUntilMs });
    entry.parting = true;
    await entry.job.moveToDelayed(heldUntilMs, entry.token);
    leave(entry);
  };
  /** Holds a message that Meta refused for now. */
  const setAside = async (entry: Taken, engineJob: Job, until: Date): Promise<void> => {
    try {
      await unmark(entry);
      await holdUntil(entry, until);
    } catch (error) {
      logger.warn('sender.message_not_held', { phoneNumberId, error });
      leave(entry);
      stop('disconnected');
    }
    engine.reject(engineJob, 'guard', keptInQueue);
  };
  const submit = (entry: Taken): void => {
    const { message, priority, key, expiresAtMs, campaignId, category, onUnknown } = entry.job.data;
    const { id = '' } = entry.job;
    const doubt = entry.inDoubt ? unknownErrorOf(endedText) : undefined;
    const expiresAt = expiresAtMs === undefined ? undefined : new Date(expiresAtMs);
    const engineJob = engine.submit(
      message,
      { id, priority, ...defined({ key, campaignId, category, onUnknown, doubt, expiresAt }) },
      (result, { tries }) => {
        lastAtMs = clock.monotonic();
        if (taken.get(id) === entry) {
          conclude(entry, tries, result).catch((error: unknown) => {
            logger.error('the outcome of a message could not be recorded', { phoneNumberId, error });
          });
        } else if (result.outcome === 'accepted') {
          // It was lost while its request was under way, and came back to this very session.
          options.onLate(entry.job, result.messageId);
        }
      },
    );
    if (!engineJob) return;
    byJob.set(engineJob, entry);
    entry.engineJob = engineJob;
  };
  const submitEarly = (): void => {
    orphans.clear();
    for (const each of early.splice(0).sort((one, other) => inOrder(one.job, other.job))) submit(each);
  };
  /** Orphans are at the front of the queue, so with the first other message all of them have come. */
  const arrived = (id: string, entry?: Taken): void => {
    if (entry) early.push(entry);
    if (!orphans.delete(id) || orphans.size === 0) submitEarly();
  };
  const take = async (job: MessageJob, token: string): Promise<void> => {
    const { id = '' } = job;
    const marked = job.progress === ('left' satisfies Progress);
    const inDoubt = marked && job.data.onUnknown === 'resend';
    const entry: Taken = { job, token, marked, parting: false, inDoubt, engineJob: undefined };
    taken.set(id, entry);
    const { notBeforeMs = 0 } = job.data;
    if (marked && !inDoubt) {
      // Its process died, or lost the number, when it may have gone out.
      if (!ending) arrived(id);
      await conclude(entry, 0, { outcome: 'unknown', error: unknownErrorOf(endedText) });
    } else if (ending) await putBack([entry]);
    // BullMQ delays for a limited time, and clocks of machines differ.
    else if (notBeforeMs > clock.now()) await holdUntil(entry, new Date(notBeforeMs));
    else arrived(id, entry);
  };
  const nothingWaits = async (): Promise<boolean> => {
    const counts = await queue.getJobCounts('wait', 'prioritized');
    return Object.values(counts).every((count) => count === 0);
  };
  /** Takes messages until the end. */
  const fetchAll = async (): Promise<void> => {
    for (let count = 0; !isEnding(); count += 1) {
      while (!isEnding() && taken.size >= options.ahead) await pause(lookEveryMs);
      const token = `${worker.id}:${String(count)}`;
      try {
        // BullMQ's types leave out that there may be none.
        const job = (await worker.getNextJob(token)) as MessageJob | undefined;
        fetches += 1;
        if (job) await take(job, token);
        // An orphan that does not come has been taken elsewhere: with an empty queue there is none to wait for.
        else if (early.length > 0 && (await nothingWaits()) && !isEnding()) submitEarly();
      } catch (error) {
        logger.warn('the queue of a number cannot be read', { phoneNumberId, error });
        if (!isEnding()) await pause(lookEveryMs);
      }
    }
  };
  const renewAll = async (): Promise<void> => {
    while (!isEnding() || taken.size > 0) {
      await pause(renewEveryMs);
      try {
        if (!(await options.keepNumber())) stop('lost');
        if (await options.isPaused()) stop('paused');
        const entries = [...taken.entries()];
        if (entries.length === 0) continue;
        const lost = await worker.extendJobLocks(
          entries.map(([id]) => id),
          entries.map(([, { token }]) => token),
          lockMs,
        );
        // Of some the outcome was being recorded meanwhile.
        if (entries.some(([id, entry]) => lost.includes(id) && !entry.parting && taken.get(id) === entry)) stop('disconnected');
      } catch (error) {
        logger.warn('the locks of a number could not be renewed', { phoneNumberId, error });
      }
    }
  };

  /** Waits until nothing is active that this session has not taken: messages of a process that died keep their lock for a while. */
  const takeOver = async (): Promise<void> => {
    await worker.startStalledCheckTimer();
    while (!why && (await queue.getActiveCount()) > 0) await pause(lookEveryMs);
  };
  /** BullMQ puts what comes back to the front, in no order. */
  const findOrphans = async (): Promise<void> => {
    for (const { id, attemptsStarted } of await queue.getJobs(['wait'], 0, 2 * options.ahead, true)) {
      if (id !== undefined && attemptsStarted > 0) orphans.add(id);
    }
  };
  const isDrained = async (): Promise<boolean> => {
    if (taken.size > 0 || fetches === 0 || clock.monotonic() - lastAtMs < restMs) return false;
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active');
    return Object.values(counts).every((count) => count === 0) && taken.size === 0;
  };
  /** What has not left goes back to the front, the last first; what was lost comes back by itself, and must keep its place there. */
  const putBack = async (unsent: readonly Taken[]): Promise<void> => {
    const lastFirst = [...unsent].sort((one, other) => inOrder(other.job, one.job));
    await Promise.all(
      lastFirst.map(async (entry) => {
        try {
          await unmark(entry);
          entry.parting = true;
          if (await isOwn(entry)) {
            // Among those of one priority BullMQ would not keep the order.
            await entry.job.changePriority({ priority: 0 });
            await entry.job.moveToWait(entry.token);
          }
        } catch (error) {
          logger.debug('a message could not be put back, and comes back when its lock is over', { phoneNumberId, error });
        }
        leave(entry);
      }),
    );
  };
  const endOf = (): SessionEnd => why ?? 'drained';
  const run = async (): Promise<SessionEnd> => {
    void renewAll();
    try {
      await takeOver();
      await findOrphans();
      if (endOf() === 'drained') {
        void fetchAll();
        while (!why && !(await isDrained())) await pause(lookEveryMs);
      }
    } catch (error) {
      logger.error('a number cannot be sent from', { phoneNumberId, error });
      stop('disconnected');
    }
    ending = true;
    const unsent: Taken[] = [];
    const closing = engine.close((engineJob) => {
      const entry = byJob.get(engineJob);
      if (entry) unsent.push(entry);
    });
    await closing;
    unsent.push(...early.splice(0));
    await putBack(unsent);
    // What had left is told to BullMQ first, however long Redis is away.
    while (taken.size > 0) await pause(lookEveryMs);
    // An orderly close would wait for ever for a connection that is being made. What is fetched at this moment goes back, or comes back when its lock is over.
    await worker.close(true);
    // The next owner begins with an empty window.
    const sinceMs = clock.monotonic() - lastAtMs;
    wakeAll();
    if (sinceMs < restMs) await pause(restMs - sinceMs);
    return endOf();
  };
  return {
    phoneNumberId,
    ended: run(),
    stop,
    client: engine.client,
    activity: () => engine.activity(),
    charge: () => {
      engine.charge();
    },
    changeCap: (cap) => {
      engine.changeCap(cap);
    },
    cancel(id) {
      const job = taken.get(id)?.engineJob;
      if (job) engine.cancel(job);
    },
    join: (from, to) => {
      engine.join(from, to);
    },
  };
}

const endedText = 'The process that sent the message ended before its outcome was known.';

/** Messages of one process in the order in which they came; those of others by the clock. */
function inOrder(
  one: { readonly timestamp: number; readonly data: MessageData },
  other: { readonly timestamp: number; readonly data: MessageData },
): number {
  return one.timestamp - other.timestamp || one.data.place - other.data.place;
}

function setProgress(job: MessageJob, progress: Progress): Promise<void> {
  return job.updateProgress(progress);
}

/** Whether this process still has a message: no other can take it for the time of a lock then. */
async function isOwn({ job, token }: Taken): Promise<boolean> {
  return (await job.extendLock(token, lockMs)) === 1;
}
