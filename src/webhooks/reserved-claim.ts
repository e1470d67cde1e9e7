import type { Clock } from '../runtime/clock.js';
import type { StoreOperation } from '../stores/store.js';
import { rememberedMs, type Claims } from './claims.js';
import { claimKey, claimLeaseMs } from './store-claims.js';

/**
 * The claim of the only event of a delivery, for {@link storeClaims}. The inbox writes it in the batches that it needs
 * for the delivery anyway, so the most frequent kind of delivery needs two writes instead of four.
 */
export interface ReservedClaim extends Claims {
  /** Returns the operation that acquires the event if it is new. */
  readonly acquire: () => StoreOperation;
  /** Returns the operation that extends the claim. `version` is that of the last operation. */
  readonly renew: (version: string) => StoreOperation;
  /** Returns the operation for the result of the handlers. If no handler ran, the event stays unknown. */
  readonly end: (version: string) => StoreOperation;
  /**
   * Returns the operation for a handled event whose delivery was lost to another process, or whose batch failed. The
   * version isn't known then. Returns `undefined` if the event wasn't handled.
   */
  readonly handled: () => StoreOperation | undefined;
}

/**
 * Creates a {@link ReservedClaim}.
 *
 * @param eventKey - The key of the event.
 * @param clock - The clock.
 */
export function reservedClaim(eventKey: string, clock: Clock): ReservedClaim {
  const key = claimKey(eventKey);
  const attempt = 1;
  const running = () => ({ state: 'running', untilMs: clock.now() + claimLeaseMs, attempt });
  let result: 'done' | 'failed' | undefined;
  return {
    claim: () => ({
      state: 'mine',
      attempt,
      done() {
        result = 'done';
      },
      release() {
        result = 'failed';
      },
    }),
    acquire: () => ({ type: 'setIfAbsent', key, value: running(), ttlMs: rememberedMs }),
    renew: (ifVersion) => ({ type: 'set', key, value: running(), ttlMs: rememberedMs, ifVersion }),
    end: (ifVersion) =>
      result === undefined
        ? { type: 'delete', key, ifVersion }
        : { type: 'set', key, value: { state: result, attempt }, ttlMs: rememberedMs, ifVersion },
    handled: () => (result === 'done' ? { type: 'set', key, value: { state: result, attempt }, ttlMs: rememberedMs } : undefined),
  };
}
