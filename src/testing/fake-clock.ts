import { describeValue, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { Clock } from '../runtime/clock.js';

/** A clock that only moves when you advance it. {@link fakeClock} creates it. */
export interface FakeClock extends Clock {
  /**
   * Advances the time and runs due timers in order. Promises settle between two timers. Concurrent calls run in sequence.
   *
   * @param ms - The time in milliseconds.
   */
  advance(ms: number): Promise<void>;
  /** Steps only the wall clock, as NTP or a user does. Negative values step back. No timer runs. */
  stepWall(ms: number): void;
  /**
   * Returns the milliseconds until the next timer is due, or `undefined` without timers. Background timers don't count,
   * because a process can end before they run.
   */
  untilNextTimer(): number | undefined;
}

/** Options of {@link fakeClock}. */
export interface FakeClockOptions {
  /** Start of the wall clock. @defaultValue 2 Nov 2026, 09:00 UTC */
  readonly now?: Date | undefined;
}

interface Timer {
  readonly dueAtMs: number;
  readonly callback: () => void;
  readonly background: boolean;
}

/**
 * Creates a clock for tests. It doesn't move until you call `advance`, which runs all due timers in order without
 * waiting. Pass it to the library and to {@link createFakeCloudApi}.
 *
 * @param options - The start time. See {@link FakeClockOptions}.
 * @returns the clock.
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
  return readOptions('fakeClock', options, buildFakeClock);
}

function buildFakeClock(options: FakeClockOptions): FakeClock {
  // Callers without TypeScript may pass anything.
  const start: unknown = options.now ?? new Date('2026-11-02T09:00:00Z');
  if (!(start instanceof Date) || Number.isNaN(start.getTime())) throw new InvalidArgumentError('fakeClock', 'now', 'must be a valid Date');
  let monotonicMs = 0;
  let wallOffsetMs = start.getTime();
  /** In the order of their due times. */
  const timers: Timer[] = [];
  let moving: Promise<void> = Promise.resolve();

  /** Returns the position of a timer: behind timers of the same time. */
  const placeOf = (dueAtMs: number): number => {
    let low = 0;
    for (let high = timers.length; low < high;) {
      const middle = (low + high) >>> 1;
      if ((timers[middle]?.dueAtMs ?? Number.POSITIVE_INFINITY) <= dueAtMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const move = async (ms: number): Promise<void> => {
    await promisesSettle();
    const endMs = monotonicMs + Math.max(0, ms);
    for (let timer = timers[0]; timer && timer.dueAtMs <= endMs; timer = timers[0]) {
      timers.shift();
      monotonicMs = Math.max(monotonicMs, timer.dueAtMs);
      timer.callback();
      await promisesSettle();
    }
    monotonicMs = endMs;
  };

  return {
    now: () => wallOffsetMs + monotonicMs,
    monotonic: () => monotonicMs,
    schedule(callback, delayMs, { background = false } = {}) {
      const timer = { dueAtMs: monotonicMs + Math.max(0, delayMs), callback, background };
      timers.splice(placeOf(timer.dueAtMs), 0, timer);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    advance(ms) {
      checkDuration('advance', ms);
      const moved = moving.then(() => move(ms));
      // A callback that throws rejects its own call of advance, never the next one.
      moving = moved.catch(() => undefined);
      return moved;
    },
    stepWall(ms) {
      checkDuration('stepWall', ms);
      wallOffsetMs += ms;
    },
    untilNextTimer() {
      const next = timers.find(({ background }) => !background);
      return next && next.dueAtMs - monotonicMs;
    },
  };
}

function checkDuration(action: string, ms: unknown): void {
  if (!Number.isFinite(ms))
    throw new InvalidArgumentError(`fakeClock.${action}`, 'ms', `must be a finite number, but is ${describeValue(ms)}`);
}

/** Maximum turns of the event loop for a chain of promises over `fetch`, streams and handlers, with a margin. */
const turns = 4;

async function promisesSettle(): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise<void>((resolve) => {
      // Some runtimes lack it. A turn then needs a millisecond or more.
      if ('setImmediate' in globalThis) globalThis.setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
  }
}
