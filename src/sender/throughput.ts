import type { CoexistencePolicy } from '../policy/policy.js';

/**
 * How many messages a second Meta lets through for a number, in and out together: `coexistence` (what the policy says, 20 today),
 * `standard` (80), `high` (1,000, after Meta's automatic upgrade), or the figure itself. It is the cap at Meta's end, not a target.
 */
export type Throughput = 'coexistence' | 'standard' | 'high' | number;

/** Messages a second of ordinary numbers. Source: Meta, Throughput (21 Nov 2025, 11 Sep 2026). */
const ofOrdinaryNumbers = { standard: 80, high: 1_000 };

/** The cap in messages a second. @throws `RangeError` if it is no whole number from 1 up. */
export function capOf(throughput: Throughput, policy: CoexistencePolicy): number {
  const cap =
    typeof throughput === 'number' ? throughput : throughput === 'coexistence' ? policy.limits.throughput : ofOrdinaryNumbers[throughput];
  if (!Number.isInteger(cap) || cap < 1)
    throw new RangeError(`throughput must be a whole number of messages a second from 1 up, not ${String(cap)}.`);
  return cap;
}
