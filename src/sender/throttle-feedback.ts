/** What the refusals of Meta's say about how fast the number may really send. */
export interface ThrottleFeedback {
  /** Messages a second that are taken to pass: the cap, or less while Meta lets less through. */
  readonly ceiling: number;
  /** Milliseconds by which each window is widened beyond what travel times ask for. */
  readonly marginMs: number;
  /** Nothing goes out before this monotonic time. */
  readonly holdUntilMs: number;
  /** A request sent at `sentAtMs` was accepted. */
  accepted(nowMs: number): void;
  /** A request sent at `sentAtMs` was refused for throughput, while `acceptedInWindow` accepted ones were taken to be in Meta's window. */
  refused(sentAtMs: number, nowMs: number, acceptedInWindow: number): void;
  /** The sender begins to send after a rest. */
  began(nowMs: number): void;
}

/** How much a refusal widens the window, at most, and how much of it goes again in a second of success. */
const marginStepMs = 10;
const mostMarginMs = 200;
const marginDecayPerSecondMs = 0.2;

/** Refusals in a row make the sender hold: this long after the second, twice as long after each further one. */
const firstHoldMs = 100;
const longestHoldMs = 1_000;

/** A refusal while less than this share of the ceiling was in the window cannot come from travel times: something else uses Meta's limit. */
const shareOfLowerCeiling = 0.8;

/** A lowered ceiling is tried higher after this time; the time doubles when the trial fails. */
const firstTrialMs = 2_000;
const longestTrialMs = 64_000;

/** Starts with the full cap and no margin of its own. */
export function createThrottleFeedback(cap: number): ThrottleFeedback {
  let ceiling = cap;
  let marginMs = 0;
  let marginAtMs = 0;
  let holdUntilMs = -Infinity;
  let beganAtMs = 0;
  let refusalsInRow = 0;
  /** Requests sent before this left in ignorance of the last refusal, so theirs says nothing new. */
  let heardAtMs = -Infinity;
  let trialMs = firstTrialMs;
  let ceilingAtMs = 0;

  const decay = (nowMs: number): void => {
    marginMs = Math.max(0, marginMs - ((nowMs - marginAtMs) / 1000) * marginDecayPerSecondMs);
    marginAtMs = nowMs;
  };
  return {
    get ceiling() {
      return ceiling;
    },
    get marginMs() {
      return marginMs;
    },
    get holdUntilMs() {
      return holdUntilMs;
    },
    began(nowMs) {
      beganAtMs = nowMs;
    },
    accepted(nowMs) {
      decay(nowMs);
      refusalsInRow = 0;
      if (ceiling === cap || nowMs - ceilingAtMs < trialMs) return;
      ceiling = Math.min(cap, ceiling + Math.ceil(ceiling / 10));
      ceilingAtMs = nowMs;
      if (ceiling === cap) trialMs = firstTrialMs;
    },
    refused(sentAtMs, nowMs, acceptedInWindow) {
      if (sentAtMs < heardAtMs) return;
      heardAtMs = nowMs;
      decay(nowMs);
      refusalsInRow += 1;
      if (refusalsInRow > 1) holdUntilMs = nowMs + Math.min(longestHoldMs, firstHoldMs * 2 ** (refusalsInRow - 2));
      // In the first second there is no telling what was sent before, by this process or another.
      if (nowMs - beganAtMs > 1_000 && acceptedInWindow < ceiling * shareOfLowerCeiling) {
        if (refusalsInRow === 1) trialMs = Math.min(longestTrialMs, trialMs * 2);
        ceiling = Math.max(1, acceptedInWindow);
        ceilingAtMs = nowMs;
        return;
      }
      marginMs = Math.min(mostMarginMs, marginMs + marginStepMs);
    },
  };
}
