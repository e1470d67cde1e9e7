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

/** A slot in Meta's window, used by one request. */
export interface Slot extends Positioned {
  /** Monotonic time at which the request was sent. */
  sentAtMs: number;
  /** Whether Meta accepted it. */
  accepted: boolean;
}

/** The effect of a response on the pacing. */
export type SlotVerdict = 'accepted' | 'throttled' | 'other';

/** Decides when the next request may be sent. All times are monotonic milliseconds. */
export interface Pacer {
  /** Messages per second that Meta is assumed to accept now. */
  readonly ceiling: number;
  /** Milliseconds by which rejections have widened the window. */
  readonly marginMs: number;
  /**
   * Returns when the next request may be sent. It can be in the past, and is `Infinity` if it depends on a pending
   * response.
   */
  nextAtMs(nowMs: number): number;
  /** Takes a slot for a request that is about to be sent. */
  take(nowMs: number): Slot;
  /** Moves a slot to the time at which its request is actually sent. */
  sent(slot: Slot, nowMs: number): void;
  /** Releases the slot of a request that wasn't sent. */
  release(slot: Slot): void;
  /** Records the response to a request. */
  ended(slot: Slot, nowMs: number, verdict: SlotVerdict): void;
  /** Counts a message that another program sent, or that the number received. It uses Meta's window too. */
  charge(nowMs: number): void;
  /** Changes the limit. */
  changeCap(cap: number): void;
  /** Sends nothing until `untilMs`, and only a few requests at first afterwards. */
  hold(untilMs: number): void;
  /** Returns the state for the next sender of the number. */
  record(nowMs: number): Omit<PaceRecord, 'pairs'>;
  /** Continues with the state of another sender of the number. */
  restore(record: Omit<PaceRecord, 'pairs'>, nowMs: number): void;
}

/**
 * The window in which Meta counts messages, in milliseconds. Source: Meta, Throughput (11 Sep 2026): messages per
 * second.
 */
const windowMs = 1_000;

/** Minimum extension of the window, because clocks are coarse and timers late. */
const minTravelMs = 20;

/** Maximum extension of the window for one slow request, so that one slow response doesn't stop the number. */
const maxTravelMs = 250;

/**
 * The number of batches per second. Small batches distribute messages evenly over any one-second interval. If round
 * trips usually vary by more than `fromMs`, there are fewer and larger batches, because varying travel times only mix
 * messages at the boundaries of batches. Large batches are for slow numbers only, because hundreds of simultaneous
 * requests would themselves cause a delay.
 */
const partsOfWindow = 10;
const fewerParts: readonly { readonly fromMs: number; readonly parts: number }[] = [
  { fromMs: 140, parts: 2 },
  { fromMs: 60, parts: 4 },
];
const largestPart = 20;

/** After this idle time, connections count as closed. Node's `fetch` closes idle ones after 4 s. */
const coldAfterMs = 4_000;

/**
 * Limits requests in flight after a cold start. The limit starts at `requestsWhenCold` and grows with each response. It
 * grows fast up to the number of requests that are sent during the quickest round trip plus `littleQueueingMs`, then
 * slowly up to that plus `queueingMs`. More requests would only queue locally (in a cold process, or in a proxy) and
 * make all of them slower. `fewRequests` are always allowed in the end, also for slow numbers.
 */
const requestsWhenCold = 4;
const requestsPerResponse = { atFirst: 2, then: 0.1 };
const littleQueueingMs = 60;
const queueingMs = 250;
const fewRequests = 50;

/** Creates a pacer for a limit in messages per second, as Meta counts them. */
export function createPacer(cap: number, pacing: SendPacing): Pacer {
  return new NumberPacer(cap, pacing);
}

class NumberPacer implements Pacer {
  readonly #pacing: SendPacing;
  readonly #travel = createTravelTimes();
  readonly #feedback: ThrottleFeedback;
  /** Slots of requests without a response, in the order of sending. */
  readonly #pending = new Set<Slot>();
  /** Slots of requests with a response, by the time at which they leave the window. */
  readonly #answered = createIndexedHeap<Slot>();
  #acceptedInWindow = 0;
  #heldUntilMs = -Infinity;
  #partStartedAtMs = -Infinity;
  #sentInPart = 0;
  #inFlight = 0;
  #maxInFlight = requestsWhenCold;
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
    if (this.#inFlight === 0 && nowMs - this.#lastAtMs > coldAfterMs) this.#maxInFlight = requestsWhenCold;
    if (this.#inFlight >= (this.#feedback.probing ? 1 : this.#maxInFlight)) return Infinity;
    this.#forget(nowMs);
    const partAtMs = this.#sentInPart < this.#partSize() ? -Infinity : this.#partStartedAtMs + this.#partMs();
    const slotAtMs = this.#pending.size + this.#answered.size < this.#feedback.ceiling ? -Infinity : this.#firstLeavesAtMs();
    return Math.max(this.#heldUntilMs, this.#feedback.holdUntilMs, partAtMs, slotAtMs);
  }

  take(nowMs: number): Slot {
    if (this.#inFlight === 0 && nowMs - this.#lastAtMs > windowMs) this.#feedback.began(nowMs);
    if (nowMs - this.#partStartedAtMs >= this.#partMs()) {
      this.#partStartedAtMs = nowMs;
      this.#sentInPart = 0;
    }
    this.#sentInPart += 1;
    this.#inFlight += 1;
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
    this.#inFlight -= 1;
    this.#sentInPart = Math.max(0, this.#sentInPart - 1);
  }

  ended(slot: Slot, nowMs: number, verdict: SlotVerdict): void {
    this.#inFlight -= 1;
    this.#lastAtMs = nowMs;
    this.#pending.delete(slot);
    this.#forget(nowMs);
    const inWindow = { sent: this.#pending.size + this.#answered.size, accepted: this.#pending.size + this.#acceptedInWindow };
    if (verdict === 'accepted') this.#feedback.accepted(slot.sentAtMs, nowMs, { ...inWindow, accepted: inWindow.accepted + 1 });
    if (verdict === 'throttled') this.#feedback.rejected(slot.sentAtMs, nowMs, inWindow);
    if (this.#feedback.probing) this.#maxInFlight = 0;
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
    this.#maxInFlight = requestsWhenCold;
  }

  record(nowMs: number): Omit<PaceRecord, 'pairs'> {
    this.#forget(nowMs);
    // A request without a response may only have arrived at Meta just now.
    const pendingForMs = windowMs + maxTravelMs + this.#feedback.marginMs;
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
    const travelMs = Math.min(maxTravelMs, this.#travel.note(nowMs - slot.sentAtMs, nowMs));
    return slot.sentAtMs + windowMs + Math.max(minTravelMs, travelMs) + this.#feedback.marginMs;
  }

  #pendingLeavesAtMs(slot: Slot): number {
    return this.#pacing === 'ack' ? Infinity : slot.sentAtMs + windowMs + maxTravelMs + this.#feedback.marginMs;
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
    const more = this.#maxInFlight < leavingIn(littleQueueingMs) ? requestsPerResponse.atFirst : requestsPerResponse.then;
    this.#maxInFlight = Math.min(this.#maxInFlight + more, leavingIn(queueingMs));
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
