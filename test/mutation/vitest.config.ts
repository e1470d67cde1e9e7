import { mergeConfig } from 'vitest/config';
import config from '../../vitest.config.ts';

/** The fast tests of the mutated code, in one project. Each mutant runs the tests that reach it. */
const unit = (config.test?.projects ?? [])[0];
if (typeof unit !== 'object' || !('resolve' in unit)) throw new TypeError('The first project of vitest.config.ts is not the unit tests.');

export default mergeConfig(
  { resolve: unit.resolve },
  {
    test: {
      include: ['test/{client,errors,webhooks}/**/*.test.ts'],
      exclude: ['test/webhooks/{parse-mutations,races,types,fairness}.test.ts'],
      testTimeout: 30_000,
    },
  },
);
