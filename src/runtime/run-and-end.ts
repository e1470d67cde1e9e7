/**
 * Runs work, and calls `onEnd` after it. Work that returns no promise ends immediately, because a promise for each call would cost more than most
 * calls do.
 *
 * @throws what the work throws.
 */
export function runAndEnd<Result>(work: () => Result | Promise<Result>, onEnd: () => void): Result | Promise<Result> {
  let result: Result | Promise<Result>;
  try {
    result = work();
  } catch (error) {
    onEnd();
    throw error;
  }
  if (result instanceof Promise) return result.finally(onEnd);
  onEnd();
  return result;
}
