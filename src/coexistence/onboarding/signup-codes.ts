import { OnboardingError } from '../../errors/coexistence-errors.js';
import { systemClock, wait, type Clock } from '../../runtime/clock.js';
import { globalKey } from '../../runtime/keys.js';
import type { Store } from '../../stores/store.js';
import { updateRecord } from '../../stores/records.js';

/** The stored record of a code. It doesn't contain the code, which is a secret. */
type CodeRecord = {
  readonly onboardingId: string;
  readonly attemptId: string;
  /** `exchanged`: Meta returned the token. `done`: the onboarding is stored. */
  readonly status: 'started' | 'exchanged' | 'done';
  /** The attempt counts as in progress until this time. */
  readonly untilMs: number;
};

/** An attempt to use a code. */
export interface CodeAttempt {
  readonly onboardingId: string;
  /** Call it after Meta exchanged the code. From then on, no other attempt uses the code. */
  readonly exchanged: () => Promise<void>;
}

/** Runs the start of an onboarding one time per code. */
export interface SignupCodes {
  /**
   * Runs `start` if the code is new. Returns the onboarding ID of the code, even if another call started it.
   *
   * @throws `OnboardingError` (`code-used`) if Meta exchanged the code, but the start failed afterwards
   */
  run(code: string, start: (attempt: CodeAttempt) => Promise<void>): Promise<string>;
}

/** Codes expire after 30 seconds, but pages and queues may repeat a request for days. */
const rememberMs = 30 * 86_400_000;
/** After this time without a result, the process that used the code has stopped. */
const attemptMs = 120_000;
const pollMs = 50;

/**
 * Detects a code that was passed twice: by a double click, by React's strict mode, or by a second process with the same
 * store. Meta accepts a code only once, so the second call has to find the onboarding of the first one.
 *
 * @param store - The store of all modules.
 * @param clock - Measures the attempts.
 * @param isRecorded - Whether an onboarding is stored.
 */
export function createSignupCodes(store: Store, clock: Clock, isRecorded: (onboardingId: string) => Promise<boolean>): SignupCodes {
  const running = new Map<string, Promise<string>>();

  const runOnce = async (key: string, start: (attempt: CodeAttempt) => Promise<void>): Promise<string> => {
    const attemptId = globalThis.crypto.randomUUID();
    for (;;) {
      const record = await updateRecord<CodeRecord, CodeRecord>(store, key, (found) => {
        const nowMs = clock.now();
        if (found && (found.status !== 'started' || found.untilMs > nowMs)) return { result: found };
        // An interrupted attempt may have stored its onboarding, so reuse its ID.
        const onboardingId = found?.onboardingId ?? globalThis.crypto.randomUUID();
        const next: CodeRecord = { onboardingId, attemptId, status: 'started', untilMs: nowMs + attemptMs };
        return { state: next, ttlMs: rememberMs, result: next };
      });
      if (record.status === 'done') return record.onboardingId;
      if (record.attemptId === attemptId) return use(key, record, start);
      if (record.status === 'exchanged' && record.untilMs <= clock.now()) {
        if (await isRecorded(record.onboardingId)) return record.onboardingId;
        throw new OnboardingError('code-used');
      }
      // Wait in real time because the other process doesn't advance this clock.
      await wait(systemClock, pollMs);
    }
  };

  const use = async (key: string, record: CodeRecord, start: (attempt: CodeAttempt) => Promise<void>): Promise<string> => {
    const { onboardingId } = record;
    const become = (change: Partial<CodeRecord>): Promise<void> =>
      updateRecord<CodeRecord, void>(store, key, () => ({ state: { ...record, ...change }, ttlMs: rememberMs, result: undefined }));
    const progress: { isExchanged: boolean } = { isExchanged: false };
    try {
      await start({
        onboardingId,
        exchanged: async () => {
          progress.isExchanged = true;
          await become({ status: 'exchanged' });
        },
      });
    } catch (error) {
      // Meta didn't exchange the code, so another attempt may use it.
      await (progress.isExchanged ? become({ status: 'exchanged', untilMs: 0 }) : store.delete(key));
      throw error;
    }
    await become({ status: 'done' });
    return onboardingId;
  };

  return {
    run: async (code, start) => {
      const key = globalKey('onboarding-code', await hashOf(code));
      const ongoing = running.get(key);
      if (ongoing) return ongoing;
      const result = runOnce(key, start).finally(() => running.delete(key));
      running.set(key, result);
      return result;
    },
  };
}

async function hashOf(code: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(code));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
