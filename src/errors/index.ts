/**
 * Contains every error that the library throws, functions that create errors from Meta's objects, and texts for Meta's
 * codes.
 *
 * @module wa-coexist/errors
 */

export { WhatsAppError, type GraphErrorKind, type WhatsAppErrorKind } from './whatsapp-error.js';
export {
  AccountRestrictedError,
  AuthenticationError,
  CoexistenceSyncError,
  GraphApiError,
  InvalidParameterError,
  MediaError,
  PairRateError,
  PermissionError,
  ServerError,
  TemplateError,
  ThrottlingError,
  UndeliverableError,
  UnknownCodeError,
  WindowClosedError,
  type GraphErrorFacts,
  type RetrySafety,
} from './graph-api-error.js';
export { graphError, type GraphErrorSource } from './from-graph.js';
export { errorFromStatus, type ErroredStatus } from './to-error.js';
export { isWhatsAppError, type AnyGraphApiError, type AnyWhatsAppError } from './any-whatsapp-error.js';
export { NotSentError, type NotSentReason } from './not-sent-error.js';
export { StoreError, type StoreProblem } from './store-error.js';
export { AbortedError, InvalidResponseError, NetworkError, TimeoutError, type RequestDelivery } from './connection-errors.js';
export { InvalidMessageError, MissingCredentialsError, MissingTargetError } from './usage-errors.js';
export {
  HandoffError,
  NumberDisconnectedError,
  OnboardingError,
  ServiceWindowClosedError,
  SubscriptionMissingError,
  SyncWindowError,
  type HandoffReason,
  type OnboardingProblem,
  type PreflightProblem,
} from './coexistence-errors.js';
export { InvalidArgumentError } from './invalid-argument-error.js';
export { RestrictedFeatureError, type FeatureRestriction } from './restricted-feature-error.js';
export { FileTransferError, type FileTransferProblem } from './file-transfer-error.js';
export { FlowRequestError } from './flow-request-error.js';
export { SignupStateError, type SignupStateProblem } from './signup-state-error.js';
export { describeError, type CodedError, type ErrorDescription } from './describe-error.js';
