/**
 * Runs work, then calls `onEnd`. Synchronous work ends synchronously, because a promise for each call would cost more
 * than most calls.
 *
 * @throws the error of the work.
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
