import process from 'node:process';
import base from './stryker.config.js';
import { readArea, sampleLines } from './sample.ts';

/**
 * A sample of the mutants of one area: `MUTANTS_OF=bullmq MUTANTS_SEED=7 MUTANTS_LINES=30`. `npm run check:mutants` runs one of each area,
 * and fails if less than 85 % are found.
 */
const area = readArea();
const { MUTANTS_SEED: seed = '1', MUTANTS_LINES: lines = String(area.lines) } = process.env;

export default {
  ...base,
  mutate: sampleLines({ ...area, lines: Number(lines) }, Number(seed)),
  vitest: { configFile: 'test/mutation/vitest.sample.config.ts' },
  // Texts of errors and logs may change. Tests check what a program can see.
  mutator: { excludedMutations: ['StringLiteral'] },
  // Tests on Redis wait in real time.
  timeoutMS: 20_000,
  timeoutFactor: 1.1,
  concurrency: Number(process.env.MUTANTS_AT_ONCE ?? 2),
};
