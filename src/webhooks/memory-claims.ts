import type { Clock } from '../runtime/clock.js';
import { rememberedMs, type Claims } from './claims.js';

/** Number of claims between two removals of expired records. */
const claimsBetweenSweeps = 1_000;

/** An event that was not handled yet. */
interface OpenEvent {
  state: 'running' | 'failed';
  readonly attempt: number;
  readonly expiresAt: number;
}

/**
 * {@link Claims} in the memory of one receiver. They need no lease, because they end with the process. They respond
 * synchronously, which saves two JSON writes and a timer per event.
 */
export function memoryClaims(clock: Clock): Claims {
  const startedAtMs = clock.now();
  /** Seconds since the start. Unlike milliseconds, they are small enough to be stored without an allocation. */
  const secondsAt = (ms: number): number => (ms - startedAtMs) / 1000;
  /** For handled events, the second in which the record expires. In the order of expiry. */
  const records = new Map<string, OpenEvent | number>();
  let claimsUntilSweep = claimsBetweenSweeps;

  const forgetOldNowAndThen = (now: number): void => {
    claimsUntilSweep -= 1;
    if (claimsUntilSweep > 0) return;
    claimsUntilSweep = claimsBetweenSweeps;
    for (const [key, record] of records) {
      const isHandled = typeof record === 'number';
      if ((isHandled ? record : record.expiresAt) > now) return;
      if (isHandled || record.state !== 'running') records.delete(key);
    }
  };
  return {
    claim(key) {
      const nowMs = clock.now();
      const now = Math.floor(secondsAt(nowMs));
      forgetOldNowAndThen(now);
      const known = records.get(key);
      if (typeof known === 'number') {
        if (known > now) return { state: 'done' };
      } else if (known?.state === 'running') {
        return { state: 'running' };
      }
      const attempt = typeof known === 'object' ? known.attempt + 1 : 1;
      const record: OpenEvent = { state: 'running', attempt, expiresAt: Math.ceil(secondsAt(nowMs + rememberedMs)) };
      // Rewriting a key doesn't change its position, so it is deleted first.
      if (known !== undefined) records.delete(key);
      records.set(key, record);
      return {
        state: 'mine',
        attempt,
        done() {
          records.set(key, record.expiresAt);
        },
        release() {
          record.state = 'failed';
        },
      };
    },
  };
}
