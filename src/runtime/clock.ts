/**
 * Where the library gets its time from: wall-clock time for what Meta dates, monotonic time for pacing, and timers.
 *
 * Every `create…` function takes one, so that tests run on a virtual clock and never sleep.
 *
 * @example
 * ```ts
 * import { systemClock } from 'wa-coexist';
 *
 * const startedAtMs = systemClock.now();
 * ```
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch; may step back or forward. */
  now(): number;
  /** Milliseconds since an arbitrary start; never steps back. */
  monotonic(): number;
  /**
   * Calls `callback` once after `delayMs` milliseconds and returns a function that cancels it.
   * Delays longer than a timer can hold are the clock's to handle.
   *
   * @param options - A clock may ignore them.
   */
  schedule(callback: () => void, delayMs: number, options?: ScheduleOptions): () => void;
}

/** Options of {@link Clock.schedule}. */
export interface ScheduleOptions {
  /** Whether a process may end before the callback runs, as it may if a value is only refreshed from time to time. @defaultValue `false` */
  readonly background?: boolean | undefined;
}

/** The longest delay that a timer of Node's or a browser's holds, in milliseconds; a longer one would fire at once. */
const longestTimerMs = 2_147_483_647;

/** The machine's own clock and timers: the default of every `clock` option. */
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
      // Timers of browsers and workers are numbers, and keep nothing alive.
      if (background) (timer as { unref?: () => unknown }).unref?.();
    };
    arm(delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Resolves after `delayMs` milliseconds of `clock`, or rejects with the signal's reason as soon as `signal` aborts.
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
