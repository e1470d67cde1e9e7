import { NotSentError } from '../../errors/not-sent-error.js';
import { defined, type JsonObject } from '../../runtime/json.js';
import type { Leave } from '../outbox/job-records.js';
import type { Job } from '../queue/job.js';
import type { NumberActivity, NumberSender } from '../queue/number-port.js';
import { rankOf } from '../queue/priority.js';
import type { NumberSession, NumberSessionOptions, SessionEnd } from './session-port.js';
import {
  anyStalls,
  lockMs,
  messageCheckMs,
  messagesQueue,
  Worker,
  type MessageData,
  type MessageJob,
  type MessageQueue,
} from './queues.js';
import { unknownErrorOf } from './result-record.js';
import { createTakenMessages, inOrder, type Taken, type TakenMessages } from './taken-messages.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { NumberPace } from './number-pace.js';
import type { Client } from '../../client/client.js';

/**
 * How long a number stays open after its last message. Meta's window is one second, and a conversation may continue.
 */
const restMs = 1_300;

/** Interval of checks for the end of the session, and of reads after a queue couldn't be read. */
const checkEveryMs = 200;

/** Interval of lock renewals. A lock is lost only after two late renewals. */
const renewEveryMs = lockMs / 3;

/**
 * Messages are fetched ahead, so that recipients can overtake each other. At first, the session fetches as many as Meta
 * accepts in two seconds. It fetches more if too few recipients can receive a message now because of the pair rate.
 */
const aheadSeconds = 2;
const minAhead = 50;
const maxAhead = 1_000;

const endedText = 'The process that sent the message ended before its outcome was known.';

/**
 * Opens a session of a number. It fetches messages from the queue, sends them with the engine of one number, and
 * reports their outcomes. It doesn't use BullMQ's own loop, which forgets a job if its outcome couldn't be recorded.
 */
export function openNumberSession(options: NumberSessionOptions): NumberSession {
  return new QueueSession(options);
}

class QueueSession implements NumberSession {
  readonly phoneNumberId: string;
  readonly client: Client;
  readonly ended: Promise<SessionEnd>;
  readonly #options: NumberSessionOptions;
  readonly #queue: MessageQueue;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #cap: number;
  readonly #pace: NumberPace;
  readonly #taken: TakenMessages;
  readonly #byJob = new WeakMap<Job, Taken>();
  /**
   * Messages of a crashed process. Sending starts when all of them are here, so that they are sent first and in order.
   */
  readonly #orphans = new Set<string>();
  readonly #early: Taken[] = [];
  readonly #wakes = new Set<() => void>();
  #why: Exclude<SessionEnd, 'drained'> | undefined;
  #ending = false;
  #isPaceKnown = false;
  #sendsSinceMs: number | undefined;
  #fetches = 0;
  #lastAtMs = -Infinity;
  readonly #engine: NumberSender;
  readonly #worker: Worker<MessageData, JsonObject>;

