import type { Job } from '../queue/job.js';
import { lockMs, UnrecoverableError, type MessageJob, type Progress, type MessageQueue } from './queues.js';
import { failedReasonOf, recordOf, resultOf } from './result-record.js';
import type { JobOutcome, NumberSessionOptions } from './session-port.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';

/** A message that a session has taken. */
export interface Taken {
  readonly job: MessageJob;
  readonly token: string;
  /** Whether its job is marked as possibly sent. */
  marked: boolean;
  /** Whether the session is releasing the lock itself, so its end is no loss. */
  parting: boolean;
  /** Whether the message is sent again although Meta may have accepted it. It stays marked. */
  inDoubt: boolean;
  /** The job in the engine, if it was added. */
  engineJob: Job | undefined;
}

/** The fetched messages of a session, and their jobs in BullMQ. */
export interface TakenMessages {
  readonly size: number;
  find(id: string): Taken | undefined;
  entries(): readonly (readonly [id: string, entry: Taken])[];
  /** Adds a message that was just fetched. */
  add(job: MessageJob, token: string): Taken;
  /** Whether the session still has a message. */
  has(entry: Taken): boolean;
  /** Removes a message that has its outcome, or returned to the queue. */
  leave(entry: Taken): void;
  /** Records that a message is about to be sent. Resolves with whether it may be sent. @throws the errors of Redis */
  mark(entry: Taken): Promise<boolean>;
  /** Records that a message certainly wasn't sent, or that Meta certainly rejected it. The next session may send it. */
  unmark(entry: Taken): Promise<void>;
  /** Records the outcome of a message, then calls the listener. */
  conclude(entry: Taken, tries: number, outcome: JobOutcome): Promise<void>;
  /** Delays a message in BullMQ, so that it doesn't occupy this session. @throws the errors of Redis */
  holdUntil(entry: Taken, until: Date): Promise<void>;
  /**
   * Returns messages to the front of the queue, in reverse order. Messages whose lock was lost return to their position
   * automatically.
   */
  putBack(unsent: readonly Taken[]): Promise<void>;
}

/** Maximum delay of a message, because BullMQ limits delays. The guards run again afterwards. */
const maxHoldMs = 86_400_000;

/** Creates the registry of one session. */
export function createTakenMessages(
  options: Pick<NumberSessionOptions, 'phoneNumberId' | 'queue' | 'clock' | 'logger' | 'onOutcome' | 'onLate'>,
): TakenMessages {
  return new SessionMessages(options);
}

class SessionMessages implements TakenMessages {
  readonly #options: Pick<NumberSessionOptions, 'phoneNumberId' | 'queue' | 'clock' | 'logger' | 'onOutcome' | 'onLate'>;
  readonly #phoneNumberId: string;
  readonly #queue: MessageQueue;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #taken = new Map<string, Taken>();

  constructor(options: Pick<NumberSessionOptions, 'phoneNumberId' | 'queue' | 'clock' | 'logger' | 'onOutcome' | 'onLate'>) {
    this.#options = options;
    const { phoneNumberId, queue, clock, logger } = options;
    this.#phoneNumberId = phoneNumberId;
    this.#queue = queue;
    this.#clock = clock;
    this.#logger = logger;
  }

  get size(): number {
    return this.#taken.size;
  }

  find(id: string): Taken | undefined {
    return this.#taken.get(id);
  }

  entries(): readonly (readonly [id: string, entry: Taken])[] {
    return [...this.#taken];
  }

  add(job: MessageJob, token: string): Taken {
    const marked = job.progress === ('left' satisfies Progress);
    const inDoubt = marked && job.data.onUnknown === 'resend';
    const entry: Taken = { job, token, marked, parting: false, inDoubt, engineJob: undefined };
    this.#taken.set(job.id ?? '', entry);
    return entry;
  }

  has(entry: Taken): boolean {
    return this.#taken.get(entry.job.id ?? '') === entry;
  }

  leave(entry: Taken): void {
    if (this.has(entry)) this.#taken.delete(entry.job.id ?? '');
  }

  async mark(entry: Taken): Promise<boolean> {
    // A message whose lock was lost during an outage of Redis stays unmarked. After the mark, this process still has
    // the lock.
    if (!(await isOwn(entry))) return false;
    entry.marked = true;
    await setProgress(entry.job, 'left');
    return isOwn(entry);
  }

  async unmark(entry: Taken): Promise<void> {
    if (!entry.marked || entry.inDoubt) return;
    entry.marked = false;
    // Another process may have the message now, and may have marked it.
    if (await isOwn(entry)) await setProgress(entry.job, 'waiting');
  }

  async conclude(entry: Taken, tries: number, outcome: JobOutcome): Promise<void> {
    const { job, token } = entry;
    entry.parting = true;
    try {
      if (outcome.outcome === 'unknown') await job.moveToFailed(new UnrecoverableError(failedReasonOf(outcome.error)), token, false);
      else await job.moveToCompleted(recordOf(outcome), token, false);
    } catch (error) {
      // The response of Redis may have been lost after the outcome was recorded. Otherwise the lock was lost, and the
      // process that has the message reports it as unknown.
      if (!(await this.#isRecorded(job, outcome))) {
        this.#logger.warn('the outcome of a message could not be recorded, as its lock was lost', {
          phoneNumberId: this.#phoneNumberId,
          error,
        });
        if (outcome.outcome === 'accepted') this.#options.onLate(job, outcome.messageId);
        return;
      }
    } finally {
      this.leave(entry);
    }
    this.#options.onOutcome(job, tries, outcome);
  }

  async holdUntil(entry: Taken, until: Date): Promise<void> {
    const heldUntilMs = Math.min(until.getTime(), this.#clock.now() + maxHoldMs);
    await entry.job.updateData({ ...entry.job.data, heldUntilMs });
    entry.parting = true;
    await entry.job.moveToDelayed(heldUntilMs, entry.token);
    this.leave(entry);
  }

  async putBack(unsent: readonly Taken[]): Promise<void> {
    const lastFirst = [...unsent].sort((one, other) => inOrder(other.job, one.job));
    await Promise.all(
      lastFirst.map(async (entry) => {
        try {
          await this.unmark(entry);
          entry.parting = true;
          if (await isOwn(entry)) {
            // BullMQ doesn't keep the order among jobs of the same priority.
            await entry.job.changePriority({ priority: 0 });
            await entry.job.moveToWait(entry.token);
          }
        } catch (error) {
          this.#logger.debug('a message could not be put back, and comes back when its lock is over', {
            phoneNumberId: this.#phoneNumberId,
            error,
          });
        }
        this.leave(entry);
      }),
    );
  }

  async #isRecorded({ id = '' }: MessageJob, outcome: JobOutcome): Promise<boolean> {
    const job = await this.#queue.getJob(id);
    if (job?.finishedOn === undefined) return false;
    return outcome.outcome === 'unknown'
      ? job.failedReason === failedReasonOf(outcome.error)
      : resultOf(job.returnvalue)?.outcome === outcome.outcome;
  }
}

/** Orders the messages of one process by arrival, and those of different processes by the clock. */
export function inOrder(one: MessageJob, other: MessageJob): number {
  return one.timestamp - other.timestamp || one.data.place - other.data.place;
}

function setProgress(job: MessageJob, progress: Progress): Promise<void> {
  return job.updateProgress(progress);
}

/** Whether this process still has the lock of a message. If so, no other process can take it until the lock expires. */
async function isOwn({ job, token }: Taken): Promise<boolean> {
  return (await job.extendLock(token, lockMs)) === 1;
}
