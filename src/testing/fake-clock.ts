import { describeValue, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
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
  /**
   * Returns the milliseconds until the next timer is due, or `undefined` without timers. Timers in the background don't count: nothing waits for
   * them, and a process could end before they run.
   */
  untilNextTimer(): number | undefined;
}

/** Options of {@link fakeClock}. */
export interface FakeClockOptions {
  /** What the wall clock shows first. @defaultValue 2 Nov 2026, 09:00 UTC */
  readonly now?: Date | undefined;
}

interface Timer {
  readonly dueAtMs: number;
  readonly callback: () => void;
  readonly background: boolean;
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
  return readOptions('fakeClock', options, buildFakeClock);
}

function buildFakeClock(options: FakeClockOptions): FakeClock {
  // Callers without TypeScript may pass anything.
  const start: unknown = options.now ?? new Date('2026-11-02T09:00:00Z');
  if (!(start instanceof Date) || Number.isNaN(start.getTime())) throw new InvalidArgumentError('fakeClock', 'now', 'must be a valid Date');
  let monotonicMs = 0;
  let wallOffsetMs = start.getTime();
  /** In the order in which they fall due. */
  const timers: Timer[] = [];
  let moving: Promise<void> = Promise.resolve();

  /** Where a timer goes: behind those that are due at the same moment. */
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

/** Turns of the event loop that a chain of promises over `fetch`, streams and handlers takes at most, with room to spare. */
const turns = 4;

async function promisesSettle(): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise<void>((resolve) => {
      // Not every runtime has it; where it is missing a turn takes a millisecond or more.
      if ('setImmediate' in globalThis) globalThis.setImmediate(resolve);
      else setTimeout(resolve, 0);
    });
  }
}
