import { systemClock } from '../../runtime/clock.js';
import { fakeClock, type FakeClock } from '../fake-clock.js';

/** A clock that follows the machine's clock and can be advanced. Everything that is due in between happens. */
export interface RunningClock {
  /** The clock of the fake. */
  readonly clock: FakeClock;
  /** Brings it up to the machine's time: before a request is answered, so that "the last second" is exact. */
  catchUp(): Promise<void>;
  /** Puts it ahead by `ms`, one due moment after the other; `rest` is awaited after each, for what must happen in real time. */
  advance(ms: number, rest: () => Promise<void>): Promise<void>;
  /** Stops it. */
  close(): void;
}

/** Milliseconds between two looks at the machine's clock. */
const tickMs = 20;

/** Makes a clock that shows `now` and runs. */
export function createRunningClock(now: Date): RunningClock {
  const clock = fakeClock({ now });
  let seenMs = systemClock.monotonic();
  const catchUp = (): Promise<void> => {
    const passedMs = systemClock.monotonic() - seenMs;
    seenMs += passedMs;
    return clock.advance(passedMs);
  };
  let cancel: () => void = () => undefined;
  const tick = (): void => {
    cancel = systemClock.schedule(() => {
      void catchUp().finally(() => {
        if (isRunning) tick();
      });
    }, tickMs);
  };
  let isRunning = true;
  tick();
  return {
    clock,
    catchUp,
    async advance(ms, rest) {
      const endMs = clock.monotonic() + ms;
      while (clock.monotonic() < endMs) {
        const leftMs = endMs - clock.monotonic();
        await clock.advance(Math.min(leftMs, Math.max(0, clock.untilNextTimer() ?? leftMs) + 1));
        await rest();
      }
    },
    close() {
      isRunning = false;
      cancel();
    },
  };
}
