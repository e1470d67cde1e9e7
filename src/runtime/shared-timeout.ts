import type { Clock } from './clock.js';

/** Calls `onLate` after the time limit, unless the returned function is called first. */
export type ExpireAfter = (onLate: () => void) => () => void;

/** Whether the process waits for a pending time limit. */
export interface SharedTimeoutOptions {
  /**
   * `background`: another resource, such as a socket, keeps the process alive, so the timer can outlast the last call.
   * @defaultValue `'foreground'`
   */
  readonly timer?: 'foreground' | 'background' | undefined;
}

interface Waiting {
  readonly deadlineMs: number;
  readonly onLate: () => void;
}

/**
 * Creates a function that limits the time of many calls. All calls have the same limit and share one timer, because a timer per call would cost
 * more than most of the calls.
 *
 * @param clock - Measures the time.
 * @param timeoutMs - The limit of each call, in milliseconds.
 */
export function sharedTimeout(clock: Clock, timeoutMs: number, { timer = 'foreground' }: SharedTimeoutOptions = {}): ExpireAfter {
  const isBackground = timer === 'background';
  /** Oldest first. */
  const waiting = new Set<Waiting>();
  let cancel: (() => void) | undefined;

  const arm = (): void => {
    cancel = undefined;
    for (const { deadlineMs } of waiting) {
      cancel = clock.schedule(expire, Math.max(0, deadlineMs - clock.monotonic()), { background: isBackground });
      return;
    }
  };
  const expire = (): void => {
    const nowMs = clock.monotonic();
    for (const one of waiting) {
      if (one.deadlineMs > nowMs) break;
      waiting.delete(one);
      one.onLate();
    }
    arm();
  };

  return (onLate) => {
    const one: Waiting = { deadlineMs: clock.monotonic() + timeoutMs, onLate };
    waiting.add(one);
    if (!cancel) arm();
    return () => {
      waiting.delete(one);
      // A pending timer would keep the process alive.
      if (waiting.size > 0 || isBackground) return;
      cancel?.();
      cancel = undefined;
    };
  };
}
