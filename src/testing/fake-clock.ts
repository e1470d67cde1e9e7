import type { Clock } from '../runtime/clock.js';

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /**
   * Moves time on by `ms` milliseconds, running what falls due in its order; between two timers promises settle. Calls made at once run one
   * after the other.
   */
  advance(ms: number): Promise<void>;
  /** Steps the wall clock alone (back, if negative), as NTP or a user does. No timer runs. */
  stepWall(ms: number): void;
  /** Milliseconds until the next timer is due; `undefined` without timers. */
  untilNextTimer(): number | undefined;
}

/** Options of {@link fakeClock}. */
export interface FakeClockOptions {
  /** What the wall clock shows first. @defaultValue 2 Nov 2026, 09:00 UTC */
  readonly now?: Date;
}

interface Timer {
  readonly dueAtMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * Makes a clock for tests: nothing happens until `advance` is called, and then everything happens in order, without waiting.
 *
 * @example
 * ```ts
 * import { fakeClock } from 'wa-coexist/testing';
 *
 * const clock = fakeClock({ now: new Date('2026-11-02T09:00:00Z') });
 * clock.schedule(() => console.log('a day later'), 24 * 60 * 60 * 1000);
 * await clock.advance(24 * 60 * 60 * 1000);
 * ```
 */
export function fakeClock(options: FakeClockOptions = {}): FakeClock {
  let monotonicMs = 0;
  let wallOffsetMs = (options.now ?? new Date('2026-11-02T09:00:00Z')).getTime();
  let order = 0;
  const timers = new Set<Timer>();
  let moving: Promise<void> = Promise.resolve();

  const nextTimer = (): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (!next || timer.dueAtMs < next.dueAtMs || (timer.dueAtMs === next.dueAtMs && timer.order < next.order)) next = timer;
    }
    return next;
  };
  const move = async (ms: number): Promise<void> => {
    await promisesSettle();
    const endMs = monotonicMs + Math.max(0, ms);
    for (let timer = nextTimer(); timer && timer.dueAtMs <= endMs; timer = nextTimer()) {
      monotonicMs = Math.max(monotonicMs, timer.dueAtMs);
      timers.delete(timer);
      timer.callback();
      await promisesSettle();
    }
    monotonicMs = endMs;
  };

  return {
    now: () => wallOffsetMs + monotonicMs,
    monotonic: () => monotonicMs,
    schedule(callback, delayMs) {
      const timer = { dueAtMs: monotonicMs + Math.max(0, delayMs), order: (order += 1), callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(ms) {
      const moved = moving.then(() => move(ms));
      // A callback that throws rejects its own call of advance, never the next one.
      moving = moved.catch(() => undefined);
      return moved;
    },
    stepWall(ms) {
      wallOffsetMs += ms;
    },
    untilNextTimer() {
      const next = nextTimer();
      return next && next.dueAtMs - monotonicMs;
    },
  };
}

/** Turns of the event loop that a chain of promises over `fetch`, streams and handlers takes at most, with room to spare. */
const turns = 4;

async function promisesSettle(): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise<void>((resolve) => {
      if (typeof setImmediate === 'function') setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
  }
}
