import type { Clock } from '../../runtime/clock.js';
import { createExecutor } from './executor.js';
import type { Job } from './job.js';
import { createLanes, type Lane, type Rank, type Turn } from './lanes.js';
import type { AgainVerdict } from '../attempts/outcome.js';
import type { Pacer, Slot } from '../pacing/pacer.js';
import { paidUntilAfterRefusal, paidUntilAfterSend, pairReadyAtMs, pairWaitMs, type PairRule } from '../pacing/pair-rate.js';

/** How one try of a message ended, as far as lanes and pace are concerned. */
export type TryEnd = { readonly type: 'accepted' | 'refused' | 'not-sent' | 'unknown' } | AgainVerdict;

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly pairRule: PairRule;
  /** The longest wait that a response may ask for. Afterwards the message is retried. */
  readonly maxWaitMs: number;
  /** The most requests under way at once. */
  readonly concurrency: number;
  /** Names the queue of a message's recipient. */
  readonly queueName: (job: Job) => string;
  /** Looks up who the recipient is, if that isn't known. Afterwards the queues of one person are joined. Must not reject. */
  readonly identify: (job: Job) => Promise<void> | undefined;
  /** Makes one try, and calls `leaves` just before the request does. Must not reject. */
  readonly attempt: (job: Job, leaves: () => void) => Promise<TryEnd>;
  /** A message is about to wait for its next try, for `waitMs` at least. */
  readonly onAgain: (job: Job, verdict: AgainVerdict, waitMs: number) => void;
}

/** Sends the messages of one number: takes them from the lanes when the pacer lets one go, and brings back what has to go again. */
export interface Dispatcher {
  readonly inFlight: number;
  readonly waitingRecipients: number;
  /** Recipients with a message that could leave now and is at least as urgent as `rank`. */
  ready(rank: Rank): number;
  /** Calls back once {@link ready} is below a limit. */
  whenReadyBelow(rank: Rank, limit: number, onBelow: () => void): void;
  add(job: Job): void;
  /** Joins the queue of one name to that of another. */
  join(from: string, to: string): void;
  pause(): void;
  resume(): void;
  /** Starts nothing more, and hands out what waits. */
  close(): Iterable<Job>;
}

interface ReadyWaiter {
  readonly rank: Rank;
  readonly limit: number;
  readonly onBelow: () => void;
}

/** Waits between tries to connect: half to the whole of a value that doubles from here to there. */
const firstConnectWaitMs = 500;
const longestConnectWaitMs = 20_000;

