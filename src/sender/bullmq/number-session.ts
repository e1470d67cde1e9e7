import { NotSentError } from '../../errors/not-sent-error.js';
import { defined, type JsonObject } from '../../runtime/json.js';
import type { Leave } from '../outbox/job-records.js';
import type { Job } from '../queue/job.js';
import { rankOf } from '../queue/priority.js';
import type { NumberSession, NumberSessionOptions, SessionEnd } from './session-port.js';
import { anyStalls, lockMs, messageCheckMs, messagesQueue, Worker, type MessageData, type MessageJob } from './queues.js';
import { unknownErrorOf } from './result-record.js';
import { createTakenMessages, inOrder, type Taken } from './taken-messages.js';

/** So long after its last message a number is kept: Meta's window is a second, and a conversation may go on. */
const restMs = 1_300;

/** How often the end is looked for, and a queue that cannot be read is read again. */
const lookEveryMs = 200;

/** How often locks are renewed: two may come late before one is lost. */
const renewEveryMs = lockMs / 3;

/**
 * Messages are taken ahead of their turn, so that recipients can overtake each other. At first as many as Meta accepts in two seconds. More
 * while fewer recipients than that could receive a message now, because theirs wait for the pair rate.
 */
const aheadSeconds = 2;
const minAhead = 50;
const maxAhead = 1_000;

/**
 * Opens the queue of a number, drains it through the engine of one number, and closes it. Messages are fetched, and their outcomes told to
 * BullMQ, by hand: its own loop forgets a job whose outcome it could not record, and here each has to be accounted for.
 */
