import type { Clock } from '../runtime/clock.js';

/** Options of {@link expirySweep}. */
export interface ExpirySweepOptions {
  readonly clock: Clock;
  /**
   * Removes a small batch of expired entries. Returns the time of the next expiry, `more` if expired entries may be
   * left, or `undefined` or infinity if no entry expires.
   */
  readonly removeExpired: () => SweepStep | Promise<SweepStep>;
}

/** The result of a batch. See {@link ExpirySweepOptions.removeExpired}. */
export type SweepStep = 'more' | number | undefined;

/** Removes expired entries of a store in the background. */
export interface ExpirySweep {
  /** Records the expiry of an entry. */
  expiresAt(atMs: number): void;
  /** Stops the sweeps. */
  close(): void;
}

/** Entries that expire within this time are removed together. */
const intervalMs = 60_000;
/** Pause between two batches, so that other work isn't blocked. */
const pauseMs = 50;

/**
 * Creates a background sweep without a timer. The timer exists only while an entry expires, and doesn't keep the
 * process alive. A failed batch is retried after a minute.
 *
 * @param options - The clock, and the function that removes a batch.
 */
export function expirySweep({ clock, removeExpired }: ExpirySweepOptions): ExpirySweep {
  /** Wall clock time of the timer. */
  let timerAtMs = Infinity;
  /** The earliest expiry since the start of the last sweep, which may have missed it. */
  let earliestMs = Infinity;
  let isSweeping = false;
  let isClosed = false;
  let cancel: () => void = () => undefined;

  const arm = (delayMs: number): void => {
    cancel();
    if (isClosed) return;
    timerAtMs = clock.now() + delayMs;
    cancel = clock.schedule(() => void step(), delayMs, { background: true });
  };
  const expiresAt = (atMs: number): void => {
    earliestMs = Math.min(earliestMs, atMs);
    if (!isSweeping && atMs + intervalMs < timerAtMs) arm(Math.max(atMs - clock.now(), 0) + intervalMs);
  };
  const step = async (): Promise<void> => {
    if (!isSweeping) earliestMs = Infinity;
    isSweeping = true;
    try {
      const next = await removeExpired();
      if (next === 'more') {
        arm(pauseMs);
        return;
      }
      isSweeping = false;
      timerAtMs = Infinity;
      // Infinity arms no timer.
      expiresAt(Math.min(next ?? Infinity, earliestMs));
    } catch {
      // The store is busy or closed. Its callers receive their own errors.
      arm(intervalMs);
    }
  };
  return {
    expiresAt,
    close() {
      isClosed = true;
      cancel();
    },
  };
}
