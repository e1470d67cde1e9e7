import type { Clock } from '../runtime/clock.js';
import { sharedTimeout, type SharedTimeoutOptions } from '../runtime/shared-timeout.js';
import { CallbackTimeoutError } from './webhook-errors.js';

/** Limits how long a receiver waits for callbacks: handlers, `route`, `archive` and `enqueue`. */
export interface Deadlines {
  /**
   * Waits for a callback that returns a promise. Returns any other result synchronously.
   * @throws the error of the callback, `CallbackTimeoutError` if it takes too long, or an error after callbacks were
   * abandoned.
   */
  run<Result>(callback: string, work: () => Result | PromiseLike<Result>): Result | Promise<Result>;
  /** Stops waiting for all callbacks, running and future ones. */
  abandon(): void;
  isAbandoned(): boolean;
}

/** Creates {@link Deadlines} of `timeoutMs` milliseconds each. */
export function createDeadlines(clock: Clock, timeoutMs: number, options?: SharedTimeoutOptions): Deadlines {
  const expireAfter = sharedTimeout(clock, timeoutMs, options);
  const running = new Set<() => void>();
  let isAbandoned = false;
  const settle = <Result>(callback: string, result: PromiseLike<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const abandonThis = (): void => {
        reject(closedError());
      };
      running.add(abandonThis);
      const settled = expireAfter(() => {
        running.delete(abandonThis);
        reject(new CallbackTimeoutError(callback, timeoutMs));
      });
      const end = (): void => {
        running.delete(abandonThis);
        settled();
      };
      Promise.resolve(result).then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          end();
          // The caller's own error, of any type.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(error);
        },
      );
    });
  return {
    run(callback, work) {
      if (isAbandoned) throw closedError();
      const result = work();
      // Most handlers have finished when they return, and need no time limit.
      return isPromiseLike(result) ? settle(callback, result) : result;
    },
    abandon() {
      isAbandoned = true;
      for (const abandonThis of running) abandonThis();
    },
    isAbandoned: () => isAbandoned,
  };
}

function closedError(): Error {
  return new Error('The receiver was closed before the event was handled. Meta will redeliver it.');
}

function isPromiseLike<Result>(result: Result | PromiseLike<Result>): result is PromiseLike<Result> {
  return typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function';
}
