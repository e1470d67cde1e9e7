/**
 * Registers the matchers of the fake Cloud API for `expect` of Vitest, with their types. Import it in a setup file or a
 * test. Requires Vitest 3.2 or later.
 *
 * @example
 * ```ts
 * // vitest.config.ts
 * import { defineConfig } from 'vitest/config';
 *
 * export default defineConfig({ test: { setupFiles: ['wa-coexist/testing/vitest'] } });
 * ```
 *
 * @module wa-coexist/testing/vitest
 */

import { expect } from 'vitest';
import { fakeMatchers, type FakeMatchers } from '../fake-matchers.js';

export {
  fakeMatchers,
  type FakeDeliveryMatch,
  type FakeMatcherResult,
  type FakeMatchers,
  type FakeRequestMatch,
  type FakeSentMatch,
  type FakeTextMatch,
} from '../fake-matchers.js';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- Vitest declares these parameters.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends FakeMatchers<R> {}
}

expect.extend(fakeMatchers);
