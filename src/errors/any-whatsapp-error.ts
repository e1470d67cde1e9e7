import type {
  HandoffError,
  NumberDisconnectedError,
  OnboardingError,
  ServiceWindowClosedError,
  SubscriptionMissingError,
  SyncWindowError,
} from './coexistence-errors.js';
import type { AbortedError, InvalidResponseError, NetworkError, TimeoutError } from './connection-errors.js';
import type { FileTransferError } from './file-transfer-error.js';
import type { FlowRequestError } from './flow-request-error.js';
import type {
  AccountRestrictedError,
  AuthenticationError,
  CoexistenceSyncError,
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
import type { InvalidArgumentError } from './invalid-argument-error.js';
import type { NotSentError } from './not-sent-error.js';
import type { RestrictedFeatureError } from './restricted-feature-error.js';
import type { SignupStateError } from './signup-state-error.js';
import type { StoreError } from './store-error.js';
import type { InvalidMessageError, MissingCredentialsError, MissingTargetError } from './usage-errors.js';
import { WhatsAppError } from './whatsapp-error.js';

/** All subclasses of {@link GraphApiError}, one for each kind. */
export type AnyGraphApiError =
  | AuthenticationError
  | PermissionError
  | ThrottlingError
  | PairRateError
  | WindowClosedError
  | UndeliverableError
  | TemplateError
  | MediaError
  | CoexistenceSyncError
  | AccountRestrictedError
  | InvalidParameterError
  | ServerError
  | UnknownCodeError;

/**
 * All errors of the library. A `switch` over `kind` narrows the type to the class, and the compiler reports missing
 * cases. Use {@link isWhatsAppError} to check a caught value.
 */
export type AnyWhatsAppError =
  | AnyGraphApiError
  | NetworkError
  | TimeoutError
  | AbortedError
  | InvalidResponseError
  | MissingTargetError
  | MissingCredentialsError
  | InvalidMessageError
  | InvalidArgumentError
  | RestrictedFeatureError
  | FileTransferError
  | FlowRequestError
  | SubscriptionMissingError
  | OnboardingError
  | SyncWindowError
  | NumberDisconnectedError
  | HandoffError
  | ServiceWindowClosedError
  | NotSentError
  | SignupStateError
  | StoreError
  // The receiver and `createTenants` define these classes.
  | (WhatsAppError & { readonly kind: 'webhook' | 'tenant-lookup' });

/**
 * Checks whether a caught value is an error of the library. You can then use a `switch` over its `kind`, as
 * {@link AnyWhatsAppError} describes.
 *
 * @param error - A caught value.
 *
 * @example
 * ```ts
 * import { isWhatsAppError } from 'wa-coexist/errors';
 *
 * function advice(error: unknown): string {
 *   if (!isWhatsAppError(error)) return 'a bug';
 *   switch (error.kind) {
 *     case 'window-closed':
 *       return 'send a template';
 *     case 'throttling':
 *     case 'pair-rate':
 *       return `wait ${String(error.retryAfterMs ?? 0)} ms`;
 *     case 'invalid-message':
 *       return `correct ${error.field}`;
 *     default:
 *       return error.message;
 *   }
 * }
 * ```
 */
export function isWhatsAppError(error: unknown): error is AnyWhatsAppError {
  return error instanceof WhatsAppError;
}
