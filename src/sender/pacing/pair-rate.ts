/** Meta's limit on messages to the same recipient. Source: Meta, About the platform (Dec 2025). */
export interface PairRule {
  /** Average milliseconds between two messages. */
  readonly intervalMs: number;
  /** Messages that can be sent in a burst. A burst of n messages is paid off after n intervals. */
  readonly burst: number;
}

/** Returns when the next message may be sent to a recipient whose earlier messages are paid off at `paidUntilMs`. */
export function pairReadyAtMs(paidUntilMs: number, rule: PairRule): number {
  return paidUntilMs - (rule.burst - 1) * rule.intervalMs;
}

/** Returns when a recipient's messages are paid off after one more message. */
export function paidUntilAfterSend(paidUntilMs: number, nowMs: number, rule: PairRule): number {
  return Math.max(paidUntilMs, nowMs) + rule.intervalMs;
}

/**
 * Returns when a recipient's messages are paid off after Meta rejected one (131056). Other programs must have sent to
 * the recipient, so the burst counts as used up.
 */
export function paidUntilAfterRejection(paidUntilMs: number, nowMs: number, rule: PairRule): number {
  return Math.max(paidUntilMs, nowMs + rule.burst * rule.intervalMs);
}

/** Number of rejections in a row after which the delay no longer grows (about 68 minutes). */
const maxDoublings = 6;

/**
 * Returns the delay in milliseconds after a number of rejections in a row: 4ⁿ seconds, n from 0. Source: Meta, About
 * the platform (Dec 2025).
 */
export function pairWaitMs(rejectionsInRow: number): number {
  return 1_000 * 4 ** Math.min(maxDoublings, rejectionsInRow - 1);
}
