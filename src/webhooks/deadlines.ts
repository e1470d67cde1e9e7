import type { Clock } from '../runtime/clock.js';
import { within } from '../runtime/within.js';
import { CallbackTimeoutError } from './webhook-errors.js';

/** Bounds how long a receiver waits for callbacks: handlers, `route`, `archive` and `enqueue`. */
export interface Deadlines {
  /** Waits for a callback. @throws what it throws, or `CallbackTimeoutError` if it takes too long, or an error once callbacks are abandoned. */
  run<Result>(callback: string, work: () => Result | PromiseLike<Result>): Promise<Result>;
  /** Stops waiting for every callback, running and future. */
  abandon(): void;
  isAbandoned(): boolean;
}

/** Makes {@link Deadlines} of `timeoutMs` milliseconds each. */
export function createDeadlines(clock: Clock, timeoutMs: number): Deadlines {
  const running = new Set<() => void>();
  let isAbandoned = false;
  return {
    async run(callback, work) {
      if (isAbandoned) throw closedError();
      let abandonThis = (): void => undefined;
      const abandoned = new Promise<never>((_resolve, reject) => {
        abandonThis = () => {
          reject(closedError());
        };
      });
      running.add(abandonThis);
      try {
        // The race is inside, so that the timer ends with it.
        const result = await within(clock, timeoutMs, () => Promise.race([work(), abandoned]));
        if (result.type === 'late') throw new CallbackTimeoutError(callback, timeoutMs);
        return result.value;
      } finally {
        running.delete(abandonThis);
      }
    },
    abandon() {
      isAbandoned = true;
      for (const abandonThis of running) abandonThis();
    },
    isAbandoned: () => isAbandoned,
  };
}

function closedError(): Error {
  return new Error('The receiver was closed before the event was handled. Meta delivers it again.');
}
