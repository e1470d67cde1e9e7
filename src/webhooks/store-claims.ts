import type { Clock } from '../runtime/clock.js';
import { isRecord, type JsonObject, type JsonValue } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import { acquireLease } from '../stores/lease.js';
import { conflict, untilWritten, writeIfUnchanged } from '../stores/records.js';
import type { Store } from '../stores/store.js';
import { rememberedMs, type Claim, type Claims } from './claims.js';

/** How long a crashed process can block an event. */
export const claimLeaseMs = 30_000;

/** Returns the key of an event in the store. */
export function claimKey(id: string): string {
  return `webhooks/events/${id}`;
}

/** Creates {@link Claims} for all processes that share the store. */
export function storeClaims(store: Store, clock: Clock, logger: Logger): Claims {
  /** Acquires an event if its record has the version `found`. The claim is renewed while its handler runs. */
  const acquire = async (key: string, attempt: number, found: string | undefined): Promise<Claim | undefined> => {
    const write = (value: JsonObject, version: string | undefined): Promise<string | undefined> =>
      writeIfUnchanged(store, key, version, { ...value, attempt }, { ttlMs: rememberedMs });
    const run = (version: string | undefined): Promise<string | undefined> =>
      write({ state: 'running', untilMs: clock.now() + claimLeaseMs }, version);
    const lease = await acquireLease({
      clock,
      logger,
      durationMs: claimLeaseMs,
      acquire: () => run(found),
      renew: run,
      lost: { event: 'webhook.claim_lost', facts: { key, consequence: 'the event may be handled twice' } },
      notRenewed: { event: 'webhook.claim_not_renewed', facts: { key } },
    });
    const end = async (state: string): Promise<void> => {
      await lease?.release(async (version) => (await write({ state }, version)) !== undefined);
    };
    return lease && { state: 'mine', attempt, done: () => end('done'), release: () => end('failed') };
  };

  return {
    claim(id) {
      const key = claimKey(id);
      return untilWritten(async () => {
        const first = await acquire(key, 1, undefined);
        if (first) return first;
        const entry = await store.get(key);
        // The record expired between the two reads.
        if (!entry) return conflict;
        const { state, attempt, untilMs } = recordOf(entry.value);
        if (state === 'done' || (state === 'running' && clock.now() < untilMs)) return { state };
        return (await acquire(key, attempt + 1, entry.version)) ?? conflict;
      });
    },
  };
}

/**
 * Reads the state of an event in the store. An invalid value counts as a failed first attempt, so it can't suppress an
 * event.
 */
function recordOf(value: JsonValue): { state: 'done' | 'running' | 'failed'; attempt: number; untilMs: number } {
  const record = isRecord(value) ? value : {};
  return {
    state: record.state === 'done' || record.state === 'running' ? record.state : 'failed',
    attempt: typeof record.attempt === 'number' ? record.attempt : 1,
    untilMs: typeof record.untilMs === 'number' ? record.untilMs : 0,
  };
}
