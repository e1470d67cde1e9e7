import type { FeedbackRecord } from './pace-record.js';

/** What Meta's refusals say about how fast the number may really send. */
export interface ThrottleFeedback {
  /** Messages a second that are taken to pass: the cap, or less while Meta lets less through. */
  readonly ceiling: number;
  /** Milliseconds by which the window is widened beyond what travel times ask for. */
  readonly marginMs: number;
  /** Nothing goes out before this monotonic time. */
  readonly holdUntilMs: number;
  /** Whether requests go out one by one, each after the answer of the last, until one is accepted. */
  readonly probing: boolean;
  /** The sender begins to send after a rest. */
  began(nowMs: number): void;
  /** A request sent at `sentAtMs` was accepted. */
  accepted(sentAtMs: number, nowMs: number, inWindow: WindowCount): void;
  /** A request sent at `sentAtMs` was refused for throughput. */
  refused(sentAtMs: number, nowMs: number, inWindow: WindowCount): void;
  /** Meta lets more or less through from now on. */
  changeCap(cap: number): void;
  /** What the next sender of the number continues with. */
  record(nowMs: number): FeedbackRecord;
  /** Continues with what another sender of the number has learned. */
  restore(record: FeedbackRecord, nowMs: number): void;
}

/** How many requests of this sender were in Meta's window at most, as far as it can tell. */
export interface WindowCount {
  /** All that may have reached Meta. */
  readonly sent: number;
  /** Those among them that were not refused. */
  readonly accepted: number;
}

/** How much a refusal widens the window (twice as much as the last time if that was a moment ago), and how much of it goes again in a second of success. */
const marginStepMs = 10;
const momentMs = 3_000;
const marginDecayPerSecondMs = 0.2;

/** A wider window than this is not for travel times to need: the ceiling is lowered by a tenth instead. */
const mostMarginMs = 150;

/** So many refusals without an acceptance in between are no matter of travel times: where the limit is, is found from below. */
const refusalsOfLowerLimit = 2;

/** Refusals of more than this share of the ceiling in a row (one, with a slow number) make the sender send one by one, and hold: this long after the second, twice as long after each further one. */
const fewOfCeiling = 0.05;
const firstHoldMs = 100;
const longestHoldMs = 1_000;

/** A refusal while less than this share of the ceiling was in the window cannot come from travel times: the limit is lower, or others use it. */
const shareOfLowerLimit = 0.8;

/** A raised ceiling has passed when nothing was refused for so long. */
const trialMs = 2_000;

/** After a raise that failed, the next waits this long, and twice as long after each further one. */
const firstPauseMs = 4_000;
const longestPauseMs = 64_000;

/** Starts with the full cap and without a margin. */
export function createThrottleFeedback(firstCap: number): ThrottleFeedback {
  return new WindowFeedback(firstCap);
}

class WindowFeedback implements ThrottleFeedback {
  #cap: number;
  #marginMs = 0;
  #decayedAtMs = 0;
  #holdUntilMs = -Infinity;
  #beganAtMs = 0;
  #refusalsInRow = 0;
  /** Those among them that left when the one before was known. */
  #tellingInRow = 0;
  #stepMs = marginStepMs;
  #widenedAtMs = -Infinity;
  /** Requests sent before this left in ignorance of the last refusal: a further refusal of theirs is no reason to widen again, an acceptance no reason to go on. */
  #heardAtMs = -Infinity;
  #ceiling: number;
  /** The ceiling that has passed; below `ceiling` while a raise is on trial. */
  #passed: number;
  #raise = 1;
  #nextRaiseAtMs = 0;
  #pauseMs = firstPauseMs;
  /** What another sender learned, until it is known that the cap is the same. */
  #restored: { readonly cap: number; readonly ceiling: number; readonly raiseAtMs: number } | undefined;

  constructor(firstCap: number) {
    this.#cap = firstCap;
    this.#ceiling = this.#cap;
    this.#passed = this.#cap;
  }

  get ceiling(): number {
    return this.#ceiling;
  }

  get marginMs(): number {
    return this.#marginMs;
  }

  get holdUntilMs(): number {
    return this.#holdUntilMs;
  }

  get probing(): boolean {
    return this.#refusalsInRow > this.#few();
  }

