import { configureGlobal } from 'fast-check';
import { env } from 'node:process';
import { isLong } from './long-runs.js';

/**
 * fast-check with a fixed seed, so that the tests of a change fail only because of the change. `npm run test:long` uses
 * different values in each run. `WA_COEXIST_SEED` sets a seed.
 */
export { default } from 'fast-check';

const seed = Number(env['WA_COEXIST_SEED']) || (isLong ? undefined : 20_261_129);
if (seed !== undefined) configureGlobal({ seed });
