/**
 * The clock of the library: wall-clock time for dates of Meta, monotonic time for pacing, and timers.
 *
 * Pass one to each `create…` function, so that your tests run on a fake clock and don't sleep. See {@link systemClock}.
 *
 * @example
 * ```ts
 * import { systemClock } from 'wa-coexist';
 *
 * const startedAtMs = systemClock.now();
 * ```
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch. It can step back or forward. */
  now(): number;
  /** Milliseconds since an arbitrary start. It never steps back. */
  monotonic(): number;
  /**
   * Calls `callback` once after `delayMs` milliseconds and returns a function that cancels it.
   * The clock must support delays that are longer than the maximum of a timer.
   *
   * @param callback - The function to call.
   * @param delayMs - The delay in milliseconds.
   * @param options - Hints that a clock can ignore.
   */
  schedule(callback: () => void, delayMs: number, options?: ScheduleOptions): () => void;
}

/** Options of {@link Clock.schedule}. */
export interface ScheduleOptions {
  /** Whether the process can end before the callback runs, for example for a periodic refresh. @defaultValue `false` */
  readonly background?: boolean | undefined;
}

/** Maximum delay of a timer in Node and browsers, in milliseconds. A longer one would fire immediately. */
const longestTimerMs = 2_147_483_647;

/** The clock and timers of the machine, and the default of every `clock` option. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(callback, delayMs, { background = false } = {}) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (leftMs: number): void => {
      timer =
        leftMs > longestTimerMs
          ? setTimeout(() => {
              arm(leftMs - longestTimerMs);
            }, longestTimerMs)
          : setTimeout(callback, Math.max(0, leftMs));
      // Timers of browsers and workers are numbers, and don't prevent the end of a process.
      if (background) (timer as { unref?: () => unknown }).unref?.();
    };
    arm(delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Waits for a time on a clock.
 *
 * @param clock - The clock, for example {@link systemClock}.
 * @param delayMs - The time in milliseconds.
 * @param signal - Ends the wait. The promise rejects with the reason of the signal.
 * @returns a promise that resolves after the time.
 *
 * @example
 * ```ts
 * import { systemClock, wait } from 'wa-coexist';
 *
 * await wait(systemClock, 50);
 * ```
 */
export function wait(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const onAbort = (): void => {
      cancel();
      if (signal) reject(reasonOf(signal));
    };
    const cancel = clock.schedule(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