  constructor(options: NumberSessionOptions) {
    this.#options = options;
    const { phoneNumberId, queue, clock, logger, cap, pace } = options;
    this.phoneNumberId = phoneNumberId;
    this.#queue = queue;
    this.#clock = clock;
    this.#logger = logger;
    this.#cap = cap;
    this.#pace = pace;
    this.#taken = createTakenMessages(options);
    this.#engine = this.#openEngine();
    this.client = this.#engine.client;
    this.#worker = new Worker<MessageData, JsonObject>(messagesQueue(phoneNumberId), null, {
      connection: options.connection,
      prefix: options.prefix,
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: messageCheckMs,
      maxStalledCount: anyStalls,
    });
    this.#worker.on('error', (error) => {
      logger.warn('the queue of a number reports an error', { phoneNumberId, error });
    });
    this.ended = this.#run();
  }

  stop(reason: Exclude<SessionEnd, 'drained'>): void {
    this.#why ??= reason;
    this.#wakeAll();
  }

  get sendsSinceMs(): number | undefined {
    return this.#sendsSinceMs;
  }

  isIdle(): boolean {
    return this.#fetches > 0 && this.#taken.size === 0;
  }

  activity(): NumberActivity {
    return this.#engine.activity();
  }

  charge(): void {
    this.#engine.charge();
  }

  changeCap(cap: number): void {
    this.#engine.changeCap(cap);
  }

  cancel(id: string): void {
    const job = this.#taken.find(id)?.engineJob;
    if (job) this.#engine.cancel(job);
  }

  join(from: string, to: string): void {
    this.#engine.join(from, to);
  }

  #openEngine(): NumberSender {
    return this.#options.openEngine(
      {
        again: (engineJob, verdict, waitMs) => {
          const entry = this.#byJob.get(engineJob);
          if (!entry) return;
          if (verdict.scope === 'message') entry.inDoubt = true;
          this.#options.onAgain(entry.job, engineJob.tries, verdict, waitMs);
        },
        rejected: ({ message }, error) => this.#options.rejected(message, error),
        delayed: (engineJob, _reason, until) => {
          const entry = this.#byJob.get(engineJob);
          if (entry) void this.#setAside(entry, engineJob, until);
        },
      },
      {
        leave: (engineJob) => this.#recordSending(engineJob),
        back: (engineJob) => {
          const entry = this.#byJob.get(engineJob);
          if (!entry) return;
          this.#taken.unmark(entry).catch((error: unknown) => {
            this.#logger.error('a message that waits again could not be marked', { phoneNumberId: this.phoneNumberId, error });
          });
        },
      },
    );
  }

  #isEnding(): boolean {
    return this.#ending;
  }

  #wakeAll(): void {
    for (const wake of [...this.#wakes]) wake();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakes.delete(wake);
        cancel();
        resolve();
      };
      const cancel = this.#clock.schedule(wake, ms);
      this.#wakes.add(wake);
    });
  }

  /** Records that a message is about to be sent, if this process still has its lock. */
  async #recordSending(engineJob: Job): Promise<Leave> {
    const entry = this.#byJob.get(engineJob);
    try {
      if (entry && (await this.#taken.mark(entry))) return 'may-send';
    } catch (error) {
      this.#logger.warn('a message could not be recorded before it leaves, and stays in the queue', {
        phoneNumberId: this.phoneNumberId,
        error,
      });
    }
    if (entry) this.#taken.leave(entry);
    // Later messages may have overtaken it. All messages return to the queue, in order.
    this.stop('disconnected');
    this.#engine.reject(engineJob, 'guard', new NotSentError('not-recorded'));
    return 'may-not';
  }

  /** Delays a message that Meta rejected for now. */
  async #setAside(entry: Taken, engineJob: Job, until: Date): Promise<void> {
    try {
      await this.#taken.unmark(entry);
      await this.#taken.holdUntil(entry, until);
    } catch (error) {
      this.#logger.warn('sender.message_not_held', { phoneNumberId: this.phoneNumberId, error });
      this.#taken.leave(entry);
      this.stop('disconnected');
    }
    this.#engine.reject(engineJob, 'guard', new NotSentError('not-recorded'));
  }

  #submit(entry: Taken): void {
    const { message, priority, key, expiresAtMs, campaignId, category, onUnknown } = entry.job.data;
    const { id = '' } = entry.job;
    const doubt = entry.inDoubt ? unknownErrorOf(endedText) : undefined;
    const expiresAt = expiresAtMs === undefined ? undefined : new Date(expiresAtMs);
    const engineJob = this.#engine.submit(
      message,
      { id, priority, ...defined({ key, campaignId, category, onUnknown, doubt, expiresAt }) },
      (result, { tries }) => {
        this.#lastAtMs = this.#clock.monotonic();
        if (this.#taken.has(entry)) {
          this.#taken.conclude(entry, tries, result).catch((error: unknown) => {
            this.#logger.error('the outcome of a message could not be recorded', { phoneNumberId: this.phoneNumberId, error });
          });
        } else if (result.outcome === 'accepted') {
          // The message lost its lock during its request, and returned to this session.
          this.#options.onLate(entry.job, result.messageId);
        }
      },
    );
    if (!engineJob) return;
    this.#byJob.set(engineJob, entry);
    entry.engineJob = engineJob;
  }

  #submitEarly(): void {
    this.#orphans.clear();
    for (const each of this.#early.splice(0).sort((one, other) => inOrder(one.job, other.job))) this.#submit(each);
  }

  /**
   * Handles a fetched message. Orphans are at the front of the queue, so the first other message proves that all of
   * them are here.
   */
  #arrived(id: string, entry?: Taken): void {
    if (entry) this.#early.push(entry);
    if (!this.#orphans.delete(id) || this.#orphans.size === 0) this.#submitEarly();
  }

  async #take(job: MessageJob, token: string): Promise<void> {
    const { id = '' } = job;
    const entry = this.#taken.add(job, token);
    const { notBeforeMs = 0 } = job.data;
    if (entry.marked && !entry.inDoubt) {
      // Its process died or lost the number after the message may have been sent.
      if (!this.#ending) this.#arrived(id);
      await this.#taken.conclude(entry, 0, { outcome: 'unknown', error: unknownErrorOf(endedText) });
    } else if (this.#ending) await this.#taken.putBack([entry]);
    // BullMQ delays for a limited time, and clocks of machines differ.
    else if (notBeforeMs > this.#clock.now()) await this.#taken.holdUntil(entry, new Date(notBeforeMs));
    else this.#arrived(id, entry);
  }

  /** Whether the queue has messages in one of these states. */
  async #hasMessages(...states: readonly ('wait' | 'prioritized' | 'active')[]): Promise<boolean> {
    const counts = await this.#queue.getJobCounts(...states);
    return Object.values(counts).some((count) => count > 0);
  }

  /** Whether to fetch more messages. All orphans are needed before the first message is sent. */
  #wantsMore(): boolean {
    const soon = aheadSeconds * this.#cap;
    if (this.#orphans.size > 0 || this.#taken.size < Math.max(minAhead, soon)) return true;
    return this.#taken.size < maxAhead && this.#engine.ready(rankOf.low) < soon;
  }

  /** Fetches messages until the session ends. */
  async #fetchAll(): Promise<void> {
    for (let count = 0; !this.#isEnding(); count += 1) {
      while (!this.#isEnding() && !this.#wantsMore()) await this.#pause(checkEveryMs);
      const token = `${this.#worker.id}:${String(count)}`;
      try {
        // BullMQ's types don't include `undefined`, which it returns if there is no job.
        const job = (await this.#worker.getNextJob(token)) as MessageJob | undefined;
        this.#fetches += 1;
        if (job) await this.#take(job, token);
        // If the queue is empty, missing orphans were taken by another process.
        else if (this.#early.length > 0 && !(await this.#hasMessages('wait', 'prioritized')) && !this.#isEnding()) this.#submitEarly();
      } catch (error) {
        this.#logger.warn('the queue of a number cannot be read', { phoneNumberId: this.phoneNumberId, error });
        if (!this.#isEnding()) await this.#pause(checkEveryMs);
      }
    }
  }

  async #renewAll(): Promise<void> {
    while (!this.#isEnding() || this.#taken.size > 0) {
      await this.#pause(renewEveryMs);
      if (this.#isEnding() && this.#taken.size === 0) return;
      try {
        if (!(await this.#options.keepNumber())) this.stop('lost');
        if (await this.#options.isPaused()) this.stop('paused');
        const entries = this.#taken.entries();
        if (entries.length === 0) continue;
        const lost = await this.#worker.extendJobLocks(
          entries.map(([id]) => id),
          entries.map(([, { token }]) => token),
          lockMs,
        );
        // The outcomes of some of these messages were recorded in the meantime.
        if (entries.some(([id, entry]) => lost.includes(id) && !entry.parting && this.#taken.has(entry))) this.stop('disconnected');
      } catch (error) {
        this.#logger.warn('the locks of a number could not be renewed', { phoneNumberId: this.phoneNumberId, error });
      }
    }
  }

  /**
   * Waits until no other session has active messages. The messages of a crashed process keep their locks for a while.
   */
  async #takeOver(): Promise<void> {
    const record = await this.#pace.read();
    if (record) this.#engine.restorePace(record);
    this.#isPaceKnown = true;
    await this.#worker.startStalledCheckTimer();
    while (!this.#why && (await this.#queue.getActiveCount()) > 0) await this.#pause(checkEveryMs);
  }

  /** BullMQ returns stalled messages to the front of the queue, in no particular order. */
  async #findOrphans(): Promise<void> {
    for (const { id, attemptsStarted } of await this.#queue.getJobs(['wait'], 0, 2 * Math.max(maxAhead, aheadSeconds * this.#cap), true)) {
      if (id !== undefined && attemptsStarted > 0) this.#orphans.add(id);
    }
  }

  async #isDrained(): Promise<boolean> {
    if (this.#taken.size > 0 || this.#fetches === 0 || this.#clock.monotonic() - this.#lastAtMs < restMs) return false;
    return !(await this.#hasMessages('wait', 'prioritized', 'active')) && this.#taken.size === 0;
  }

  /**
   * Records the pacing state for the next session. If Redis doesn't store it, the next session must assume a full
   * window.
   */
  async #leavePace(): Promise<void> {
    if (this.#isPaceKnown && (await this.#pace.write(this.#engine.paceRecord()))) return;
    const sinceMs = this.#clock.monotonic() - this.#lastAtMs;
    if (sinceMs < restMs) await this.#pause(restMs - sinceMs);
  }

  #endOf(): SessionEnd {
    return this.#why ?? 'drained';
  }

  async #run(): Promise<SessionEnd> {
    void this.#renewAll();
    try {
      await this.#takeOver();
      await this.#findOrphans();
      if (this.#endOf() === 'drained') {
        this.#sendsSinceMs = this.#clock.monotonic();
        void this.#fetchAll();
        while (!this.#why && !(await this.#isDrained())) await this.#pause(checkEveryMs);
      }
    } catch (error) {
      this.#logger.error('a number cannot be sent from', { phoneNumberId: this.phoneNumberId, error });
      this.stop('disconnected');
    }
    this.#ending = true;
    const unsent: Taken[] = [];
    await this.#engine.close((engineJob) => {
      const entry = this.#byJob.get(engineJob);
      if (entry) unsent.push(entry);
    });
    unsent.push(...this.#early.splice(0));
    await this.#taken.putBack(unsent);
    // BullMQ must record the outcomes of all sent messages first, even if Redis is unavailable for a long time.
    while (this.#taken.size > 0) await this.#pause(checkEveryMs);
    // A graceful close would wait indefinitely while the connection is being re-established. A message that is being
    // fetched returns to the queue, either now or when its lock expires.
    await this.#worker.close(true);
    this.#wakeAll();
    await this.#leavePace();
    return this.#endOf();
  }
}
