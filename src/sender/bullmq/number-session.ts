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

const endedText = 'The process that sent the message ended before its outcome was known.';

/**
 * Opens the queue of a number, drains it through the engine of one number, and closes it. It fetches messages and
 * reports their outcomes itself. BullMQ's own loop forgets a job whose outcome it could not record.
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
  /** Messages of a dead process, until all of them are there and can go first, in their order. */
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
        refused: ({ message }, error) => this.#options.refused(message, error),
        delayed: (engineJob, _reason, until) => {
          const entry = this.#byJob.get(engineJob);
          if (entry) void this.#setAside(entry, engineJob, until);
        },
      },
      {
        leave: (engineJob) => this.#recordLeaving(engineJob),
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

  /** Records just before a message leaves that it does, and whether it is still this process's. */
  async #recordLeaving(engineJob: Job): Promise<Leave> {
    const entry = this.#byJob.get(engineJob);
    try {
      if (entry && (await this.#taken.mark(entry))) return 'may-leave';
    } catch (error) {
      this.#logger.warn('a message could not be recorded before it leaves, and stays in the queue', {
        phoneNumberId: this.phoneNumberId,
        error,
      });
    }
    if (entry) this.#taken.leave(entry);
    // Messages after it may have come before it by now: all begin afresh, in their order.
    this.stop('disconnected');
    this.#engine.reject(engineJob, 'guard', new NotSentError('not-recorded'));
    return 'may-not';
  }

  /** Holds a message that Meta refused for now. */
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
          // It was lost while its request was under way, and came back to this very session.
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

  /** Orphans are at the front of the queue, so with the first other message all of them have come. */
  #arrived(id: string, entry?: Taken): void {
    if (entry) this.#early.push(entry);
    if (!this.#orphans.delete(id) || this.#orphans.size === 0) this.#submitEarly();
  }

  async #take(job: MessageJob, token: string): Promise<void> {
    const { id = '' } = job;
    const entry = this.#taken.add(job, token);
    const { notBeforeMs = 0 } = job.data;
    if (entry.marked && !entry.inDoubt) {
      // Its process died, or lost the number, when it may have gone out.
      if (!this.#ending) this.#arrived(id);
      await this.#taken.conclude(entry, 0, { outcome: 'unknown', error: unknownErrorOf(endedText) });
    } else if (this.#ending) await this.#taken.putBack([entry]);
    // BullMQ delays for a limited time, and clocks of machines differ.
    else if (notBeforeMs > this.#clock.now()) await this.#taken.holdUntil(entry, new Date(notBeforeMs));
    else this.#arrived(id, entry);
  }

  /** Whether the queue has messages in one of the states. */
  async #hasMessages(...states: readonly ('wait' | 'prioritized' | 'active')[]): Promise<boolean> {
    const counts = await this.#queue.getJobCounts(...states);
    return Object.values(counts).some((count) => count > 0);
  }

  /** Whether more messages are to be taken ahead. All orphans are needed before the first message is sent. */
  #wantsMore(): boolean {
    const soon = aheadSeconds * this.#cap;
    if (this.#orphans.size > 0 || this.#taken.size < Math.max(minAhead, soon)) return true;
    return this.#taken.size < maxAhead && this.#engine.ready(rankOf.low) < soon;
  }

  /** Takes messages until the end. */
  async #fetchAll(): Promise<void> {
    for (let count = 0; !this.#isEnding(); count += 1) {
      while (!this.#isEnding() && !this.#wantsMore()) await this.#pause(lookEveryMs);
      const token = `${this.#worker.id}:${String(count)}`;
      try {
        // BullMQ's types leave out that there may be none.
        const job = (await this.#worker.getNextJob(token)) as MessageJob | undefined;
        this.#fetches += 1;
        if (job) await this.#take(job, token);
        // An orphan that does not come has been taken elsewhere: with an empty queue there is none to wait for.
        else if (this.#early.length > 0 && !(await this.#hasMessages('wait', 'prioritized')) && !this.#isEnding()) this.#submitEarly();
      } catch (error) {
        this.#logger.warn('the queue of a number cannot be read', { phoneNumberId: this.phoneNumberId, error });
        if (!this.#isEnding()) await this.#pause(lookEveryMs);
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
        // Of some the outcome was being recorded meanwhile.
        if (entries.some(([id, entry]) => lost.includes(id) && !entry.parting && this.#taken.has(entry))) this.stop('disconnected');
      } catch (error) {
        this.#logger.warn('the locks of a number could not be renewed', { phoneNumberId: this.phoneNumberId, error });
      }
    }
  }

  /** Waits until nothing is active that this session has not taken: messages of a process that died keep their lock for a while. */
  async #takeOver(): Promise<void> {
    const record = await this.#pace.read();
    if (record) this.#engine.restorePace(record);
    this.#isPaceKnown = true;
    await this.#worker.startStalledCheckTimer();
    while (!this.#why && (await this.#queue.getActiveCount()) > 0) await this.#pause(lookEveryMs);
  }

  /** BullMQ puts what comes back to the front, in no order. */
  async #findOrphans(): Promise<void> {
    for (const { id, attemptsStarted } of await this.#queue.getJobs(['wait'], 0, 2 * Math.max(maxAhead, aheadSeconds * this.#cap), true)) {
      if (id !== undefined && attemptsStarted > 0) this.#orphans.add(id);
    }
  }

  async #isDrained(): Promise<boolean> {
    if (this.#taken.size > 0 || this.#fetches === 0 || this.#clock.monotonic() - this.#lastAtMs < restMs) return false;
    return !(await this.#hasMessages('wait', 'prioritized', 'active')) && this.#taken.size === 0;
  }

  /** Passes the pace on. If Redis does not take it, the next session must begin with an empty window. */
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
        while (!this.#why && !(await this.#isDrained())) await this.#pause(lookEveryMs);
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
    // BullMQ must have the outcomes of all sent messages first, however long Redis is away.
    while (this.#taken.size > 0) await this.#pause(lookEveryMs);
    // An orderly close would wait for ever for a connection that is being made. What is fetched at this moment goes back, or comes back when its lock is over.
    await this.#worker.close(true);
    this.#wakeAll();
    await this.#leavePace();
    return this.#endOf();
  }
}
