import type { OnUnknown } from '../send-options.js';
import type { NumberListener, NumberSender } from '../queue/number-port.js';
import { createNumberSender } from '../queue/number-sender.js';
import type { SendRecords } from '../outbox/job-records.js';
import type { SendPacing } from '../pacing/pacer.js';
import type { SenderParts } from '../sender-parts.js';
import type { NumberTarget } from './job-id.js';
import type { MessageQueues } from './message-queues.js';
import type { NumberRegistry } from './number-registry.js';
import { createNumberPace } from './number-pace.js';
import { openNumberSession } from './number-session.js';
import { createRotation } from './rotation.js';
import type { NumberSession, SessionEnd } from './session-port.js';
import type { SharedRedis } from './open-redis.js';
import { aboutMessage, unsettledJob, type Outcomes } from './outcomes.js';
import { anyStalls, lockMs, numberCheckMs, numbersQueue, WaitingError, Worker, type WakeData, type WakeJob } from './queues.js';

/** Sends from numbers, as long as each has messages and this process has its lock. */
export interface NumberWorker {
  readonly sessions: Iterable<NumberSession>;
  /** Ends the sessions of a number, or all: their messages go back to the queues. */
  stop(why: 'paused' | 'disconnected', phoneNumberId?: string): void;
  close(): Promise<void>;
}

/** What {@link openNumberWorker} works with. */
export interface NumberWorkerOptions {
  readonly redis: SharedRedis;
  readonly prefix: string;
  readonly parts: SenderParts;
  readonly registry: NumberRegistry;
  readonly queues: MessageQueues;
  readonly outcomes: Outcomes;
  /** How many numbers this process may send from at the same time. */
  readonly numbers: number;
  readonly pacing: SendPacing;
  readonly concurrency: number | undefined;
  readonly onUnknown: OnUnknown;
  /** A session has begun, or has ended. */
  readonly onSession: (session: NumberSession, state: 'open' | 'ended') => void;
}

/** How long a number waits that could not be sent from. */
const againMs = 1_000;

/** Opens the worker of a process. It takes numbers once Redis is known not to remove keys. */
export function openNumberWorker(options: NumberWorkerOptions): NumberWorker {
  const { redis, parts, queues } = options;
  const { clock, logger } = parts;
  /** One a number, but while one whose number was lost comes to its end beside the next. */
  const sessions = new Set<NumberSession>();
  let isClosing = false;
  let worker: Worker<WakeData> | undefined;
  const rotation = createRotation({ ...{ redis, sessions, clock, logger }, places: options.numbers });
  const hasEnded = (): boolean => isClosing;

  /** Whether a number has nothing to send now; one whose messages are held is woken when the first of them is due. */
  const rests = async (from: NumberTarget): Promise<boolean> => {
    const queue = redis.messages(from.phoneNumberId);
    if (await queue.isPaused()) return true;
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active');
    if (Object.values(counts).some((count) => count > 0)) return false;
    const [held] = await queue.getDelayed(0, 0);
    if (!held) return true;
    const { heldUntilMs = 0 } = held.data;
    if (heldUntilMs <= clock.now()) return false;
    await queues.wakeLater(from, heldUntilMs);
    return true;
  };
  /**
   * Sends from a number for as long as there is work; after Redis was away, or anything else went wrong, begun afresh,
   * if the number is this process's still.
   */
  const sendFrom = async (from: NumberTarget, keepNumber: () => Promise<boolean>): Promise<SessionEnd> => {
    for (;;) {
      if (hasEnded()) return 'closing';
      try {
        if (!(await keepNumber())) return 'lost';
        if (await redis.numbers.isPaused()) return 'paused';
        if (await rests(from)) return 'drained';
        // The job that woke this process may be older than what is known of the number by now.
        const target = (await options.registry.read(from.phoneNumberId)) ?? from;
        const session = openSession(options, target, keepNumber);
        sessions.add(session);
        options.onSession(session, 'open');
        const end = await session.ended.finally(() => {
          sessions.delete(session);
          options.onSession(session, 'ended');
        });
        if (end === 'closing' || end === 'lost') return end;
        if (end === 'turn' && !(await rests(from))) return end;
      } catch (error) {
        logger.error('the messages of a number could not be sent, and will be retried', { phoneNumberId: from.phoneNumberId, error });
        await new Promise<void>((resolve) => clock.schedule(resolve, againMs));
      }
    }
  };
  const work = async (job: WakeJob, token: string): Promise<void> => {
    const { from } = job.data;
    if (job.name === unsettledJob) {
      await options.outcomes.reportUnsettled(job.data);
      return;
    }
    if (job.name === 'later') {
      await queues.wake(from);
      return;
    }
    const end = await rotation.whileBusy(() => sendFrom(from, async () => (await job.extendLock(token, lockMs)) === 1));
    if (end === 'drained') return;
    if (end === 'turn') {
      // Behind the numbers that wait, where BullMQ would put this job before them.
      await queues.wake(from);
      return;
    }
    try {
      await job.moveToWait(token);
    } catch (error) {
      logger.debug('a number could not be released. Another process has it, or acquires it when the lock expires', { error });
    }
    throw new WaitingError();
  };
  const openWhenReady = async (): Promise<void> => {
    for (let attempt = 0; !hasEnded(); attempt += 1) {
      try {
        await redis.ready();
        await redis.listen();
        break;
      } catch (error) {
        if (attempt === 0) logger.error('sender.redis_evicts', { error });
        await new Promise<void>((resolve) => clock.schedule(resolve, againMs));
      }
    }
    if (hasEnded()) return;
    worker = new Worker<WakeData>(numbersQueue, (job, token = '') => work(job, token), {
      connection: redis.connection,
      prefix: options.prefix,
      concurrency: options.numbers,
      lockDuration: lockMs,
      // By hand: BullMQ knows one token a job, and a process may take a number again that it has lost and not left yet.
      skipLockRenewal: true,
      stalledInterval: numberCheckMs,
      maxStalledCount: anyStalls,
    });
    worker.on('error', (error) => {
      logger.warn('the queue of numbers reports an error', { error });
    });
  };
  if (options.numbers > 0) void openWhenReady();

  return {
    sessions,
    stop(why, phoneNumberId) {
      for (const session of sessions) if (phoneNumberId === undefined || session.phoneNumberId === phoneNumberId) session.stop(why);
    },
    async close() {
      isClosing = true;
      rotation.close();
      for (const session of sessions) session.stop('closing');
      // BullMQ would wait for ever for the end of a connection that is just being made again.
      await worker?.backend.reconnectBlocking();
      await worker?.close();
    },
  };
}

