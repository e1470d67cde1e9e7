/** Every error that the library throws, and how Meta's codes become them. @module errors */
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
} from './graph-api-error.js';
export { graphError, type GraphErrorSource } from './from-graph.js';
export type { Resend } from './graph-codes.js';
export { StoreError } from './store-error.js';
export { AbortedError, InvalidResponseError, NetworkError, TimeoutError, type RequestFate } from './connection-errors.js';
export { InvalidMessageError, MissingCredentialsError, MissingTargetError } from './usage-errors.js';
