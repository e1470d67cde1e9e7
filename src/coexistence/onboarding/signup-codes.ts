import { OnboardingError } from '../../errors/coexistence-errors.js';
import { systemClock, wait, type Clock } from '../../runtime/clock.js';
import { globalKey } from '../../runtime/keys.js';
import type { Store } from '../../stores/store.js';
import { updateRecord } from '../../stores/records.js';

/** What is stored of a code. The code itself is a secret and is not stored. */
type CodeRecord = {
  readonly onboardingId: string;
  readonly attemptId: string;
  /** `exchanged`: Meta returned the token. `done`: the onboarding is recorded. */
  readonly status: 'started' | 'exchanged' | 'done';
  /** Until then the attempt counts as in progress. */
  readonly untilMs: number;
};

/** The part of a start that uses the code. */
export interface CodeAttempt {
  readonly onboardingId: string;
  /** Call it after Meta exchanged the code: from then on no other attempt uses it. */
  readonly exchanged: () => Promise<void>;
}

/** Runs the start of an onboarding one time for each code. */
export interface SignupCodes {
  /**
   * Runs `start` if the code is new. Returns the ID of the onboarding that belongs to the code, whoever started it.
   *
   * @throws `OnboardingError` (`code-used`) if Meta exchanged the code, but the start failed afterwards.
   */
  run(code: string, start: (attempt: CodeAttempt) => Promise<void>): Promise<string>;
}

/** Codes expire after 30 seconds. Pages and queues may repeat a request for days. */
const rememberMs = 30 * 86_400_000;
/** After this time without a result the process that used the code has stopped. */
const attemptMs = 120_000;
const pollMs = 50;

/**
 * Detects a code that was passed twice: by a double click, by React's strict mode, or by a second process with the same store. Meta accepts a code
 * one time, so the second call has to find the onboarding of the first one.
 */
export function createSignupCodes(store: Store, clock: Clock, isRecorded: (onboardingId: string) => Promise<boolean>): SignupCodes {
  const running = new Map<string, Promise<string>>();

  const runOnce = async (key: string, start: (attempt: CodeAttempt) => Promise<void>): Promise<string> => {
    const attemptId = globalThis.crypto.randomUUID();
    for (;;) {
      const record = await updateRecord<CodeRecord, CodeRecord>(store, key, (found) => {
        const nowMs = clock.now();
        if (found && (found.status !== 'started' || found.untilMs > nowMs)) return { result: found };
        // An attempt that was interrupted may have written its onboarding: its ID stays.
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
      // In real time: the other process doesn't advance the clock of this one.
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
      // A code that Meta didn't exchange stays free for another attempt.
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
