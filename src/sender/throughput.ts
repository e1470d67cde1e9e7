import type { CoexistencePolicy } from '../policy/policy.js';

/**
 * How many messages a second Meta lets through for a number, in and out together: the figure itself, or by what the policy says of numbers on
 * the Business app (`coexistence`, 20 today), of others (`standard`, 80), and of those after Meta's automatic upgrade (`high`, 1,000). It is the
 * cap at Meta's end, not a target.
 */
export type Throughput = 'coexistence' | 'standard' | 'high' | number;

/** The cap in messages a second. @throws `RangeError` if it is no whole number from 1 up. */
export function capOf(throughput: Throughput, policy: CoexistencePolicy): number {
  const { throughput: coexistence, standardThroughput: standard, upgradedThroughput: high } = policy.limits;
  const cap = typeof throughput === 'number' ? throughput : { coexistence, standard, high }[throughput];
  if (!Number.isInteger(cap) || cap < 1)
    throw new RangeError(`throughput must be a whole number of messages a second from 1 up, not ${String(cap)}.`);
  return cap;
}
