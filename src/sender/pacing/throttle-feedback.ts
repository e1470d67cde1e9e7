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

/** Starts with the full cap and no margin of its own. */
export function createThrottleFeedback(firstCap: number): ThrottleFeedback {
  let cap = firstCap;
  let marginMs = 0;
  let decayedAtMs = 0;
  let holdUntilMs = -Infinity;
  let beganAtMs = 0;
  let refusalsInRow = 0;
  /** Those among them that left when the one before was known. */
  let tellingInRow = 0;
  let stepMs = marginStepMs;
  let widenedAtMs = -Infinity;
  /** Requests sent before this left in ignorance of the last refusal: a further refusal of theirs is no reason to widen again, an acceptance no reason to go on. */
  let heardAtMs = -Infinity;
  let ceiling = cap;
  /** The ceiling that has passed; below `ceiling` while a raise is on trial. */
  let passed = cap;
  let raise = 1;
  let nextRaiseAtMs = 0;
  let pauseMs = firstPauseMs;

  /** So many refusals in a row may be of requests that came a little too close. */
  const few = (): number => Math.max(1, ceiling * fewOfCeiling);
  const decay = (nowMs: number): void => {
    marginMs = Math.max(0, marginMs - ((nowMs - decayedAtMs) / 1000) * marginDecayPerSecondMs);
    decayedAtMs = nowMs;
  };
  const lower = (to: number, nextRaise: number): void => {
    ceiling = passed = Math.max(1, to);
    raise = Math.ceil(ceiling / 20);
    nextRaiseAtMs = nextRaise;
  };
  const widen = (nowMs: number): void => {
    stepMs = nowMs - widenedAtMs < momentMs ? stepMs * 2 : marginStepMs;
    widenedAtMs = nowMs;
    marginMs += stepMs;
    if (marginMs <= mostMarginMs) return;
    lower(Math.floor(ceiling * 0.9), nowMs + pauseMs);
    marginMs = marginStepMs;
    stepMs = marginStepMs;
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
    get probing() {
      return refusalsInRow > few();
    },
    began(nowMs) {
      beganAtMs = nowMs;
    },
    accepted(sentAtMs, nowMs, inWindow) {
      decay(nowMs);
      if (sentAtMs < heardAtMs) return;
      const found = Math.max(inWindow.accepted, Math.ceil(ceiling / 4));
      if (tellingInRow >= refusalsOfLowerLimit && found < ceiling) lower(found, nowMs + trialMs);
      refusalsInRow = tellingInRow = 0;
      if (passed === cap || nowMs < nextRaiseAtMs) return;
      if (ceiling > passed) {
        passed = ceiling;
        raise *= 2;
        pauseMs = firstPauseMs;
      }
      ceiling = Math.min(cap, ceiling + raise);
      nextRaiseAtMs = nowMs + trialMs;
    },
    refused(sentAtMs, nowMs, inWindow) {
      decay(nowMs);
      refusalsInRow += 1;
      if (sentAtMs < heardAtMs) return;
      heardAtMs = nowMs;
      tellingInRow += 1;
      if (refusalsInRow > few()) holdUntilMs = nowMs + Math.min(longestHoldMs, firstHoldMs * 2 ** (refusalsInRow / few() - 2));
      if (ceiling > passed) {
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
        lower(passed, nowMs + pauseMs);
      } else if (inWindow.sent < ceiling * shareOfLowerLimit && nowMs - beganAtMs > 1_000) {
        // In the first second there is no telling what left before, from this process or another.
        lower(inWindow.accepted, nowMs + pauseMs);
      } else {
        widen(nowMs);
      }
    },
    changeCap(next) {
      cap = ceiling = passed = next;
      raise = 1;
      pauseMs = firstPauseMs;
    },
  };
}
