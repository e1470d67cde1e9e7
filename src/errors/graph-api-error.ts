import { WhatsAppError, type GraphErrorKind } from './whatsapp-error.js';

/**
 * Whether a request that Meta answered with an error may go out again.
 *
 * - `safe`: Meta certainly refused it before acting; send again after the wait.
 * - `idempotent-only`: the fate is unknown or unclear; only a request that changes nothing may go out again.
 * - `later`: refused, and the same will happen until something changes (a payment method, a template's approval, …).
 * - `never`: refused for good.
 */
export type RetrySafety = 'safe' | 'idempotent-only' | 'later' | 'never';

/** What Meta said in an error answer or an errored status, and what the library makes of it. */
export interface GraphErrorFacts {
  /** Meta's error code: what to branch on. */
  readonly code: number;
  /** Deprecated by Meta since v16, still sent on template and management errors. */
  readonly subcode?: number;
  /** `error_data.details`: usually the most telling sentence. */
  readonly details?: string;
  /** `error.type`, as `OAuthException`. */
  readonly type?: string;
  /** `error_user_title` or, in webhooks, `title`. */
  readonly title?: string;
  /** `error_user_msg`: a text made for people. */
  readonly userMessage?: string;
  /** Meta's trace id, for support tickets. */
  readonly fbtraceId?: string;
  /** HTTP status of the answer; absent where the error came in a webhook. */
  readonly httpStatus?: number;
  /** Meta's own word that the same request may succeed later. */
  readonly isTransient: boolean;
  /** Milliseconds to wait before a further try: `Retry-After` where sent, else from the code. */
  readonly retryAfterMs?: number;
}

/**
 * Meta refused, or reported a failure: the base of one class for each {@link GraphErrorKind}.
 *
 * @example
 * ```ts
 * import { GraphApiError } from 'wa-coexist/errors';
 *
 * function explain(error: unknown): string {
 *   return error instanceof GraphApiError ? `${error.kind} (${String(error.code)}), trace ${error.fbtraceId ?? 'none'}` : 'not from Meta';
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
  /** Whether, and which, requests may go out again. */
  readonly retryable: RetrySafety;

  constructor(message: string, facts: GraphErrorFacts, retryable: RetrySafety) {
    super(message);
    Object.assign(this, facts);
    this.retryable = retryable;
  }

  /** Returns the message, which begins with the name of the error and Meta's codes. */
  override toString(): string {
    return this.message;
  }
}

/** The token is missing, expired or revoked (0, 190): get a new one, or onboard the business again. */
export class AuthenticationError extends GraphApiError {
  override readonly name = 'AuthenticationError';
  override readonly kind = 'authentication';
}

/** The token or the app lacks a permission or a capability (3, 10, 200 to 299, 131005, …). */
export class PermissionError extends GraphApiError {
  override readonly name = 'PermissionError';
  override readonly kind = 'permission';
}

/** A rate was exceeded: the app's, the WABA's, or the number's throughput (4, 80007, 130429, 131057, …). */
export class ThrottlingError extends GraphApiError {
  override readonly name = 'ThrottlingError';
  override readonly kind = 'throttling';
}

/** Too many messages to one recipient in a short time (131056); other recipients are not concerned. */
export class PairRateError extends GraphApiError {
  override readonly name = 'PairRateError';
  override readonly kind = 'pair-rate';
}

/** More than 24 hours since the customer last wrote (131047): only a template can go out. */
export class WindowClosedError extends GraphApiError {
  override readonly name = 'WindowClosedError';
  override readonly kind = 'window-closed';
}

/** This recipient cannot or may not get this message (131026, 131049, 131050, …). */
export class UndeliverableError extends GraphApiError {
  override readonly name = 'UndeliverableError';
  override readonly kind = 'undeliverable';
}

/** The template or its parameters are wrong, paused, disabled or not approved (132000 to 132069, 134xxx, 2388xxx). */
export class TemplateError extends GraphApiError {
  override readonly name = 'TemplateError';
  override readonly kind = 'template';
}

/** A media file could not be fetched, uploaded or used (131052, 131053, …). */
export class MediaError extends GraphApiError {
  override readonly name = 'MediaError';
  override readonly kind = 'media';
}

/** The once-only coexistence sync was refused or declined (2593107, 2593108, 2593109). */
export class CoexistenceSyncError extends GraphApiError {
  override readonly name = 'CoexistenceSyncError';
  override readonly kind = 'coexistence-sync';
}

/** The account or number is restricted, unpaid or not ready (368, 131031, 131042, 131048, 133010, …). */
export class AccountRestrictedError extends GraphApiError {
  override readonly name = 'AccountRestrictedError';
  override readonly kind = 'account-restricted';
}

/** A parameter is missing or wrong (33, 100, 131008, 131009, …). */
export class InvalidParameterError extends GraphApiError {
  override readonly name = 'InvalidParameterError';
  override readonly kind = 'invalid-parameter';
}

/** Meta's side failed (1, 2, 131000, 131016, any 5xx): the fate of a send is unknown. */
export class ServerError extends GraphApiError {
  override readonly name = 'ServerError';
  override readonly kind = 'server';
}

/** A code that this version of the library does not know. */
export class UnknownCodeError extends GraphApiError {
  override readonly name = 'UnknownCodeError';
  override readonly kind = 'unknown-code';
}
