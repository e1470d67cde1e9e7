import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { areas } from './sample.ts';

/* Runs one sample of mutants for each area, and fails if a sample fails. The seed is the current day unless
   MUTANTS_SEED is set. */

const { MUTANTS_SEED = String(Math.floor(Date.now() / 86_400_000)) } = process.env;
const failed = Object.keys(areas).filter((area) => {
  console.log(`A sample of mutants of ${area}, with the seed ${MUTANTS_SEED}:`);
  const env = { ...process.env, MUTANTS_OF: area, MUTANTS_SEED };
  return spawnSync('stryker', ['run', 'test/mutation/stryker.sample.config.js'], { stdio: 'inherit', env }).status !== 0;
});
if (failed.length > 0) {
  console.error(`Too few mutants were found in: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
