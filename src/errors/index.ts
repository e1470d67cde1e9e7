/**
 * Every error that the library throws, how Meta's codes become them, and what the codes mean.
 *
 * @module wa-coexist/errors
 */

export * from './family.js';
export { describeError, type CodedError, type ErrorDescription } from './describe-error.js';
