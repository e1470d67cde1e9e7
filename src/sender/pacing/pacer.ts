import type { PaceRecord } from './pace-record.js';
import { createThrottleFeedback, type ThrottleFeedback } from './throttle-feedback.js';
import { createIndexedHeap, type Positioned } from '../queue/indexed-heap.js';
import { createTravelTimes } from './travel-times.js';

/**
 * How the sender spaces requests. Meta counts the messages of the last second. The sender assumes that a message no longer counts:
 *
 * - `even`: one second after it reached Meta. The sender estimates this time from earlier requests. If Meta rejects a message because of the
 *   rate, the sender adds a margin.
 * - `ack`: one second after Meta's response. Meta then never rejects a message because of the rate, unless another program sends from the
 *   number, but each message takes a round trip longer.
 */
export type SendPacing = 'even' | 'ack';

/** A place in Meta's window, taken by one request. */
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
  /** Messages a second that are taken to pass now. */
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
  /** A message that others sent or received by the same number uses up Meta's window, too. */
  charge(nowMs: number): void;
  /** Meta lets more or less through from now on. */
  changeCap(cap: number): void;
  /** Nothing leaves before `untilMs`, and then only a few requests at first. */
  hold(untilMs: number): void;
  /** What the next sender of the number continues with. */
  record(nowMs: number): Omit<PaceRecord, 'pairs'>;
  /** Continues the pace of another sender of the number. */
  restore(record: Omit<PaceRecord, 'pairs'>, nowMs: number): void;
}

/** The window that Meta counts messages in, in milliseconds. Source: Meta, Throughput (11 Sep 2026): messages per second. */
const windowMs = 1_000;

/** The window is taken to be longer at least by so much: clocks are coarse, and timers late. */
const leastTravelMs = 20;

/** And at most by so much for one slow exchange: a slow answer is no reason to stand still. */
const mostTravelMs = 250;

/**
 * A second's messages go out in this many parts, so that no second, wherever it begins, gets many more than another. Where exchanges
 * usually differ by more than `fromMs`, the parts are fewer and larger: travel times mix up only what lies close to the edge between two
 * parts, and there are fewer edges. Large parts are for slow numbers: hundreds of requests at once would themselves cause a stall.
 */
const partsOfWindow = 10;
const fewerParts: readonly { readonly fromMs: number; readonly parts: number }[] = [
  { fromMs: 140, parts: 2 },
  { fromMs: 60, parts: 4 },
];
const largestPart = 20;

/** After a rest of this length connections are taken for closed (Node's fetch drops idle ones after 4 s). */
const coldAfterMs = 4_000;

/**
 * How many requests may be under way on cold connections, and how many more each answer allows: at first until as many are under way as leave
 * in the time of the quickest exchange and a little more, then until as many as leave in that time and `queueingMs`. Where more wait for an
 * answer they do so on this side (for this process, whose code is still cold; for a proxy), and to start more only makes all of them older.
 * Slow numbers may always have a few under way.
 */
const requestsWhenCold = 4;
const requestsPerAnswer = { atFirst: 2, then: 0.1 };
const littleQueueingMs = 60;
const queueingMs = 250;
const fewRequests = 50;

/** Makes a pacer for a cap in messages a second, as Meta counts them. */
export function createPacer(cap: number, pacing: SendPacing): Pacer {
  return new NumberPacer(cap, pacing);
}

class NumberPacer implements Pacer {
  readonly #pacing: SendPacing;
  readonly #travel = createTravelTimes();
  readonly #feedback: ThrottleFeedback;
  /** Slots of requests without an answer, in the order of sending. */
  readonly #pending = new Set<Slot>();
  /** Slots of answered requests, by the time at which they leave the window. */
  readonly #answered = createIndexedHeap<Slot>();
  #acceptedInWindow = 0;
  #heldUntilMs = -Infinity;
  #partStartedAtMs = -Infinity;
  #sentInPart = 0;
  #underWay = 0;
  #mostUnderWay = requestsWhenCold;
  #lastAtMs = -Infinity;

  constructor(cap: number, pacing: SendPacing) {
    this.#pacing = pacing;
    this.#feedback = createThrottleFeedback(cap);
  }

  get ceiling(): number {
    return this.#feedback.ceiling;
  }

  get marginMs(): number {
    return this.#feedback.marginMs;
  }