/** Makes a dispatcher without messages. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { clock, pacer, pairRule, attempt, onAgain } = options;
  const lanes = createLanes<Job>((paidUntilMs) => pairReadyAtMs(paidUntilMs, pairRule));
  let stopped = false;
  let closed = false;
  let pumping = false;
  let cancelTimer: (() => void) | undefined;
  let timerAtMs = Infinity;
  let failedConnects = 0;
  let connectAgainAtMs = -Infinity;
  const waiters = new Set<ReadyWaiter>();

  const disarm = (): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    timerAtMs = Infinity;
  };
  const wakeAt = (atMs: number, nowMs: number): void => {
    if (atMs >= timerAtMs) return;
    cancelTimer?.();
    timerAtMs = atMs;
    // A whole millisecond is what timers know; a shorter one would fire before its time, and again.
    cancelTimer = clock.schedule(onTimer, Math.ceil(atMs - nowMs));
  };
  const onTimer = (): void => {
    disarm();
    pump();
  };
  /** Starts whatever can start now, and sets the timer for the next. */
  const pump = (): void => {
    if (stopped || pumping) return;
    pumping = true;
    while (executor.hasRoom) {
      const nowMs = clock.monotonic();
      const lanesAtMs = lanes.nextAtMs(nowMs);
      const atMs = lanesAtMs > nowMs ? lanesAtMs : pacer.nextAtMs(nowMs);
      if (atMs > nowMs) {
        if (atMs < Infinity) wakeAt(atMs, nowMs);
        break;
      }
      const turn = lanes.take(nowMs);
      if (turn) start(turn, pacer.take(nowMs));
    }
    pumping = false;
    for (const waiter of [...waiters]) callBelow(waiter);
  };
  const callBelow = (waiter: ReadyWaiter): void => {
    if (lanes.ready(waiter.rank) >= waiter.limit) return;
    waiters.delete(waiter);
    waiter.onBelow();
  };
  const executor = createExecutor(options.concurrency, pump);

  const start = (turn: Turn<Job>, slot: Slot): void => {
    executor.run(async () => {
      const identified = options.identify(turn.job);
      if (identified) {
        await identified;
        if (!closed && !lanes.mayContinue(turn)) {
          pacer.release(slot);
          lanes.putBack(turn, clock.monotonic(), -Infinity);
          return;
        }
      }
      const end = await attempt(turn.job, () => {
        pacer.sent(slot, clock.monotonic());
      });
      ended(turn, slot, end, clock.monotonic());
    });
  };
  const ended = (turn: Turn<Job>, slot: Slot, end: TryEnd, nowMs: number): void => {
    const lane = lanes.present(turn.lane);
    if (end.type === 'not-sent') {
      pacer.release(slot);
      lanes.ended(lane, nowMs);
      return;
    }
    if (end.type === 'again' && (end.scope === 'connection' || end.scope === 'store')) {
      pacer.release(slot);
      again(turn, end, nowMs, end.scope === 'store' ? end.waitMs : connectWaitMs(nowMs));
      return;
    }
    failedConnects = 0;
    pacer.ended(slot, nowMs, end.type === 'accepted' ? 'accepted' : isThroughput(end) ? 'throttled' : 'other');
    if (end.type !== 'again') {
      if (end.type !== 'refused') charge(turn, nowMs);
      lanes.ended(lane, nowMs);
    } else if (end.scope === 'pair') {
      again(turn, end, nowMs, 0, pairWait(lane, nowMs));
    } else if (end.scope === 'message') {
      again(turn, end, nowMs, 0, end.waitMs);
    } else {
      again(turn, end, nowMs, end.waitMs);
    }
  };
  /** Brings a message back, and holds all (`holdMs`) or only its recipient (`laneMs`). */
  const again = (turn: Turn<Job>, verdict: AgainVerdict, nowMs: number, askedHoldMs: number, askedLaneMs = 0): void => {
    const holdMs = bounded(askedHoldMs, options.maxWaitMs);
    const laneMs = bounded(askedLaneMs, options.maxWaitMs);
    if (holdMs > 0) pacer.hold(nowMs + holdMs);
    onAgain(turn.job, verdict, Math.max(holdMs, laneMs));
    lanes.putBack(turn, nowMs, nowMs + laneMs);
  };
  /** The pair rate is one of Meta's for people. */
  const charge = ({ job, lane: taken }: Turn<Job>, nowMs: number): void => {
    const lane = lanes.present(taken);
    lane.pairRefusals = 0;
    if (job.message.recipient_type !== 'group') lane.paidUntilMs = paidUntilAfterSend(lane.paidUntilMs, nowMs, pairRule);
  };
  const pairWait = (lane: Lane<Job>, nowMs: number): number => {
    lane.pairRefusals += 1;
    lane.paidUntilMs = paidUntilAfterRefusal(lane.paidUntilMs, nowMs, pairRule);
    return Math.max(pairWaitMs(lane.pairRefusals), pairReadyAtMs(lane.paidUntilMs, pairRule) - nowMs);
  };
  /** All requests that fail to connect at about the same time are one failure. */
  const connectWaitMs = (nowMs: number): number => {
    if (nowMs >= connectAgainAtMs) {
      const waitMs = Math.min(longestConnectWaitMs, firstConnectWaitMs * 2 ** failedConnects);
      failedConnects += 1;
      connectAgainAtMs = nowMs + waitMs * (0.5 + Math.random() / 2);
    }
    return connectAgainAtMs - nowMs;
  };

  return {
    get inFlight() {
      return executor.running;
    },
    get waitingRecipients() {
      return lanes.waiting;
    },
    ready: (rank) => lanes.ready(rank),
    whenReadyBelow(rank, limit, onBelow) {
      const waiter: ReadyWaiter = { rank, limit, onBelow };
      waiters.add(waiter);
      callBelow(waiter);
    },
    add(job) {
      lanes.add(options.queueName(job), job, clock.monotonic());
      pump();
    },
    join(from, to) {
      lanes.join(from, to, clock.monotonic());
      pump();
    },
    pause() {
      stopped = true;
      disarm();
    },
    resume() {
      stopped = false;
      pump();
    },
    close() {
      closed = true;
      stopped = true;
      disarm();
      return lanes.clear();
    },
  };
}

/** A wait within bounds, whatever a response said. */
function bounded(waitMs: number, maxMs: number): number {
  return Number.isNaN(waitMs) ? 0 : Math.min(maxMs, Math.max(0, waitMs));
}

function isThroughput(end: TryEnd): boolean {
  return end.type === 'again' && end.scope === 'rate';
}
