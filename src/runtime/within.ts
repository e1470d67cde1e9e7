import type { Clock } from './clock.js';

/** The result of work that had a deadline. */
export type Within<Result> = { readonly type: 'done'; readonly value: Result } | { readonly type: 'late' };

/**
 * Waits at most `timeoutMs` milliseconds of `clock` for the caller's work (a handler, a guard, a token function). Late
 * work continues, but its result and its error are ignored.
 *
 * @returns `late` if the work didn't settle in time.
 * @throws the error of the work, synchronous or not.
 */
export async function within<Result>(clock: Clock, timeoutMs: number, work: () => Result | PromiseLike<Result>): Promise<Within<Result>> {
  let cancel = (): void => undefined;
  const late = new Promise<Within<Result>>((resolve) => {
    cancel = clock.schedule(() => {
      resolve({ type: 'late' });
    }, timeoutMs);
  });
  try {
    const done = Promise.resolve(work()).then((value): Within<Result> => ({ type: 'done', value }));
    // An error after the deadline has no receiver.
    done.catch(() => undefined);
    return await Promise.race([done, late]);
  } finally {
    cancel();
  }
}
