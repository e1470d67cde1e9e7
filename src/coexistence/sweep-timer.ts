import { systemClock, type Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { within } from '../runtime/within.js';

/** Options of {@link startSweeps}. */
export interface SweepTimerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sweep: () => Promise<unknown>;
  /** Time between the end of a sweep and the start of the next. `false` for no sweeps. */
  readonly intervalMs: number | false;
}

/** Time limit for `close()` to wait for a running sweep. Unfinished facts stay due. */
const closeTimeoutMs = 4_000;

/**
 * Starts a timer that sweeps one time after the other.
 *
 * @param options - The sweep and its interval.
 * @returns `close`, which ends the timer and waits for a running sweep
 */
export function startSweeps({ clock, logger, sweep, intervalMs }: SweepTimerOptions): { close(): Promise<void> } {
  let isClosed = intervalMs === false;
  let sweeping: Promise<unknown> = Promise.resolve();
  let cancelTimer: () => void = () => undefined;
  const arm = (delayMs: number): void => {
    if (isClosed) return;
    cancelTimer = clock.schedule(() => {
      sweeping = sweep()
        .catch((error: unknown) => {
          logger.error('coexistence.sweep_failed', { error });
        })
        .then(() => {
          arm(delayMs);
        });
    }, delayMs);
  };
  if (intervalMs !== false) arm(intervalMs);
  return {
    close: async () => {
      isClosed = true;
      cancelTimer();
      // Use the system clock because an injected clock may never advance.
      const swept = await within(systemClock, closeTimeoutMs, () => sweeping);
      if (swept.type === 'late') logger.warn('coexistence.close_timed_out', { closeTimeoutMs, consequence: 'unfinished facts stay due' });
    },
  };
}
