import type { Clock } from '../../runtime/clock.js';
import { createExecutor, type Executor } from './executor.js';
import type { Job } from './job.js';
import { createRecipientQueues, type RecipientQueue, type Rank, type Turn, type RecipientQueues } from './recipient-queues.js';
import type { AgainVerdict, AttemptEnd } from '../attempts/outcome.js';
import type { PaceRecord, PairRecord } from '../pacing/pace-record.js';
import type { Pacer, Slot } from '../pacing/pacer.js';
import { paidUntilAfterRejection, paidUntilAfterSend, pairReadyAtMs, pairWaitMs, type PairRule } from '../pacing/pair-rate.js';

/** Options of {@link createDispatcher}. */
export interface DispatcherOptions {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly pairRule: PairRule;
  /** Maximum delay that a response can request. The message is retried afterwards. */
  readonly maxWaitMs: number;
  /** Maximum number of requests in flight. */
  readonly concurrency: number;
  /** Returns the name of the queue for a message's recipient. */
  readonly queueName: (job: Job) => string;
  /**
   * Looks up the recipient of a message, if the person isn't known yet. The queues of one person are joined afterwards.
   * Must not reject.
   */
  readonly identify: (job: Job) => Promise<void> | undefined;
  /** Makes one attempt, and calls `leaves` immediately before the request. Must not reject. */
  readonly attempt: (job: Job, leaves: () => void) => Promise<AttemptEnd>;
  /** Called when a message will be retried after at least `waitMs`. */
  readonly onAgain: (job: Job, verdict: AgainVerdict, waitMs: number) => void;
}

/**
 * Sends the messages of one number. Takes them from the recipient queues at the rate of the pacer, and puts back
 * messages to retry.
 */
export interface Dispatcher {
  readonly inFlight: number;
  readonly waitingRecipients: number;
  /** Number of recipients with a message that is ready to send and at least as urgent as `rank`. */
  ready(rank: Rank): number;
  /** Calls `onBelow` when {@link ready} is below a limit. */
  whenReadyBelow(rank: Rank, limit: number, onBelow: () => void): void;
  add(job: Job): void;
  /** Joins the queue of one name to that of another. */
  join(from: string, to: string): void;
  /** Returns the pacing state for the next sender of the number. */
  paceRecord(): PaceRecord;
  /** Continues with the pacing state of another sender of the number. Call it before messages are added. */
  restorePace(record: PaceRecord): void;
  pause(): void;
  resume(): void;
  /** Stops sending and returns the waiting messages. */
  close(): Iterable<Job>;
}

interface ReadyWaiter {
  readonly rank: Rank;
  readonly limit: number;
  readonly onBelow: () => void;
}

/** Delay between attempts to connect: a random half to all of a value that doubles from the first to the longest. */
const firstConnectWaitMs = 500;
const longestConnectWaitMs = 20_000;

/** Maximum number of recipients whose pair rates are recorded. Those with the longest delays have priority. */
const maxRecordedPairs = 1_000;

