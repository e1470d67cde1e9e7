import type { Clock } from '../runtime/clock.js';

/** What {@link expirySweep} works with. */
export interface ExpirySweepOptions {
  readonly clock: Clock;
  /**
   * Removes a small batch of expired entries. Returns when the next entry expires, `more` if expired entries may be left, or `undefined` or
   * infinity if no entry expires.
   */
  readonly removeExpired: () => SweepStep | Promise<SweepStep>;
}

/** The result of a batch, see {@link ExpirySweepOptions.removeExpired}. */
export type SweepStep = 'more' | number | undefined;

/** Removes expired entries of a store in the background. */
export interface ExpirySweep {
  /** Notes when an entry expires. */
  expiresAt(atMs: number): void;
  /** Ends the sweeps. */
  close(): void;
}

/** Entries that expire within this time are removed together. */
const intervalMs = 60_000;
/** Between two batches other work goes first. */
const pauseMs = 50;

/**
 * Begins without a timer. There is one only while an entry expires, and it doesn't keep the process alive. A batch that fails is repeated
 * after a minute.
 */
export function expirySweep({ clock, removeExpired }: ExpirySweepOptions): ExpirySweep {
  /** When the timer runs, by the wall clock. */
  let timerAtMs = Infinity;
  /** The earliest expiry that was noted since the last sweep began, which may have missed it. */
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
      // Infinity arms nothing.
      expiresAt(Math.min(next ?? Infinity, earliestMs));
    } catch {
      // The store is busy or closed: its callers notice that themselves.
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
