/** Meta's limit on messages to the same recipient. Source: Meta, About the platform (Dec 2025). */
export interface PairRule {
  /** Milliseconds between two messages in the long run. */
  readonly intervalMs: number;
  /** Messages that may go at once, borrowed from the time to come: n of them are paid off after n intervals. */
  readonly burst: number;
}

/** When the next message to a recipient may go whose messages so far are paid off at `paidUntilMs`. */
export function pairReadyAtMs(paidUntilMs: number, rule: PairRule): number {
  return paidUntilMs - (rule.burst - 1) * rule.intervalMs;
}

/** Until when a recipient's messages are paid off after one more. */
export function paidUntilAfterSend(paidUntilMs: number, nowMs: number, rule: PairRule): number {
  return Math.max(paidUntilMs, nowMs) + rule.intervalMs;
}

/** Until when a recipient's messages are paid off by Meta's reckoning, given that it just refused one (131056): others send to it, too. */
export function paidUntilAfterRefusal(paidUntilMs: number, nowMs: number, rule: PairRule): number {
  return Math.max(paidUntilMs, nowMs + rule.burst * rule.intervalMs);
}

/** The wait grows no further than after this many refusals in a row (about 68 minutes). */
const mostDoublings = 6;

/** Milliseconds to wait after a number of refusals in a row: 4ⁿ seconds, n from 0. Source: Meta, About the platform (Dec 2025). */
export function pairWaitMs(refusalsInRow: number): number {
  return 1_000 * 4 ** Math.min(mostDoublings, refusalsInRow - 1);
}