  nextAtMs(nowMs: number): number {
    if (this.#underWay === 0 && nowMs - this.#lastAtMs > coldAfterMs) this.#mostUnderWay = requestsWhenCold;
    if (this.#underWay >= (this.#feedback.probing ? 1 : this.#mostUnderWay)) return Infinity;
    this.#forget(nowMs);
    const partAtMs = this.#sentInPart < this.#partSize() ? -Infinity : this.#partStartedAtMs + this.#partMs();
    const slotAtMs = this.#pending.size + this.#answered.size < this.#feedback.ceiling ? -Infinity : this.#firstLeavesAtMs();
    return Math.max(this.#heldUntilMs, this.#feedback.holdUntilMs, partAtMs, slotAtMs);
  }

  take(nowMs: number): Slot {
    if (this.#underWay === 0 && nowMs - this.#lastAtMs > windowMs) this.#feedback.began(nowMs);
    if (nowMs - this.#partStartedAtMs >= this.#partMs()) {
      this.#partStartedAtMs = nowMs;
      this.#sentInPart = 0;
    }
    this.#sentInPart += 1;
    this.#underWay += 1;
    this.#lastAtMs = nowMs;
    const slot: Slot = { sentAtMs: nowMs, accepted: false, position: -1 };
    this.#pending.add(slot);
    return slot;
  }

  sent(slot: Slot, nowMs: number): void {
    if (slot.sentAtMs === nowMs) return;
    slot.sentAtMs = nowMs;
    this.#pending.delete(slot);
    this.#pending.add(slot);
  }

  release(slot: Slot): void {
    this.#pending.delete(slot);
    this.#underWay -= 1;
    this.#sentInPart = Math.max(0, this.#sentInPart - 1);
  }

  ended(slot: Slot, nowMs: number, verdict: SlotVerdict): void {
    this.#underWay -= 1;
    this.#lastAtMs = nowMs;
    this.#pending.delete(slot);
    this.#forget(nowMs);
    const inWindow = { sent: this.#pending.size + this.#answered.size, accepted: this.#pending.size + this.#acceptedInWindow };
    if (verdict === 'accepted') this.#feedback.accepted(slot.sentAtMs, nowMs, { ...inWindow, accepted: inWindow.accepted + 1 });
    if (verdict === 'throttled') this.#feedback.refused(slot.sentAtMs, nowMs, inWindow);
    if (this.#feedback.probing) this.#mostUnderWay = 0;
    else this.#allowMore();
    const atMs = this.#leavesAtMs(slot, nowMs);
    if (atMs <= nowMs) return;
    slot.accepted = verdict === 'accepted';
    if (slot.accepted) this.#acceptedInWindow += 1;
    this.#answered.add(slot, atMs);
  }

  charge(nowMs: number): void {
    this.#forget(nowMs);
    this.#acceptedInWindow += 1;
    this.#answered.add({ sentAtMs: nowMs, accepted: true, position: -1 }, nowMs + windowMs);
  }

  changeCap(cap: number): void {
    this.#feedback.changeCap(cap);
  }

  hold(untilMs: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, untilMs);
    this.#mostUnderWay = requestsWhenCold;
  }

  record(nowMs: number): Omit<PaceRecord, 'pairs'> {
    this.#forget(nowMs);
    // A request without a response may have arrived as late as now.
    const pendingForMs = windowMs + mostTravelMs + this.#feedback.marginMs;
    return {
      ...this.#feedback.record(nowMs),
      freeInMs: [...[...this.#answered.times()].map((atMs) => atMs - nowMs), ...Array.from(this.#pending, () => pendingForMs)],
      heldForMs: Math.max(0, this.#heldUntilMs - nowMs),
    };
  }

  restore(record: Omit<PaceRecord, 'pairs'>, nowMs: number): void {
    this.#feedback.restore(record, nowMs);
    for (const freeInMs of record.freeInMs) {
      this.#acceptedInWindow += 1;
      this.#answered.add({ sentAtMs: nowMs, accepted: true, position: -1 }, nowMs + freeInMs);
    }
    if (record.heldForMs > 0) this.#heldUntilMs = Math.max(this.#heldUntilMs, nowMs + record.heldForMs);
  }

  #leavesAtMs(slot: Slot, nowMs: number): number {
    if (this.#pacing === 'ack') return nowMs + windowMs + 1;
    const travelMs = Math.min(mostTravelMs, this.#travel.note(nowMs - slot.sentAtMs, nowMs));
    return slot.sentAtMs + windowMs + Math.max(leastTravelMs, travelMs) + this.#feedback.marginMs;
  }

  #pendingLeavesAtMs(slot: Slot): number {
    return this.#pacing === 'ack' ? Infinity : slot.sentAtMs + windowMs + mostTravelMs + this.#feedback.marginMs;
  }

  #forget(nowMs: number): void {
    for (const slot of this.#pending) {
      if (this.#pendingLeavesAtMs(slot) > nowMs) break;
      this.#pending.delete(slot);
    }
    for (let slot = this.#answered.takeDue(nowMs); slot !== undefined; slot = this.#answered.takeDue(nowMs))
      if (slot.accepted) this.#acceptedInWindow -= 1;
  }

  #firstLeavesAtMs(): number {
    const [oldest] = this.#pending;
    return Math.min(this.#answered.nextAtMs, oldest === undefined ? Infinity : this.#pendingLeavesAtMs(oldest));
  }

  #allowMore(): void {
    const leavingIn = (ms: number): number => Math.max(fewRequests, (this.#feedback.ceiling * (this.#travel.quickestMs + ms)) / 1_000);
    const more = this.#mostUnderWay < leavingIn(littleQueueingMs) ? requestsPerAnswer.atFirst : requestsPerAnswer.then;
    this.#mostUnderWay = Math.min(this.#mostUnderWay + more, leavingIn(queueingMs));
  }

  #partSize(): number {
    const parts = fewerParts.find(
      ({ fromMs, parts }) => this.#travel.usualExcessMs > fromMs && this.#feedback.ceiling / parts <= largestPart,
    )?.parts;
    return Math.ceil(this.#feedback.ceiling / (parts ?? partsOfWindow));
  }

  #partMs(): number {
    return (windowMs * this.#partSize()) / this.#feedback.ceiling;
  }
}
