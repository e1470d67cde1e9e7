import { refuse } from './refusal.js';
import type { BusinessNumber } from './entities.js';
import type { World } from './world.js';

/** How long "a second" of Meta's throughput is. */
const throughputWindowMs = 1_000;

/**
 * Counts an accepted message, or refuses it: throughput of the number in any trailing second (130429), then the rhythm of the pair (131056).
 * Refused messages count for neither. Incoming messages are not counted, although Meta counts them, too: a test says how many arrive, and a
 * sender that keeps to its share would fail by them.
 *
 * @throws `Refusal`
 */
export function countAgainstLimits(world: World, number: BusinessNumber, customerWaId: string): void {
  const nowMs = world.now();
  const { acceptedAtMs, pairUsedUntilMs } = number;
  const oldest = acceptedAtMs.at(-number.throughput);
  if (acceptedAtMs.length >= number.throughput && oldest !== undefined && oldest > nowMs - throughputWindowMs) {
    throw refuse(130429, 'Cloud API message throughput has been reached.', { error_subcode: 2494055 });
  }
  const { pairIntervalSeconds, pairBurst } = world.policy.limits;
  const intervalMs = pairIntervalSeconds * 1_000;
  const usedUntilMs = pairUsedUntilMs.get(customerWaId) ?? nowMs;
  if (usedUntilMs > nowMs + pairBurst * intervalMs) {
    throw refuse(
      131056,
      'Message failed to send because there were too many messages sent from this phone number to the same phone number.',
    );
  }
  acceptedAtMs.push(nowMs);
  pairUsedUntilMs.set(customerWaId, Math.max(usedUntilMs, nowMs) + intervalMs);
}

/** Returns whether the customer wrote recently enough, and since onboarding, for free-form messages. */
export function isWindowOpen(world: World, number: BusinessNumber, customerWaId: string): boolean {
  const lastMs = number.lastInboundAtMs.get(customerWaId);
  return lastMs !== undefined && world.now() - lastMs < world.policy.limits.serviceWindowHours * 60 * 60 * 1_000;
}

/** The most of ascending times that lie within any one second. */
export function maxInOneSecond(timesMs: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [index, timeMs] of timesMs.entries()) {
    while ((timesMs[first] ?? timeMs) <= timeMs - throughputWindowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
