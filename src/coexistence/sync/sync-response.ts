import { AbortedError, NetworkError } from '../../errors/connection-errors.js';
import { AuthenticationError, GraphApiError } from '../../errors/graph-api-error.js';
import { MissingCredentialsError, MissingTargetError } from '../../errors/usage-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { SyncResponse, SyncFailure } from './sync-state.js';

const remedy =
  'To request it again, the business has to disconnect in the app (Settings, Account, Business Platform, Disconnect account) and complete Embedded Signup again.';

/** The meaning of Meta's two rejections. Source: Meta, error codes (12 Dec 2025). */
const meaningOf: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [2593107, `It was already requested, and Meta accepts each request only once per onboarding. ${remedy}`],
  [2593108, `The 24 hours after onboarding are over. ${remedy}`],
]);

/**
 * Converts the error of a request for contacts or history to its result. `not-taken` means that Meta certainly didn't
 * process it: the request wasn't sent, or the token was rejected. If Meta may have processed it, the result is
 * `ambiguous`.
 *
 * @param error - The error of the request.
 * @returns the result for {@link settleSync}, or `not-taken` if you can repeat the request
 *
 * @example
 * ```ts
 * import { TimeoutError } from 'wa-coexist';
 * import { toSyncResponse } from 'wa-coexist/coexistence';
 *
 * toSyncResponse(new TimeoutError('no answer', 30_000)).type; // 'ambiguous'
 * ```
 */
export function toSyncResponse(error: unknown): SyncResponse | { readonly type: 'not-taken' } {
  if (error instanceof AuthenticationError) return { type: 'not-taken' };
  if (error instanceof GraphApiError) {
    // `idempotent-only` marks errors after which Meta may have processed the request (5xx and their codes).
    return error.retryable === 'idempotent-only'
      ? { type: 'ambiguous', failure: failureOf(error) }
      : { type: 'rejected', failure: failureOf(error) };
  }
  if ((error instanceof NetworkError || error instanceof AbortedError) && error.delivery === 'not-sent') return { type: 'not-taken' };
  if (error instanceof MissingCredentialsError || error instanceof MissingTargetError) return { type: 'not-taken' };
  return { type: 'ambiguous', failure: failureOf(error) };
}

function failureOf(error: unknown): SyncFailure {
  if (error instanceof GraphApiError) {
    const code = [error.code, error.subcode].find((known) => known !== undefined && meaningOf.has(known)) ?? error.code;
    return { kind: error.kind, code, message: meaningOf.get(code) ?? error.message };
  }
  // An error from outside the library (such as your token function) may contain secrets.
  if (!(error instanceof WhatsAppError)) return { kind: 'other', message: 'The request failed for a reason outside the library.' };
  return {
    kind: error.kind,
    message: `${error.message} The library doesn't repeat it, because Meta accepts each request only once per onboarding.`,
  };
}
