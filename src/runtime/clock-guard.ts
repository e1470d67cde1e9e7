import { systemClock, type Clock } from './clock.js';
import type { Logger } from './logger.js';

/** Clocks that {@link resolveClock} has created. */
const resolved = /* @__PURE__ */ new WeakSet<Clock>();

/**
 * Creates the library's clock from the `clock` option of a `create…` function. If the caller's clock throws or returns
 * no number, {@link systemClock} provides that reading, so a faulty clock can't lose events or stop a queue.
 */
export function resolveClock(clock: Clock | undefined, logger: Logger): Clock {
  if (clock === undefined || clock === systemClock || resolved.has(clock)) return clock ?? systemClock;
  const read = (name: 'now' | 'monotonic'): number => {
    let value: unknown;
    let error: unknown;
    try {
      value = clock[name]();
      quiet(value);
    } catch (failure) {
      error = failure;
    }
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    logger.error('the clock returned no time; the system clock is used instead', { reading: name, error });
    return systemClock[name]();
  };
  const guarded: Clock = {
    now: () => read('now'),
    monotonic: () => read('monotonic'),
    schedule(callback, delayMs, options) {
      try {
        const cancel = clock.schedule(callback, delayMs, options);
        quiet(cancel);
        return () => {
          try {
            cancel();
          } catch (error) {
            logger.error('the clock could not cancel a timer', { error });
          }
        };
      } catch (error) {
        logger.error('the clock could not start a timer; the system clock is used instead', { error });
        return systemClock.schedule(callback, delayMs, options);
      }
    },
  };
  resolved.add(guarded);
  return guarded;
}

/** A clock that is async by mistake returns promises, whose rejections would end the process. */
function quiet(value: unknown): void {
  if (value instanceof Promise) value.catch(() => undefined);
}
