import { describeValue, maxTimerMs } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { CoexistencePolicy } from '../../policy/policy.js';

/**
 * Meta's limit for a number in messages per second, sent and received together. Pass a number, or the name of a limit in the policy:
 * `coexistence` for numbers on the Business app (20 today), `standard` for other numbers (80), and `high` after Meta's automatic upgrade
 * (1,000).
 */
export type SendThroughput = 'coexistence' | 'standard' | 'high' | number;

/**
 * Returns the cap in messages per second. @throws `InvalidArgumentError` if the value is neither a level nor an integer
 * of at least 1.
 */
export function capOf(owner: string, throughput: SendThroughput, policy: CoexistencePolicy): number {
  const { throughput: coexistence, standardThroughput: standard, upgradedThroughput: high } = policy.limits;
  const levels = new Map<unknown, number>(Object.entries({ coexistence, standard, high }));
  const cap: unknown = levels.get(throughput) ?? throughput;
  if (typeof cap === 'number' && Number.isInteger(cap) && cap >= 1 && cap <= maxTimerMs) return cap;
  const rule = `must be 'coexistence', 'standard', 'high' or an integer of messages per second from 1 up, but is ${describeValue(cap)}`;
  throw new InvalidArgumentError(owner, 'throughput', rule);
}