/** Creates a dispatcher without messages. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new NumberDispatcher(options);
}

class NumberDispatcher implements Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  readonly #pairRule: PairRule;
  readonly #attempt: DispatcherOptions['attempt'];
  readonly #onAgain: DispatcherOptions['onAgain'];
  readonly #queues: RecipientQueues<Job>;
  #stopped = false;
  #closed = false;
  #pumping = false;
  #cancelTimer: (() => void) | undefined;
  #timerAtMs = Infinity;
  #failedConnects = 0;
  #connectAgainAtMs = -Infinity;
  readonly #waiters = new Set<ReadyWaiter>();
  readonly #executor: Executor;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { clock, pacer, pairRule, attempt, onAgain } = options;
    this.#clock = clock;
    this.#pacer = pacer;
    this.#pairRule = pairRule;
    this.#attempt = attempt;
    this.#onAgain = onAgain;
    this.#queues = createRecipientQueues<Job>((paidUntilMs) => pairReadyAtMs(paidUntilMs, pairRule));
    this.#executor = createExecutor(options.concurrency, () => {
      this.#pump();
    });
  }

  get inFlight(): number {
    return this.#executor.running;
  }

  get waitingRecipients(): number {
    return this.#queues.waiting;
  }

  ready(rank: Rank): number {
    return this.#queues.ready(rank);
  }

  whenReadyBelow(rank: Rank, limit: number, onBelow: () => void): void {
    const waiter: ReadyWaiter = { rank, limit, onBelow };
    this.#waiters.add(waiter);
    this.#callBelow(waiter);
  }

  add(job: Job): void {
    this.#queues.add(this.#options.queueName(job), job, this.#clock.monotonic());
    this.#pump();
  }

  join(from: string, to: string): void {
    this.#queues.join(from, to, this.#clock.monotonic());
    this.#pump();
  }

  paceRecord(): PaceRecord {
    const nowMs = this.#clock.monotonic();
    // One message is paid off when the next may be sent.
    const pairs = Array.from(
      this.#queues.unpaid(nowMs + this.#pairRule.intervalMs),
      ({ recipient, paidUntilMs, pairRejections }): PairRecord => [recipient, Math.max(0, paidUntilMs - nowMs), pairRejections],
    );
    pairs.sort(([, one], [, other]) => other - one).splice(maxRecordedPairs);
    return { ...this.#pacer.record(nowMs), pairs };
  }

  restorePace(record: PaceRecord): void {
    const nowMs = this.#clock.monotonic();
    this.#pacer.restore(record, nowMs);
    for (const [recipient, paidForMs, rejections] of record.pairs) this.#queues.restore(recipient, nowMs + paidForMs, rejections);
  }

  pause(): void {
    this.#stopped = true;
    this.#disarm();
  }

  resume(): void {
    this.#stopped = false;
    this.#pump();
  }

  close(): Iterable<Job> {
    this.#closed = true;
    this.#stopped = true;
    this.#disarm();
    return this.#queues.clear();
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#timerAtMs = Infinity;
  }

  #wakeAt(atMs: number, nowMs: number): void {
    if (atMs >= this.#timerAtMs) return;
    this.#cancelTimer?.();
    this.#timerAtMs = atMs;
    // Timers have millisecond resolution. A fraction would fire too early, and again.
    this.#cancelTimer = this.#clock.schedule(
      () => {
        this.#onTimer();
      },
      Math.ceil(atMs - nowMs),
    );
  }

  #onTimer(): void {
    this.#disarm();
    this.#pump();
  }

  /** Starts all messages that can start now, and sets the timer for the next one. */
  #pump(): void {
    if (this.#stopped || this.#pumping) return;
    this.#pumping = true;
    while (this.#executor.hasRoom) {
      const nowMs = this.#clock.monotonic();
      const queuesAtMs = this.#queues.nextAtMs(nowMs);
      const atMs = queuesAtMs > nowMs ? queuesAtMs : this.#pacer.nextAtMs(nowMs);
      if (atMs > nowMs) {
        if (atMs < Infinity) this.#wakeAt(atMs, nowMs);
        break;
      }
      const turn = this.#queues.take(nowMs);
      if (turn) this.#start(turn, this.#pacer.take(nowMs));
    }
    this.#pumping = false;
    for (const waiter of [...this.#waiters]) this.#callBelow(waiter);
  }

  #callBelow(waiter: ReadyWaiter): void {
    if (this.#queues.ready(waiter.rank) >= waiter.limit) return;
    this.#waiters.delete(waiter);
    waiter.onBelow();
  }

  #start(turn: Turn<Job>, slot: Slot): void {
    this.#executor.run(async () => {
      const identified = this.#options.identify(turn.job);
      if (identified) {
        await identified;
        if (!this.#closed && !this.#queues.mayContinue(turn)) {
          this.#pacer.release(slot);
          this.#queues.putBack(turn, this.#clock.monotonic(), -Infinity);
          return;
        }
      }
      const end = await this.#attempt(turn.job, () => {
        this.#pacer.sent(slot, this.#clock.monotonic());
      });
      this.#ended(turn, slot, end, this.#clock.monotonic());
    });
  }

  #ended(turn: Turn<Job>, slot: Slot, end: AttemptEnd, nowMs: number): void {
    const queue = this.#queues.present(turn.queue);
    if (end.type === 'not-sent') {
      this.#pacer.release(slot);
      this.#queues.ended(queue, nowMs);
      return;
    }
    if (end.type === 'again' && (end.scope === 'connection' || end.scope === 'store')) {
      this.#pacer.release(slot);
      this.#again(turn, end, nowMs, end.scope === 'store' ? end.waitMs : this.#connectWaitMs(nowMs));
      return;
    }
    this.#failedConnects = 0;
    this.#pacer.ended(slot, nowMs, end.type === 'accepted' ? 'accepted' : isThroughput(end) ? 'throttled' : 'other');
    if (end.type !== 'again') {
      if (end.type !== 'rejected') this.#charge(turn, nowMs);
      this.#queues.ended(queue, nowMs);
    } else if (end.scope === 'pair') {
      this.#again(turn, end, nowMs, 0, this.#pairWait(queue, nowMs));
    } else if (end.scope === 'message') {
      this.#again(turn, end, nowMs, 0, end.waitMs);
    } else {
      this.#again(turn, end, nowMs, end.waitMs);
    }
  }

  /** Puts a message back. Delays all messages (`holdMs`) or only those to its recipient (`recipientMs`). */
  #again(turn: Turn<Job>, verdict: AgainVerdict, nowMs: number, requestedHoldMs: number, requestedRecipientMs = 0): void {
    const holdMs = bounded(requestedHoldMs, this.#options.maxWaitMs);
    const recipientMs = bounded(requestedRecipientMs, this.#options.maxWaitMs);
    if (holdMs > 0) this.#pacer.hold(nowMs + holdMs);
    this.#onAgain(turn.job, verdict, Math.max(holdMs, recipientMs));
    this.#queues.putBack(turn, nowMs, nowMs + recipientMs);
  }

  /** Groups have no pair rate. */
  #charge({ job, queue: taken }: Turn<Job>, nowMs: number): void {
    const queue = this.#queues.present(taken);
    queue.pairRejections = 0;
    if (job.message.recipient_type !== 'group') queue.paidUntilMs = paidUntilAfterSend(queue.paidUntilMs, nowMs, this.#pairRule);
  }

  #pairWait(queue: RecipientQueue<Job>, nowMs: number): number {
    queue.pairRejections += 1;
    queue.paidUntilMs = paidUntilAfterRejection(queue.paidUntilMs, nowMs, this.#pairRule);
    return Math.max(pairWaitMs(queue.pairRejections), pairReadyAtMs(queue.paidUntilMs, this.#pairRule) - nowMs);
  }

  /** All requests that fail to connect at about the same time are one failure. */
  #connectWaitMs(nowMs: number): number {
    if (nowMs >= this.#connectAgainAtMs) {
      const waitMs = Math.min(longestConnectWaitMs, firstConnectWaitMs * 2 ** this.#failedConnects);
      this.#failedConnects += 1;
      this.#connectAgainAtMs = nowMs + waitMs * (0.5 + Math.random() / 2);
    }
    return this.#connectAgainAtMs - nowMs;
  }
}

/** Limits the wait that a response requests. */
function bounded(waitMs: number, maxMs: number): number {
  return Number.isNaN(waitMs) ? 0 : Math.min(maxMs, Math.max(0, waitMs));
}

function isThroughput(end: AttemptEnd): boolean {
  return end.type === 'again' && end.scope === 'rate';
}
