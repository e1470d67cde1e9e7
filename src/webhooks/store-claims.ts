import { StoreError } from '../errors/store-error.js';
import type { Clock } from '../runtime/clock.js';
import { isRecord, type JsonValue } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import { rememberedMs, type Claim, type Claims } from './claims.js';

/** How long a process that fell silent keeps an event from the others. */
const leaseMs = 30_000;
/** Every round but the first means that another process was quicker, or that the record expired. */
const maxRounds = 100;
/** A process that lives renews its claim this often. */
const renewEveryMs = 10_000;

/** Makes {@link Claims} for every process on the same store. */
export function storeClaims(store: Store, clock: Clock, logger: Logger): Claims {
  const running = (attempt: number): JsonValue => ({ state: 'running', attempt, untilMs: clock.now() + leaseMs });

  /** The claim of an event whose record has this version. It is renewed while it lasts, so that a slow handler keeps it. */
  const hold = (storeKey: string, attempt: number, firstVersion: string): Claim => {
    let version = firstVersion;
    let isOver = false;
    let renewal: Promise<void> | undefined;
    let cancel: () => void = () => undefined;

    const renewLater = (): void => {
      cancel = clock.schedule(() => {
        renewal = renew();
      }, renewEveryMs);
    };
    const write = async (value: JsonValue): Promise<void> => {
      const result = await store.set(storeKey, value, { ttlMs: rememberedMs, ifVersion: version });
      if (result.written) version = result.version;
      else logger.warn('webhook.claim_lost', { key: storeKey, consequence: 'the event may be handled twice' });
    };
    const renew = async (): Promise<void> => {
      try {
        await write(running(attempt));
      } catch (error) {
        logger.warn('webhook.claim_not_renewed', { key: storeKey, error });
      }
      if (!isOver) renewLater();
    };
    const end = async (value: JsonValue): Promise<void> => {
      isOver = true;
      cancel();
      // A renewal on its way changes the version that the last write must name.
      if (renewal) await renewal;
      await write(value);
    };
    renewLater();
    return {
      state: 'mine',
      attempt,
      done: () => end({ state: 'done', attempt }),
      giveBack: () => end({ state: 'failed', attempt }),
    };
  };

  return {
    async claim(key) {
      const storeKey = `webhooks/events/${key}`;
      for (let round = 0; round < maxRounds; round += 1) {
        const first = await store.setIfAbsent(storeKey, running(1), { ttlMs: rememberedMs });
        if (first.written) return hold(storeKey, 1, first.version);
        const entry = await store.get(storeKey);
        // Gone between two looks: it expired.
        if (!entry) continue;
        const { state, attempt, untilMs } = recordOf(entry.value);
        if (state === 'done') return { state };
        if (state === 'running' && clock.now() < untilMs) return { state };
        const next = await store.set(storeKey, running(attempt + 1), { ttlMs: rememberedMs, ifVersion: entry.version });
        if (next.written) return hold(storeKey, attempt + 1, next.version);
      }
      throw new StoreError('The store neither wrote nor returned the claim of a webhook event.', 'failed');
    },
  };
}

/** What the store holds of an event. A foreign value counts as a failed first attempt, so that it can't hide an event. */
function recordOf(value: JsonValue): { state: 'done' | 'running' | 'failed'; attempt: number; untilMs: number } {
  const record = isRecord(value) ? value : {};
  return {
    state: record.state === 'done' || record.state === 'running' ? record.state : 'failed',
    attempt: typeof record.attempt === 'number' ? record.attempt : 1,
    untilMs: typeof record.untilMs === 'number' ? record.untilMs : 0,
  };
}
