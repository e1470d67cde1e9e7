import { createThrottleFeedback } from './throttle-feedback.js';
import { createTimeline, type Positioned } from './timeline.js';
import { createTravelTimes } from './travel-times.js';

/**
 * How a slot of Meta's window becomes free again.
 *
 * - `even`: when its message has left Meta's window by what the travel times tell; a rare refusal corrects the margin.
 * - `ack`: one second after the answer. Never refused while nothing else uses the number's limit, and slower by the round trip.
 */
export type Pacing = 'even' | 'ack';

/** One place in Meta's window, taken by one request. */
export interface Slot extends Positioned {
  /** Monotonic time at which the request left. */
  sentAtMs: number;
  /** Whether Meta accepted it. */
  accepted: boolean;
}

/** What Meta made of a request, as far as the pace is concerned. */
export type SlotVerdict = 'accepted' | 'throttled' | 'other';

/** Decides when the next request may leave. All times are monotonic milliseconds. */
export interface Pacer {
  /** Messages a second that it takes to pass now. */
  readonly ceiling: number;
  /** Milliseconds by which refusals have widened the window. */
  readonly marginMs: number;
  /** When the next request may leave: now or earlier, later, or `Infinity` while only an answer can tell. */
  nextAtMs(nowMs: number): number;
  /** Takes a slot for a request that is about to leave. */
  take(nowMs: number): Slot;
  /** The request of a slot leaves only now. */
  sent(slot: Slot, nowMs: number): void;
  /** The request of a slot never left. */
  release(slot: Slot): void;
  /** The request of a slot came to its end. */
  ended(slot: Slot, nowMs: number, verdict: SlotVerdict): void;
  /** Nothing leaves before `untilMs`. */
  hold(untilMs: number): void;
}

/** The window that Meta counts messages in, in milliseconds. Source: Meta, Throughput (11 Sep 2026): messages per second. */
const windowMs = 1_000;

/** The window is taken to be at least this much longer: clocks are coarse and timers late. */
const leastMarginMs = 20;

/** No travel time makes the window longer by more than this: a slow answer is no reason to stand still. */
const mostTravelMs = 250;

/** The share of the excess of a round trip that the way there is taken to have had. */
const outwardShare = 0.8;

/** In the even mode a second's messages go out in this many parts. */
const partsOfWindow = 10;

/** After this long without a request its connections are taken for closed (Node's fetch drops idle ones after 4 s). */
const coldAfterMs = 4_000;

/** Requests that may be under way on cold connections, and how many more each answer allows. */
const coldRequests = 4;
const requestsPerAnswer = 2;

/** Makes a pacer for a cap in messages a second, as Meta counts it. */
export function createPacer(cap: number, pacing: Pacing): Pacer {
  const travel = createTravelTimes();
  const feedback = createThrottleFeedback(cap);
  /** Slots of requests without an answer, oldest first. */
  const pending = new Set<Slot>();
  /** Slots of answered requests, by the time at which they leave the window. */
  const answered = createTimeline<Slot>();
  let acceptedInWindow = 0;
  let heldUntilMs = -Infinity;
  let partStartedAtMs = -Infinity;
  let sentInPart = 0;
  let underWay = 0;
  let mostUnderWay = coldRequests;
  let lastAtMs = -Infinity;

  const leavesAtMs = (slot: Slot, nowMs: number): number => {
    if (pacing === 'ack') return nowMs + windowMs + 1;
    const travelMs = Math.min(mostTravelMs, outwardShare * travel.excessMs(nowMs - slot.sentAtMs));
    return slot.sentAtMs + windowMs + Math.max(leastMarginMs, travelMs) + feedback.marginMs;
  };
  /** An unanswered request leaves the window when the slowest travel that is reckoned with is over. */
  const pendingLeavesAtMs = (slot: Slot): number =>
    pacing === 'ack' ? Infinity : slot.sentAtMs + windowMs + mostTravelMs + feedback.marginMs;
  const forget = (nowMs: number): void => {
    for (const slot of pending) {
      if (pendingLeavesAtMs(slot) > nowMs) break;
      pending.delete(slot);
    }
    for (let slot = answered.takeDue(nowMs); slot !== undefined; slot = answered.takeDue(nowMs)) if (slot.accepted) acceptedInWindow -= 1;
  };
  const firstLeavesAtMs = (): number => {
    const [oldest] = pending;
    return Math.min(answered.nextAtMs, oldest === undefined ? Infinity : pendingLeavesAtMs(oldest));
  };
  const partSize = (): number => Math.ceil(feedback.ceiling / partsOfWindow);
  const partMs = (): number => (windowMs * partSize()) / feedback.ceiling;

  return {
    get ceiling() {
      return feedback.ceiling;
    },
    get marginMs() {
      return feedback.marginMs;
    },
    nextAtMs(nowMs) {
      if (nowMs - lastAtMs > coldAfterMs && underWay === 0) mostUnderWay = coldRequests;
      if (underWay >= mostUnderWay) return Infinity;
      forget(nowMs);
      const partAtMs = sentInPart < partSize() ? -Infinity : partStartedAtMs + partMs();
      const slotAtMs = pending.size + answered.size < feedback.ceiling ? -Infinity : firstLeavesAtMs();
      return Math.max(heldUntilMs, feedback.holdUntilMs, partAtMs, slotAtMs);
    },
    take(nowMs) {
      if (nowMs - lastAtMs > windowMs && underWay === 0) feedback.began(nowMs);
      if (nowMs - partStartedAtMs >= partMs()) {
        partStartedAtMs = nowMs;
        sentInPart = 0;
      }
      sentInPart += 1;
      underWay += 1;
      lastAtMs = nowMs;
      const slot: Slot = { sentAtMs: nowMs, accepted: false, position: -1 };
      pending.add(slot);
      return slot;
    },
    sent(slot, nowMs) {
      slot.sentAtMs = nowMs;
      // The set is in the order of sending, also when some were held up before they left.
      pending.delete(slot);
      pending.add(slot);
    },
    release(slot) {
      pending.delete(slot);
      underWay -= 1;
      sentInPart = Math.max(0, sentInPart - 1);
    },
    ended(slot, nowMs, verdict) {
      underWay -= 1;
      mostUnderWay += requestsPerAnswer;
      lastAtMs = nowMs;
      pending.delete(slot);
      travel.note(nowMs - slot.sentAtMs, nowMs);
      slot.accepted = verdict === 'accepted';
      if (slot.accepted) feedback.accepted(nowMs);
      forget(nowMs);
      if (verdict === 'throttled') feedback.refused(slot.sentAtMs, nowMs, acceptedInWindow);
      const atMs = leavesAtMs(slot, nowMs);
      if (atMs <= nowMs) return;
      answered.add(slot, atMs);
      if (slot.accepted) acceptedInWindow += 1;
    },
    hold(untilMs) {
      heldUntilMs = Math.max(heldUntilMs, untilMs);
      mostUnderWay = coldRequests;
    },
  };
}
