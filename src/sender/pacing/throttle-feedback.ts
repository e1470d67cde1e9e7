import type { FeedbackRecord } from './pace-record.js';

/** Adapts the rate of a number to Meta's rate-limit rejections. */
export interface ThrottleFeedback {
  /** Messages per second that Meta is assumed to accept: the cap, or less while Meta rejects messages. */
  readonly ceiling: number;
  /** Milliseconds by which the window is widened in addition to travel times. */
  readonly marginMs: number;
  /** Nothing is sent before this monotonic time. */
  readonly holdUntilMs: number;
  /** Whether requests are sent one by one, each after the response to the last, until one is accepted. */
  readonly probing: boolean;
  /** The sender starts to send after an idle period. */
  began(nowMs: number): void;
  /** Records that a request sent at `sentAtMs` was accepted. */
  accepted(sentAtMs: number, nowMs: number, inWindow: WindowCount): void;
  /** Records that a request sent at `sentAtMs` was rejected because of the throughput. */
  rejected(sentAtMs: number, nowMs: number, inWindow: WindowCount): void;
  /** Changes the limit. */
  changeCap(cap: number): void;
  /** Returns the state for the next sender of the number. */
  record(nowMs: number): FeedbackRecord;
  /** Continues with the state of another sender of the number. */
  restore(record: FeedbackRecord, nowMs: number): void;
}

/** The maximum number of this sender's requests in Meta's window, as far as known. */
export interface WindowCount {
  /** All requests that may have reached Meta. */
  readonly sent: number;
  /** Those that Meta didn't reject. */
  readonly accepted: number;
}

/**
 * How much a rejection widens the window (doubled if the last one was less than `momentMs` ago), and how fast the
 * window shrinks again while messages are accepted.
 */
const marginStepMs = 10;
const momentMs = 3_000;
const marginDecayPerSecondMs = 0.2;

/** Maximum widening for travel times. Beyond it, the ceiling is lowered by a tenth instead. */
const maxMarginMs = 150;

/**
 * This many rejections without an acceptance in between aren't caused by travel times. The accepted messages then show
 * the actual limit.
 */
const rejectionsOfLowerLimit = 2;

/**
 * If more rejections than this share of the ceiling arrive in a row (at least one), requests are sent one by one after
 * a delay, which doubles with the number of rejections.
 */
const fewOfCeiling = 0.05;
const firstHoldMs = 100;
const maxHoldMs = 1_000;

/**
 * If less than this share of the ceiling was in the window, travel times can't have caused the rejection. The limit is
 * lower, or other programs use it.
 */
const shareOfLowerLimit = 0.8;

/** A raised ceiling is confirmed if no message was rejected for this time. */
const trialMs = 2_000;

/** Delay after a failed raise. It doubles with each further failure. */
const firstPauseMs = 4_000;
const maxPauseMs = 64_000;

/** Creates feedback with the full cap and without a margin. */
export function createThrottleFeedback(firstCap: number): ThrottleFeedback {
  return new WindowFeedback(firstCap);
}

class WindowFeedback implements ThrottleFeedback {
  #cap: number;
  #marginMs = 0;
  #decayedAtMs = 0;
  #holdUntilMs = -Infinity;
  #beganAtMs = 0;
  #rejectionsInRow = 0;
  /** Those that were sent after the rejection before was known. */
  #informedRejectionsInRow = 0;
  #stepMs = marginStepMs;
  #widenedAtMs = -Infinity;
  /**
   * Requests sent before this time didn't take the last rejection into account. If they are rejected, the window isn't
   * widened again. If they are accepted, that proves nothing.
   */
  #lastRejectionAtMs = -Infinity;
  #ceiling: number;
  /** The confirmed ceiling. It is below `ceiling` during the trial of a raise. */
  #passed: number;
  #raise = 1;
  #nextRaiseAtMs = 0;
  #pauseMs = firstPauseMs;
  /** State of another sender, which is applied when the cap is known to be the same. */
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
    return this.#rejectionsInRow > this.#few();
  }

  began(nowMs: number): void {
    this.#beganAtMs = nowMs;
  }

  accepted(sentAtMs: number, nowMs: number, inWindow: WindowCount): void {
    this.#decay(nowMs);
    if (sentAtMs < this.#lastRejectionAtMs) return;
    const found = Math.max(inWindow.accepted, Math.ceil(this.#ceiling / 4));
    if (this.#informedRejectionsInRow >= rejectionsOfLowerLimit && found < this.#ceiling) this.#lower(found, nowMs + trialMs);
    this.#rejectionsInRow = this.#informedRejectionsInRow = 0;
    if (nowMs < this.#nextRaiseAtMs) return;
    if (this.#ceiling > this.#passed) {
      this.#passed = this.#ceiling;
      this.#raise *= 2;
      this.#pauseMs = firstPauseMs;
    }
    this.#ceiling = Math.min(this.#cap, this.#ceiling + this.#raise);
    this.#nextRaiseAtMs = nowMs + trialMs;
  }

  rejected(sentAtMs: number, nowMs: number, inWindow: WindowCount): void {
    this.#decay(nowMs);
    this.#rejectionsInRow += 1;
    if (sentAtMs < this.#lastRejectionAtMs) return;
    this.#lastRejectionAtMs = nowMs;
    this.#informedRejectionsInRow += 1;
    if (this.#rejectionsInRow > this.#few())
      this.#holdUntilMs = nowMs + Math.min(maxHoldMs, firstHoldMs * 2 ** (this.#rejectionsInRow / this.#few() - 2));
    if (this.#ceiling > this.#passed) {
      this.#pauseMs = Math.min(maxPauseMs, this.#pauseMs * 2);
      this.#lower(this.#passed, nowMs + this.#pauseMs);
    } else if (inWindow.sent < this.#ceiling * shareOfLowerLimit && nowMs - this.#beganAtMs > 1_000) {
      // In the first second, earlier requests of this or another process are unknown.
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
    this.#marginMs = Math.min(maxMarginMs, record.marginMs);
    this.#decayedAtMs = nowMs;
    this.#restored = { cap: record.cap, ceiling: record.ceiling, raiseAtMs: nowMs + record.raiseInMs };
    this.#applyRestored();
  }

  /** Number of rejections in a row that slightly early requests can explain. */
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
    if (this.#marginMs <= maxMarginMs) return;
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
