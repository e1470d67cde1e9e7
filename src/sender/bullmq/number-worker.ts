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
import { createRotation, type Rotation } from './rotation.js';
import type { NumberSession, SessionEnd } from './session-port.js';
import type { SharedRedis } from './open-redis.js';
import { aboutMessage, unsettledJob, type Outcomes } from './outcomes.js';
import { anyStalls, lockMs, numberCheckMs, numbersQueue, WaitingError, Worker, type WakeData, type WakeJob } from './queues.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';

/** Sends from numbers while they have messages and this process has their locks. */
export interface NumberWorker {
  readonly sessions: Iterable<NumberSession>;
  /** Ends the sessions of one number, or of all. Their messages return to the queues. */
  stop(why: 'paused' | 'disconnected', phoneNumberId?: string): void;
  close(): Promise<void>;
}

/** Dependencies of {@link openNumberWorker}. */
export interface NumberWorkerOptions {
  readonly redis: SharedRedis;
  readonly prefix: string;
  readonly parts: SenderParts;
  readonly registry: NumberRegistry;
  readonly queues: MessageQueues;
  readonly outcomes: Outcomes;
  /** Maximum number of phone numbers that this process sends from at the same time. */
  readonly numbers: number;
  readonly pacing: SendPacing;
  readonly concurrency: number | undefined;
  readonly onUnknown: OnUnknown;
  /** Called when a session has started or ended. */
  readonly onSession: (session: NumberSession, state: 'open' | 'ended') => void;
}

/** How long a number waits after it couldn't be sent from. */
const retryAfterMs = 1_000;

/** Opens the worker of a process. It takes numbers after Redis has confirmed that it doesn't remove keys. */
export function openNumberWorker(options: NumberWorkerOptions): NumberWorker {
  return new RotatingWorker(options);
}

class RotatingWorker implements NumberWorker {
  readonly #options: NumberWorkerOptions;
  readonly #redis: SharedRedis;
  readonly #queues: MessageQueues;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** One session per number. If the number was lost, its old session can still be ending when the next one starts. */
  readonly sessions = new Set<NumberSession>();
  #isClosing = false;
  #worker: Worker<WakeData> | undefined;
  readonly #rotation: Rotation;

  constructor(options: NumberWorkerOptions) {
    this.#options = options;
    const { redis, parts, queues } = options;
    this.#redis = redis;
    this.#queues = queues;
    const { clock, logger } = parts;
    this.#clock = clock;
    this.#logger = logger;
    this.#rotation = createRotation({ ...{ redis, sessions: this.sessions, clock, logger }, places: options.numbers });
    if (options.numbers > 0) void this.#openWhenReady();
  }

  stop(why: 'paused' | 'disconnected', phoneNumberId?: string): void {
    for (const session of this.sessions) if (phoneNumberId === undefined || session.phoneNumberId === phoneNumberId) session.stop(why);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#rotation.close();
    for (const session of this.sessions) session.stop('closing');
    // BullMQ would wait indefinitely to close a connection that is being re-established.
    await this.#worker?.backend.reconnectBlocking();
    await this.#worker?.close();
  }

  #hasEnded(): boolean {
    return this.#isClosing;
  }

  /**
   * Whether a number has nothing to send now. If its messages are delayed, schedules a wake-up for the first of them.
   */
  async #rests(from: NumberTarget): Promise<boolean> {
    const queue = this.#redis.messages(from.phoneNumberId);
    if (await queue.isPaused()) return true;
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active');
    if (Object.values(counts).some((count) => count > 0)) return false;
    const [held] = await queue.getDelayed(0, 0);
    if (!held) return true;
    const { heldUntilMs = 0 } = held.data;
    if (heldUntilMs <= this.#clock.now()) return false;
    await this.#queues.wakeLater(from, heldUntilMs);
    return true;
  }

  /**
   * Sends from a number while there is work. Starts again after a lost connection or any other failure, if this process
   * still has the number.
   */
  async #sendFrom(from: NumberTarget, keepNumber: () => Promise<boolean>): Promise<SessionEnd> {
    for (;;) {
      if (this.#hasEnded()) return 'closing';
      try {
        if (!(await keepNumber())) return 'lost';
        if (await this.#redis.numbers.isPaused()) return 'paused';
        if (await this.#rests(from)) return 'drained';
        // The data of this job may be older than the record of the number.
        const target = (await this.#options.registry.read(from.phoneNumberId)) ?? from;
        const session = openSession(this.#options, target, keepNumber);
        this.sessions.add(session);
        this.#options.onSession(session, 'open');
        const end = await session.ended.finally(() => {
          this.sessions.delete(session);
          this.#options.onSession(session, 'ended');
        });
        if (end === 'closing' || end === 'lost') return end;
        if (end === 'turn' && !(await this.#rests(from))) return end;
      } catch (error) {
        this.#logger.error('a number cannot be sent from, and is tried again', { phoneNumberId: from.phoneNumberId, error });
        await new Promise<void>((resolve) => this.#clock.schedule(resolve, retryAfterMs));
      }
    }
  }

  async #work(job: WakeJob, token: string): Promise<void> {
    const { from } = job.data;
    if (job.name === unsettledJob) {
      await this.#options.outcomes.reportUnsettled(job.data);
      return;
    }
    if (job.name === 'later') {
      await this.#queues.wake(from);
      return;
    }
    const end = await this.#rotation.whileBusy(() => this.#sendFrom(from, async () => (await job.extendLock(token, lockMs)) === 1));
    if (end === 'drained') return;
    if (end === 'turn') {
      // Adds a new job behind the numbers that wait. BullMQ would put this job before them.
      await this.#queues.wake(from);
      return;
    }
    try {
      await job.moveToWait(token);
    } catch (error) {
      this.#logger.debug('a number could not be given back, as another process has it, or takes it when its lock is over', { error });
    }
    throw new WaitingError();
  }

  async #openWhenReady(): Promise<void> {
    for (let attempt = 0; !this.#hasEnded(); attempt += 1) {
      try {
        await this.#redis.ready();
        await this.#redis.listen();
        break;
      } catch (error) {
        if (attempt === 0) this.#logger.error('sender.redis_evicts', { error });
        await new Promise<void>((resolve) => this.#clock.schedule(resolve, retryAfterMs));
      }
    }
    if (this.#hasEnded()) return;
    this.#worker = new Worker<WakeData>(numbersQueue, (job, token = '') => this.#work(job, token), {
      connection: this.#redis.connection,
      prefix: this.#options.prefix,
      concurrency: this.#options.numbers,
      lockDuration: lockMs,
      // Renewed manually. BullMQ knows only one token per job, but a process can take a number again before its old
      // session has ended.
      skipLockRenewal: true,
      stalledInterval: numberCheckMs,
      maxStalledCount: anyStalls,
    });
    this.#worker.on('error', (error) => {
      this.#logger.warn('the queue of numbers reports an error', { error });
    });
  }
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
    rejected: (message, error) => {
      optOuts.rejected(message, phoneNumberId, error);
      return templates.rejected(message, phoneNumberId, error);
    },
    openEngine: (listener, records) => openEngine(options, from, listener, records),
    onOutcome: (job, tries, outcome) => {
      outcomes.concluded(from, job, tries, outcome);
    },
    onLate: (job, messageId) => {
      outcomes.hear(phoneNumberId, job.id ?? '', messageId).catch((error: unknown) => {
        logger.error('an answer that came late could not be recorded', { phoneNumberId, error });
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
    // Unknown sends are settled through their job, in any process.
    settlement: undefined,
  });
}
