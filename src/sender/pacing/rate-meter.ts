/** Counts events and calculates their rate per second. Times are monotonic milliseconds. */
export interface RateMeter {
  count(nowMs: number): void;
  perSecond(nowMs: number): number;
}

/** The rate covers the last ten seconds, in steps of one second. */
const bucketMs = 1_000;
const buckets = 10;

/** Creates a meter that starts now. It reports a rate after half a second. */
export function createRateMeter(startedAtMs: number): RateMeter {
  const counts = new Array<number>(buckets + 1).fill(0);
  let bucket = 0;
  const bucketAt = (nowMs: number): number => Math.floor((nowMs - startedAtMs) / bucketMs);
  /** Clears the buckets of the time since the last call. */
  const moveTo = (nowMs: number): void => {
    const target = bucketAt(nowMs);
    for (let next = Math.max(bucket + 1, target - buckets); next <= target; next += 1) counts[next % counts.length] = 0;
    bucket = Math.max(bucket, target);
  };
  return {
    count(nowMs) {
      moveTo(nowMs);
      const index = bucket % counts.length;
      counts[index] = (counts[index] ?? 0) + 1;
    },
    perSecond(nowMs) {
      moveTo(nowMs);
      const spanMs = Math.min(nowMs - startedAtMs, nowMs - startedAtMs - (bucket - buckets) * bucketMs);
      return spanMs < bucketMs / 2 ? 0 : (counts.reduce((sum, count) => sum + count, 0) * 1_000) / spanMs;
    },
  };
}
