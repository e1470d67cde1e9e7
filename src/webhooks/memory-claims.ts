import type { Clock } from '../runtime/clock.js';
import { rememberedMs, type Claims } from './claims.js';

/** How many events go by before those whose time is up are forgotten. */
const claimsBetweenSweeps = 1_000;

interface EventRecord {
  state: 'running' | 'done' | 'failed';
  readonly attempt: number;
  readonly expiresAtMs: number;
}

/**
 * {@link Claims} in the memory of one receiver. They need no lease, as a process that falls silent takes its register along; so they
 * answer at once, which spares each event two writes of JSON and a timer.
 */
export function memoryClaims(clock: Clock): Claims {
  /** In the order of their ends. */
  const records = new Map<string, EventRecord>();

  let claimsUntilSweep = claimsBetweenSweeps;

  const forgetOldNowAndThen = (nowMs: number): void => {
    claimsUntilSweep -= 1;
    if (claimsUntilSweep > 0) return;
    claimsUntilSweep = claimsBetweenSweeps;
    for (const [key, { state, expiresAtMs }] of records) {
      if (expiresAtMs > nowMs) return;
      if (state !== 'running') records.delete(key);
    }
  };
  return {
    claim(key) {
      const nowMs = clock.now();
      forgetOldNowAndThen(nowMs);
      const known = records.get(key);
      if (known?.state === 'running') return { state: 'running' };
      if (known?.state === 'done' && known.expiresAtMs > nowMs) return { state: 'done' };
      const attempt = known?.state === 'failed' ? known.attempt + 1 : 1;
      const record: EventRecord = { state: 'running', attempt, expiresAtMs: nowMs + rememberedMs };
      // A key that is written again keeps its place, so it is taken out first.
      if (known) records.delete(key);
      records.set(key, record);
      return {
        state: 'mine',
        attempt,
        done() {
          record.state = 'done';
        },
        giveBack() {
          record.state = 'failed';
        },
      };
    },
  };
}
