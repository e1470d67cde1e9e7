import { WhatsAppError, type GraphErrorKind } from './whatsapp-error.js';

/**
 * Whether you can retry a request after an error of Meta.
 *
 * - `safe`: Meta rejected the request before it did anything. Retry after the delay.
 * - `idempotent-only`: Meta may have processed the request. Retry it only if it changes nothing.
 * - `later`: Meta rejected the request, and will reject it again until something changes, for example a payment method
 *   or the approval of a template.
 * - `never`: Meta rejected the request permanently.
 */
export type RetrySafety = 'safe' | 'idempotent-only' | 'later' | 'never';

/** Meta's error fields in a response or a failed status, and the delay that the library computes. */
export interface GraphErrorFacts {
  /** Meta's error code. `-1` if Meta sent none. */
  readonly code: number;
  /** Meta's subcode. Deprecated by Meta since v16, but still sent with template and management errors. */
  readonly subcode?: number;
  /** `error_data.details`, usually the most specific explanation. */
  readonly details?: string;
  /** `error.type`, for example `OAuthException`. */
  readonly type?: string;
  /** `error_user_title`, or `title` in webhooks. */
  readonly title?: string;
  /** `error_user_msg`, a text for users. */
  readonly userMessage?: string;
  /** Meta's trace ID, for support tickets. */
  readonly fbtraceId?: string;
  /** HTTP status of the response. Absent for an error in a webhook. */
  readonly httpStatus?: number;
  /** Meta's `is_transient`: the same request may succeed later. */
  readonly isTransient: boolean;
  /** Delay before a retry in milliseconds: `Retry-After` if Meta sent it, otherwise the delay for the code. */
  readonly retryAfterMs?: number;
}

/**
 * Base class for errors that Meta returns or reports, with one subclass for each {@link GraphErrorKind}.
 * {@link graphError} and {@link errorFromStatus} create them from Meta's error objects.
 *
 * @example
 * ```ts
 * import { GraphApiError } from 'wa-coexist/errors';
 *
 * function explain(error: unknown): string {
 *   if (!(error instanceof GraphApiError)) return 'not from Meta';
 *   return `${error.kind} (${String(error.code)}), trace ${error.fbtraceId ?? 'none'}`;
 * }
 * ```
 */
export abstract class GraphApiError extends WhatsAppError implements GraphErrorFacts {
  abstract override readonly kind: GraphErrorKind;
  declare readonly code: number;
  declare readonly subcode?: number;
  declare readonly details?: string;
  declare readonly type?: string;
  declare readonly title?: string;
  declare readonly userMessage?: string;
  declare readonly fbtraceId?: string;
  declare readonly httpStatus?: number;
  declare readonly isTransient: boolean;
  declare readonly retryAfterMs?: number;
  /** Whether you can retry the request. */
  readonly retryable: RetrySafety;

  constructor(message: string, facts: GraphErrorFacts, retryable: RetrySafety) {
    super(message);
    Object.assign(this, facts);
    this.retryable = retryable;
  }

  /** Returns the message, which starts with the name of the error and Meta's codes. */
  override toString(): string {
    return this.message;
  }
}

/** The token is missing, expired or revoked (0, 190). Get a new token, or onboard the business again. */
export class AuthenticationError extends GraphApiError {
  override readonly name = 'AuthenticationError';
  override readonly kind = 'authentication';
}

/** The token or the app doesn't have a permission or capability (3, 10, 200 to 299, 131005, …). */
export class PermissionError extends GraphApiError {
  override readonly name = 'PermissionError';
  override readonly kind = 'permission';
}

/** The app, the WABA or the number exceeded a rate limit (4, 80007, 130429, 131057, …). */
export class ThrottlingError extends GraphApiError {
  override readonly name = 'ThrottlingError';
  override readonly kind = 'throttling';
}

/** The number sent too many messages to one recipient in a short time (131056). Other recipients aren't affected. */
export class PairRateError extends GraphApiError {
  override readonly name = 'PairRateError';
  override readonly kind = 'pair-rate';
}

/** More than 24 hours have passed since the customer's last message (131047). You can send only templates. */
export class WindowClosedError extends GraphApiError {
  override readonly name = 'WindowClosedError';
  override readonly kind = 'window-closed';
}

/** Meta can't or won't deliver this message to this recipient (131026, 131049, 131050, …). */
export class UndeliverableError extends GraphApiError {
  override readonly name = 'UndeliverableError';
  override readonly kind = 'undeliverable';
}

/**
 * The template is paused, disabled or not approved, or the template or its parameters are invalid (132000 to 132069,
 * 134xxx, 2388xxx).
 */
export class TemplateError extends GraphApiError {
  override readonly name = 'TemplateError';
  override readonly kind = 'template';
}

/** A media file could not be downloaded, uploaded or used (131052, 131053, …). */
export class MediaError extends GraphApiError {
  override readonly name = 'MediaError';
  override readonly kind = 'media';
}

/** Meta rejected the one-time coexistence sync, or the business declined it (2593107, 2593108, 2593109). */
export class CoexistenceSyncError extends GraphApiError {
  override readonly name = 'CoexistenceSyncError';
  override readonly kind = 'coexistence-sync';
}

/** The account or number is restricted, not ready, or can't pay (368, 131031, 131042, 131048, 133010, …). */
export class AccountRestrictedError extends GraphApiError {
  override readonly name = 'AccountRestrictedError';
  override readonly kind = 'account-restricted';
}

/** A parameter is missing or invalid (33, 100, 131008, 131009, …). */
export class InvalidParameterError extends GraphApiError {
  override readonly name = 'InvalidParameterError';
  override readonly kind = 'invalid-parameter';
}

/** Meta had an internal error (1, 2, 131000, 131016, any 5xx). The result of a send is unknown. */
export class ServerError extends GraphApiError {
  override readonly name = 'ServerError';
  override readonly kind = 'server';
}

/** This version of the library doesn't know the code. */
export class UnknownCodeError extends GraphApiError {
  override readonly name = 'UnknownCodeError';
  override readonly kind = 'unknown-code';
}
