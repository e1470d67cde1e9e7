/**
 * Contains every error that the library throws, functions that create errors from Meta's objects, and texts for Meta's
 * codes.
 *
 * @module wa-coexist/errors
 */

export * from './classes.js';
export type { GraphErrorFacts, RetrySafety } from './graph-api-error.js';
export type { GraphErrorSource } from './from-graph.js';
export type { ErroredStatus } from './error-from-status.js';
export type { NotSentReason } from './not-sent-error.js';
export type { StoreProblem } from './store-error.js';
export type { RequestDelivery } from './connection-errors.js';
export type { HandoffReason, OnboardingProblem, PreflightProblem } from './coexistence-errors.js';
export type { FeatureRestriction } from './restricted-feature-error.js';
export type { FileTransferProblem } from './file-transfer-error.js';
export type { SignupStateProblem } from './signup-state-error.js';
export { describeError, type CodedError, type ErrorDescription } from './describe-error.js';
