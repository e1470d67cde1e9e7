import { env } from 'node:process';

/** Whether the long tests run: `npm run test:long`. */
export const isLong = Boolean(env['WA_COEXIST_LONG']);

/** Returns the number of runs of a property test. `WA_COEXIST_LONG` can also be a number above the default of the long tests. */
export function chooseRuns(long: number, short: number): number {
  return isLong ? Math.max(Number(env['WA_COEXIST_LONG']) || 0, long) : short;
}
