/** The error classes, and the functions that create and recognize errors. The root and the entry for errors export them. */
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
} from './graph-api-error.js';
export { graphError } from './from-graph.js';
export { errorFromStatus } from './error-from-status.js';
export { isWhatsAppError, type AnyGraphApiError, type AnyWhatsAppError } from './any-whatsapp-error.js';
export { NotSentError } from './not-sent-error.js';
export { StoreError } from './store-error.js';
export { AbortedError, InvalidResponseError, NetworkError, TimeoutError } from './connection-errors.js';
export { InvalidMessageError, MissingCredentialsError, MissingTargetError } from './usage-errors.js';
export {
  HandoffError,
  NumberDisconnectedError,
  OnboardingError,
  ServiceWindowClosedError,
  SubscriptionMissingError,
  SyncWindowError,
} from './coexistence-errors.js';
export { InvalidArgumentError } from './invalid-argument-error.js';
export { RestrictedFeatureError } from './restricted-feature-error.js';
export { FileTransferError } from './file-transfer-error.js';
export { FlowRequestError } from './flow-request-error.js';
export { SignupStateError } from './signup-state-error.js';