  began(nowMs: number): void {
    this.#beganAtMs = nowMs;
  }

  accepted(sentAtMs: number, nowMs: number, inWindow: WindowCount): void {
    this.#decay(nowMs);
    if (sentAtMs < this.#heardAtMs) return;
    const found = Math.max(inWindow.accepted, Math.ceil(this.#ceiling / 4));
    if (this.#tellingInRow >= refusalsOfLowerLimit && found < this.#ceiling) this.#lower(found, nowMs + trialMs);
    this.#refusalsInRow = this.#tellingInRow = 0;
    if (nowMs < this.#nextRaiseAtMs) return;
    if (this.#ceiling > this.#passed) {
      this.#passed = this.#ceiling;
      this.#raise *= 2;
      this.#pauseMs = firstPauseMs;
    }
    this.#ceiling = Math.min(this.#cap, this.#ceiling + this.#raise);
    this.#nextRaiseAtMs = nowMs + trialMs;
  }

  refused(sentAtMs: number, nowMs: number, inWindow: WindowCount): void {
    this.#decay(nowMs);
    this.#refusalsInRow += 1;
    if (sentAtMs < this.#heardAtMs) return;
    this.#heardAtMs = nowMs;
    this.#tellingInRow += 1;
    if (this.#refusalsInRow > this.#few())
      this.#holdUntilMs = nowMs + Math.min(longestHoldMs, firstHoldMs * 2 ** (this.#refusalsInRow / this.#few() - 2));
    if (this.#ceiling > this.#passed) {
      this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
      this.#lower(this.#passed, nowMs + this.#pauseMs);
    } else if (inWindow.sent < this.#ceiling * shareOfLowerLimit && nowMs - this.#beganAtMs > 1_000) {
      // In the first second there is no telling what left before, from this process or another.
      this.#lower(inWindow.accepted, nowMs + this.#pauseMs);
    } else {
      this.#widen(nowMs);
    }
  }

  changeCap(next: number): void {
    this.#cap = this.#ceiling = this.#passed = next;
    this.#raise = 1;
    this.#pauseMs = firstPauseMs;
    this.#applyRestored();
  }

  record(nowMs: number): FeedbackRecord {
    this.#decay(nowMs);
    return { cap: this.#cap, ceiling: this.#passed, marginMs: this.#marginMs, raiseInMs: Math.max(0, this.#nextRaiseAtMs - nowMs) };
  }

  restore(record: FeedbackRecord, nowMs: number): void {
    this.#marginMs = Math.min(mostMarginMs, record.marginMs);
    this.#decayedAtMs = nowMs;
    this.#restored = { cap: record.cap, ceiling: record.ceiling, raiseAtMs: nowMs + record.raiseInMs };
    this.#applyRestored();
  }

  /** So many refusals in a row may be of requests that came a little too close. */
  #few(): number {
    return Math.max(1, this.#ceiling * fewOfCeiling);
  }

  #decay(nowMs: number): void {
    this.#marginMs = Math.max(0, this.#marginMs - ((nowMs - this.#decayedAtMs) / 1000) * marginDecayPerSecondMs);
    this.#decayedAtMs = nowMs;
  }

  #lower(to: number, nextRaise: number): void {
    this.#ceiling = this.#passed = Math.max(1, to);
    this.#raise = Math.ceil(this.#ceiling / 20);
    this.#nextRaiseAtMs = nextRaise;
  }

  #widen(nowMs: number): void {
    this.#stepMs = nowMs - this.#widenedAtMs < momentMs ? this.#stepMs * 2 : marginStepMs;
    this.#widenedAtMs = nowMs;
    this.#marginMs += this.#stepMs;
    if (this.#marginMs <= mostMarginMs) return;
    this.#lower(Math.floor(this.#ceiling * 0.9), nowMs + this.#pauseMs);
    this.#marginMs = marginStepMs;
    this.#stepMs = marginStepMs;
  }

  #applyRestored(): void {
    if (this.#restored?.cap !== this.#cap) return;
    if (this.#restored.ceiling < this.#cap) this.#lower(this.#restored.ceiling, this.#restored.raiseAtMs);
    this.#restored = undefined;
  }
}