export function openNumberSession(options: NumberSessionOptions): NumberSession {
  const { phoneNumberId, queue, clock, logger, cap, pace } = options;
  const taken = createTakenMessages(options);
  const byJob = new WeakMap<Job, Taken>();
  /** Messages of a dead process, until all of them are there and can go first, in their order. */
  const orphans = new Set<string>();
  const early: Taken[] = [];
  const wakes = new Set<() => void>();
  let why: Exclude<SessionEnd, 'drained'> | undefined;
  let ending = false;
  let isPaceKnown = false;
  let sendsSinceMs: number | undefined;
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
      delayed(engineJob, _reason, until) {
        const entry = byJob.get(engineJob);
        if (entry) void setAside(entry, engineJob, until);
      },
    },
    {
      leave: (engineJob) => recordLeaving(engineJob),
      back(engineJob) {
        const entry = byJob.get(engineJob);
        if (!entry) return;
        taken.unmark(entry).catch((error: unknown) => {
          logger.error('a message that is delayed again could not be marked', { phoneNumberId, error });
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

  /** Ends a message in the engine that BullMQ keeps. */
  const keptInQueue = new NotSentError('not-recorded');
  /** Records just before a message leaves that it does, and whether it is still this process's. */
  const recordLeaving = async (engineJob: Job): Promise<Leave> => {
    const entry = byJob.get(engineJob);
    try {
      if (entry && (await taken.mark(entry))) return 'may-leave';
    } catch (error) {
      logger.warn('a message could not be recorded before its request, so it stays in the queue', { phoneNumberId, error });
    }
    if (entry) taken.leave(entry);
    // Messages after it may have come before it by now: all begin afresh, in their order.
    stop('disconnected');
    engine.reject(engineJob, 'guard', keptInQueue);
    return 'may-not';
  };
  /** Holds a message that Meta refused for now. */
  const setAside = async (entry: Taken, engineJob: Job, until: Date): Promise<void> => {
    try {
      await taken.unmark(entry);
      await taken.holdUntil(entry, until);
    } catch (error) {
      logger.warn('sender.message_not_held', { phoneNumberId, error });
      taken.leave(entry);
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
        if (taken.has(entry)) {
          taken.conclude(entry, tries, result).catch((error: unknown) => {
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
    const entry = taken.add(job, token);
    const { notBeforeMs = 0 } = job.data;
    if (entry.marked && !entry.inDoubt) {
      // Its process died, or lost the number, when it may have gone out.
      if (!ending) arrived(id);
      await taken.conclude(entry, 0, { outcome: 'unknown', error: unknownErrorOf(endedText) });
    } else if (ending) await taken.putBack([entry]);
    // BullMQ delays for a limited time, and clocks of machines differ.
    else if (notBeforeMs > clock.now()) await taken.holdUntil(entry, new Date(notBeforeMs));
    else arrived(id, entry);
  };
  /** Whether the queue has messages in one of the states. */
  const hasMessages = async (...states: readonly ('wait' | 'prioritized' | 'active')[]): Promise<boolean> => {
    const counts = await queue.getJobCounts(...states);
    return Object.values(counts).some((count) => count > 0);
  };
  /** Whether more messages are to be taken ahead. All orphans are needed before the first message is sent. */
  const wantsMore = (): boolean => {
    const soon = aheadSeconds * cap;
    if (orphans.size > 0 || taken.size < Math.max(minAhead, soon)) return true;
    return taken.size < maxAhead && engine.ready(rankOf.low) < soon;
  };
  /** Takes messages until the end. */
  const fetchAll = async (): Promise<void> => {
    for (let count = 0; !isEnding(); count += 1) {
      while (!isEnding() && !wantsMore()) await pause(lookEveryMs);
      const token = `${worker.id}:${String(count)}`;
      try {
        // BullMQ's types leave out that there may be none.
        const job = (await worker.getNextJob(token)) as MessageJob | undefined;
        fetches += 1;
        if (job) await take(job, token);
        // An orphan that does not come has been taken elsewhere: with an empty queue there is none to wait for.
        else if (early.length > 0 && !(await hasMessages('wait', 'prioritized')) && !isEnding()) submitEarly();
      } catch (error) {
        logger.warn('the queue of a number cannot be read', { phoneNumberId, error });
        if (!isEnding()) await pause(lookEveryMs);
      }
    }
  };
  const renewAll = async (): Promise<void> => {
    while (!isEnding() || taken.size > 0) {
      await pause(renewEveryMs);
      if (isEnding() && taken.size === 0) return;
      try {
        if (!(await options.keepNumber())) stop('lost');
        if (await options.isPaused()) stop('paused');
        const entries = taken.entries();
        if (entries.length === 0) continue;
        const lost = await worker.extendJobLocks(
          entries.map(([id]) => id),
          entries.map(([, { token }]) => token),
          lockMs,
        );
        // Of some the outcome was being recorded meanwhile.
        if (entries.some(([id, entry]) => lost.includes(id) && !entry.parting && taken.has(entry))) stop('disconnected');
      } catch (error) {
        logger.warn('the locks of a number could not be renewed', { phoneNumberId, error });
      }
    }
  };

  /** Waits until nothing is active that this session has not taken: messages of a process that died keep their lock for a while. */
  const takeOver = async (): Promise<void> => {
    const record = await pace.read();
    if (record) engine.restorePace(record);
    isPaceKnown = true;
    await worker.startStalledCheckTimer();
    while (!why && (await queue.getActiveCount()) > 0) await pause(lookEveryMs);
  };
  /** BullMQ puts what comes back to the front, in no order. */
  const findOrphans = async (): Promise<void> => {
    for (const { id, attemptsStarted } of await queue.getJobs(['wait'], 0, 2 * Math.max(maxAhead, aheadSeconds * cap), true)) {
      if (id !== undefined && attemptsStarted > 0) orphans.add(id);
    }
  };
  const isDrained = async (): Promise<boolean> => {
    if (taken.size > 0 || fetches === 0 || clock.monotonic() - lastAtMs < restMs) return false;
    return !(await hasMessages('wait', 'prioritized', 'active')) && taken.size === 0;
  };
  /** Passes the pace on. If Redis does not take it, the next session must begin with an empty window. */
  const leavePace = async (): Promise<void> => {
    if (isPaceKnown && (await pace.write(engine.paceRecord()))) return;
    const sinceMs = clock.monotonic() - lastAtMs;
    if (sinceMs < restMs) await pause(restMs - sinceMs);
  };
  const endOf = (): SessionEnd => why ?? 'drained';
  const run = async (): Promise<SessionEnd> => {
    void renewAll();
    try {
      await takeOver();
      await findOrphans();
      if (endOf() === 'drained') {
        sendsSinceMs = clock.monotonic();
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
    await taken.putBack(unsent);
    // What had left is told to BullMQ first, however long Redis is away.
    while (taken.size > 0) await pause(lookEveryMs);
    // An orderly close would wait for ever for a connection that is being made. What is fetched at this moment goes back, or comes back when its lock is over.
    await worker.close(true);
    wakeAll();
    await leavePace();
    return endOf();
  };
  return {
    phoneNumberId,
    ended: run(),
    stop,
    client: engine.client,
    get sendsSinceMs() {
      return sendsSinceMs;
    },
    isIdle: () => fetches > 0 && taken.size === 0,
    activity: () => engine.activity(),
    charge: () => {
      engine.charge();
    },
    changeCap: (cap) => {
      engine.changeCap(cap);
    },
    cancel(id) {
      const job = taken.find(id)?.engineJob;
      if (job) engine.cancel(job);
    },
    join: (from, to) => {
      engine.join(from, to);
    },
  };
}

const endedText = 'The process that sent the message ended before its outcome was known.';
