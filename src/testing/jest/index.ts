/**
 * Registers the matchers of the fake Cloud API for `expect` of Jest, with their types. Add it to `setupFilesAfterEnv`, or
 * import it in a test.
 *
 * @example
 * ```ts
 * // jest.config.ts
 * export default { setupFilesAfterEnv: ['wa-coexist/testing/jest'] };
 * ```
 *
 * @module wa-coexist/testing/jest
 */

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

// For tests that import `expect` from `@jest/globals`.
// eslint-disable-next-line @typescript-eslint/ban-ts-comment -- It is an error only in projects without Jest.
/** @ts-ignore Only projects with Jest have this package. */
declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- Jest declares these parameters.
  interface Matchers<R extends void | Promise<void>, T = unknown> extends FakeMatchers<R> {}
}

declare global {
  /** For tests that use the global `expect`, which `@types/jest` declares. */
  // eslint-disable-next-line @typescript-eslint/no-namespace -- `@types/jest` declares it.
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- `@types/jest` declares these parameters.
    interface Matchers<R, T = {}> extends FakeMatchers<R> {}
  }
}

// Jest sets it in setup files and tests.
const { expect } = globalThis as { readonly expect?: { readonly extend: (matchers: typeof fakeMatchers) => void } };
if (!expect)
  throw new Error(
    'wa-coexist/testing/jest found no global expect. Import it in a setup file of setupFilesAfterEnv. With injectGlobals: false, ' +
      "call expect.extend(fakeMatchers) with fakeMatchers of 'wa-coexist/testing/node'.",
  );
expect.extend(fakeMatchers);