function openSession(options: NumberWorkerOptions, from: NumberTarget, keepNumber: () => Promise<boolean>): NumberSession {
  const { redis, parts, outcomes } = options;
  const { clock, logger, reporting, optOuts, templates, cap } = parts;
  const { phoneNumberId } = from;
  const queue = redis.messages(phoneNumberId);
  return openNumberSession({
    ...{ phoneNumberId, queue, keepNumber, clock, logger },
    connection: redis.connection,
    prefix: options.prefix,
    cap,
    pace: createNumberPace({ redis, phoneNumberId, logger }),
    isPaused: async () => (await queue.isPaused()) || (await redis.numbers.isPaused()),
    refused: (message, error) => {
      optOuts.refused(message, phoneNumberId, error);
      return templates.refused(message, phoneNumberId, error);
    },
    openEngine: (listener, records) => openEngine(options, from, listener, records),
    onOutcome: (job, tries, outcome) => {
      outcomes.concluded(from, job, tries, outcome);
    },
    onLate: (job, messageId) => {
      outcomes.hear(phoneNumberId, job.id ?? '', messageId).catch((error: unknown) => {
        logger.error('a late response could not be recorded', { phoneNumberId, error });
      });
    },
    onAgain: (job, tries, verdict, waitMs) => {
      reporting.again(() => aboutMessage(phoneNumberId, job, tries), phoneNumberId, verdict, waitMs);
    },
  });
}

function openEngine(options: NumberWorkerOptions, from: NumberTarget, listener: NumberListener, records: SendRecords): NumberSender {
  const { client, cap, policy, clock, logger, people, instrument, ids, guards, guardTimeoutMs } = options.parts;
  return createNumberSender({
    ...{ cap, policy, clock, logger, people, instrument, ids, guards, guardTimeoutMs, listener },
    client: client.for(from),
    phoneNumberId: from.phoneNumberId,
    pacing: options.pacing,
    concurrency: options.concurrency,
    onUnknown: options.onUnknown,
    recordsOf: () => records,
    hasIds: false,
    // What is unknown is settled by its job, in any process.
    settlement: undefined,
  });
}
