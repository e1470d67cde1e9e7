import { mergeConfig } from 'vitest/config';
import config from '../../vitest.config.ts';
import { readArea } from './sample.ts';

const unit = (config.test?.projects ?? [])[0];
if (typeof unit !== 'object' || !('resolve' in unit)) throw new TypeError('The first project of vitest.config.ts is not the unit tests.');

/** The tests of one area, in one project. */
export default mergeConfig({ resolve: unit.resolve }, { test: { include: [...readArea().tests], testTimeout: 30_000 } });
