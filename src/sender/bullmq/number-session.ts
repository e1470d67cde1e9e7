import type { Redis } from 'ioredis';
import type { Clock } from '../../runtime/clock.js';
import { defined, type JsonObject } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { askGuards, type GuardVerdict, type SendGuard } from '../guard.js';
import type { Job } from '../job.js';
import type { AgainVerdict } from '../outcome.js';
import type { NumberListener, NumberSender } from '../number-sender.js';
import type { SendResult } from '../send-result.js';
import {
  anyStalls,
  lockMs,
  messageCheckMs,
  DelayedError,
  messagesQueue,
  UnrecoverableError,
  WaitingError,
  Worker,
  type MessageData,
  type MessageJob,
  type MessageQueue,
  type Progress,
} from './queues.js';
import { recordOf, unknownErrorOf } from './result-record.js';

/** Why a session ended. */
export type SessionEnd = 'drained' | 'closing' | 'lost' | 'disconnected';

/** What a session works with. */
export interface NumberSessionOptions {
  readonly phoneNumberId: string;
  readonly queue: MessageQueue;
  readonly connection: Redis;
  readonly prefix: string;
  /** How many messages are taken from the queue ahead of their turn, so that recipients can overtake each other. */
  readonly ahead: number;
  readonly guards: readonly SendGuard[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens the engine of the number. */
  readonly openEngine: (listener: NumberListener) => NumberSender;
  /** A message has its outcome, which BullMQ holds already. */
  readonly onOutcome: (job: MessageJob, tries: number, outcome: JobOutcome) => void;
  /** A guard holds a message until then; the number has to be woken for it. */
  readonly onHeld: (until: Date) => void;
  readonly onAgain: (job: MessageJob, tries: number, verdict: AgainVerdict, waitMs: number) => void;
}

/** The outcome of a message; that of an unknown one is told with its job. */
export type JobOutcome = Exclude<SendResult, { outcome: 'unknown' }> | { readonly outcome: 'unknown'; readonly error: Error };

/** One number, sent from by this process alone for as long as there is work. */
export interface NumberSession {
  /** Resolves when nothing of the session is under way any more. */
  readonly ended: Promise<SessionEnd>;
  /** Takes and starts nothing more; what has not left goes back to the queue, in its order. */
  stop(why: Exclude<SessionEnd, 'drained'>): void;
  activity: NumberSender['activity'];
}

/** A message that this session has taken. */
interface Taken {
  readonly job: MessageJob;
  readonly token: string;
  readonly resolve: (record: ReturnType<typeof recordOf>) => void;
  readonly reject: (error: Error) => void;
  tries: number;
  /** Whether its job says that it may have left. */
  marked: boolean;
}

/** So long after its last message a number is kept: the next owner begins with an empty window, and Meta's is a second. */
const restMs = 1_300;

/** How often the end is looked for. */
const lookEveryMs = 200;

/** Opens the queue of a number, drains it through the engine of one number, and closes it. */
export function openNumberSession(options: NumberSessionOptions): NumberSession {
  const { phoneNumberId, queue, clock, logger } = options;
  const taken = new Map<string, Taken>();
  const byJob = new WeakMap<Job, Taken>();
  /** Messages of a dead process, until all of them are there and can go first, in their order. */
  const orphans = new Set<string>();
  const early: Taken[] = [];
  let why: Exclude<SessionEnd, 'drained'> | undefined;
  let ending = false;
  let lastAtMs = -Infinity;
  let wake = (): void => undefined;

  const engine = options.openEngine({
    queued: () => undefined,
    outcome: () => undefined,
    again(engineJob, verdict, waitMs) {
      const entry = byJob.get(engineJob);
      if (!entry) return;
      entry.tries = engineJob.tries;
      unmark(entry).catch(report('a message that waits again could not be marked'));
      options.onAgain(entry.job, engineJob.tries, verdict, waitMs);
    },
    refused: () => undefined,
    held: () => undefined,
    settledBefore: () => undefined,
    idle: () => undefined,
  });
  const report =
    (text: string) =>
    (error: unknown): void => {
      logger.error(text, { phoneNumberId, error });
    };

  /** A message that certainly did not go out, or that Meta certainly refused, may be sent by whoever takes it over. */
  const unmark = async (entry: Taken): Promise<void> => {
    if (!entry.marked) return;
    entry.marked = false;
    // Another process may have it by now, and may have marked it itself.
    if (await isOwn(entry)) await setProgress(entry.job, 'waiting');
  };
  const giveBack = new WaitingError();
  /** Ends a message in the engine that BullMQ keeps. */
  const notRecorded: GuardVerdict = { verdict: 'refuse', error: new NotSentError('not-recorded') };
  /** Asked just before a message leaves: the caller's guards, then the record that it does, then whether it is still this process's. */
  const guardOf =
    (entry: Taken): SendGuard =>
    async (message, context) => {
      const key = entry.job.data.key;
      const verdict = await askGuards(options.guards, message, { ...context, ...(key !== undefined && { key }) });
      if (verdict?.verdict === 'refuse') return verdict;
      try {
        if (verdict) return await holdUntil(entry, verdict.until);
        // One that was lost while Redis was away stays unmarked; one that was marked is this process's still after that.
        if (await isOwn(entry)) {
          entry.marked = true;
          await setProgress(entry.job, 'left');
          if (await isOwn(entry)) return { verdict: 'pass' };
        }
      } catch (error) {
        logger.warn('a message could not be recorded before it leaves, and stays in the queue', { phoneNumberId, error });
      }
      taken.delete(entry.job.id ?? '');
      entry.reject(giveBack);
      return notRecorded;
    };
  /** BullMQ keeps what a guard holds, so that it takes no place here. */
  const holdUntil = async ({ job, token, reject }: Taken, until: Date): Promise<GuardVerdict> => {
    await job.moveToDelayed(until.getTime(), token);
    options.onHeld(until);
    taken.delete(job.id ?? '');
    reject(new DelayedError());
    return notRecorded;
  };
  const submit = (entry: Taken): void => {
    const { message, priority, expiresAtMs, campaignId } = entry.job.data;
    const { id = '' } = entry.job;
    const engineJob = engine.submit(
      message,
      {
        id,
        priority,
        guard: guardOf(entry),
        ...defined({ campaignId, expiresAt: expiresAtMs === undefined ? undefined : new Date(expiresAtMs) }),
      },
      (result, { tries }) => {
        entry.tries = tries;
        lastAtMs = clock.monotonic();
        if (result.outcome === 'unknown') entry.reject(new UnrecoverableError(result.error.message));
        else entry.resolve(recordOf(result));
      },
    );
    if (engineJob) byJob.set(engineJob, entry);
  };
  /** Orphans are at the front of the queue, so with the first other message all of them have come. */
  const arrived = (id: string, entry?: Taken): void => {
    const isOrphan = orphans.delete(id);
    if (entry) early.push(entry);
    if (isOrphan && orphans.size > 0) return;
    orphans.clear();
    for (const each of early.splice(0).sort((one, other) => inOrder(one.job, other.job))) submit(each);
  };

  const worker = new Worker<MessageData, JsonObject>(
    messagesQueue(phoneNumberId),
    (job, token = '') => {
      const { id = '' } = job;
      // Its process died, or lost the number, when it may have gone out.
      if (job.progress === ('left' satisfies Progress)) {
        arrived(id);
        throw new UnrecoverableError('The process that sent the message ended before its outcome was known.');
      }
      return new Promise((resolve, reject) => {
        const entry: Taken = { job, token, resolve, reject, tries: 0, marked: false };
        taken.set(id, entry);
        if (ending) void putBack([entry], true);
        else arrived(id, entry);
      });
    },
    {
      connection: options.connection,
      prefix: options.prefix,
      autorun: false,
      concurrency: options.ahead,
      lockDuration: lockMs,
      stalledInterval: messageCheckMs,
      maxStalledCount: anyStalls,
    },
  );
  const forget = (job: MessageJob | undefined): Taken | undefined => {
    const entry = taken.get(job?.id ?? '');
    taken.delete(job?.id ?? '');
    return entry;
  };
  worker.on('error', (error) => {
    logger.warn('the queue of a number reports an error', { phoneNumberId, error });
  });
  worker.on('completed', (job, record) => {
    const entry = forget(job);
    // Written by `recordOf` above.
    const result = record as unknown as JobOutcome;
    options.onOutcome(job, entry?.tries ?? 0, result);
  });
  worker.on('failed', (job, error) => {
    if (job) options.onOutcome(job, forget(job)?.tries ?? 0, { outcome: 'unknown', error: unknownErrorOf(error.message) });
  });

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.schedule(resolve, ms);
      wake = () => {
        cancel();
        resolve();
      };
    });
  /** Waits until nothing is active that this session has not taken: messages of a process that died keep their lock for a while. */
  const takeOver = async (): Promise<void> => {
    if ((await queue.getActiveCount()) === 0) return;
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
    if (taken.size > 0 || clock.monotonic() - lastAtMs < restMs) return false;
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active');
    return Object.values(counts).every((count) => count === 0) && taken.size === 0;
  };
  /** What has not left goes back to the front, the last first; after Redis was away it comes back by itself when its lock is over. */
  const putBack = async (unsent: readonly Taken[], moves: boolean): Promise<void> => {
    for (const entry of [...unsent].sort((one, other) => inOrder(other.job, one.job))) {
      try {
        await unmark(entry);
        // Among those of one priority BullMQ would not keep the order.
        if (moves) await entry.job.changePriority({ priority: 0 });
        if (moves) await entry.job.moveToWait(entry.token);
      } catch (error) {
        logger.debug('a message could not be put back, and comes back when its lock is over', { phoneNumberId, error });
      }
      taken.delete(entry.job.id ?? '');
      entry.reject(giveBack);
    }
  };
  const endOf = (): SessionEnd => why ?? 'drained';
  const run = async (): Promise<SessionEnd> => {
    try {
      await takeOver();
      await findOrphans();
      if (endOf() === 'drained') {
        worker.run().catch(report('the queue of a number cannot be read'));
        while (!why && !(await isDrained())) await pause(lookEveryMs);
      }
    } catch (error) {
      report('a number cannot be sent from')(error);
      why ??= 'disconnected';
    }
    ending = true;
    await worker.pause(true);
    const unsent: Taken[] = [];
    await engine.close((engineJob) => {
      const entry = byJob.get(engineJob);
      if (entry) unsent.push(entry);
    });
    unsent.push(...early.splice(0));
    await putBack(unsent, endOf() === 'drained' || endOf() === 'closing');
    // What had left is told to BullMQ first, however long Redis is away. An orderly close would wait for ever for a connection that is being made.
    while (taken.size > 0) await pause(lookEveryMs);
    await worker.close(true);
    // The next owner begins with an empty window.
    const sinceMs = clock.monotonic() - lastAtMs;
    if (sinceMs < restMs) await pause(restMs - sinceMs);
    return endOf();
  };
  return {
    ended: run(),
    stop(reason) {
      why ??= reason;
      wake();
    },
    activity: () => engine.activity(),
  };
}

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
