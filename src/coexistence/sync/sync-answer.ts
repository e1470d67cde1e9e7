import { AbortedError, NetworkError } from '../../errors/connection-errors.js';
import { AuthenticationError, GraphApiError } from '../../errors/graph-api-error.js';
import { MissingCredentialsError, MissingTargetError } from '../../errors/usage-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { SyncResponse, SyncFailure } from './sync-state.js';

const remedy =
  'There is no other way to get it than that the business disconnects in the app (Settings, Account, Business Platform, Disconnect account) and goes through Embedded Signup again.';

/** What Meta's two refusals mean. Source: Meta, error codes (12 Dec 2025). */
const meaningOf: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [2593107, `It was asked for before: Meta takes each request once an onboarding. ${remedy}`],
  [2593108, `The 24 hours after onboarding are over. ${remedy}`],
]);

/**
 * How a failed request for contacts or history ended. `not-taken` only where it is proven that Meta did not act: nothing left this machine,
 * or the token was refused. Everything that Meta may have acted on is `ambiguous`.
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
    // "reads" is what the error table says of errors that leave open whether Meta acted (5xx and their codes).
    return error.retryable === 'idempotent-only'
      ? { type: 'ambiguous', failure: failureOf(error) }
      : { type: 'refused', failure: failureOf(error) };
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
  // An error from outside the library (the caller's token function) may hold anything.
  if (!(error instanceof WhatsAppError)) return { kind: 'other', message: 'The request failed for a reason outside the library.' };
  return { kind: error.kind, message: `${error.message} It is not repeated, because Meta takes each request once an onboarding.` };
}
