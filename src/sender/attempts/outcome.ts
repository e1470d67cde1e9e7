import { AbortedError, InvalidResponseError, NetworkError } from '../../errors/connection-errors.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import { WhatsAppError, type WhatsAppErrorKind } from '../../errors/whatsapp-error.js';

/**
 * What happens to a message whose request failed.
 *
 * - `again`: Meta didn't accept the message, but can accept it later. `scope` says what is delayed: the message until
 *   the number has a free slot (`rate`), its recipient (`pair`), the number (`number`), or all messages until there is
 *   a connection (`connection`). The sender itself adds `store` (the store did not record the attempt) and `message`
 *   (the outcome is unknown, and the caller chose to send again).
 * - `rejected`: Meta rejected the message, and would reject it again.
 * - `not-sent`: the sender decided not to send the request.
 * - `unknown`: the request was sent, and its result is unknown.
 */
export type Verdict =
  | AgainVerdict
  | { readonly type: 'rejected'; readonly error: WhatsAppError }
  | { readonly type: 'not-sent'; readonly error: WhatsAppError }
  | { readonly type: 'unknown'; readonly error: Error };

/** How an attempt ended, for the recipient queues and the pacing. */
export type AttemptEnd = { readonly type: 'accepted' | 'not-sent' } | Verdict;

/** The message is sent again. */
export interface AgainVerdict {
  readonly type: 'again';
  /** What is delayed until the next attempt. */
  readonly scope: 'rate' | 'pair' | 'number' | 'connection' | 'store' | 'message';
  /** Minimum delay in milliseconds that Meta asks for. */
  readonly waitMs: number;
  readonly error: WhatsAppError;
}

/**
 * Codes for the throughput of the number, for the pair rate, and for delaying the whole number: rate limit of the app
 * or WABA (4, 80007), throughput upgrade in progress (131057).
 */
const throughputCode = 130_429;
const pairCode = 131_056;
const restCodes: ReadonlySet<number> = /* @__PURE__ */ new Set([4, 80_007, 131_057]);

/** Errors that the library throws before it sends a request. */
const beforeTheNetwork: ReadonlySet<WhatsAppErrorKind> = /* @__PURE__ */ new Set<WhatsAppErrorKind>([
  'missing-target',
  'missing-credentials',
  'invalid-message',
  'invalid-argument',
  'restricted-feature',
  'guard',
]);

/** The delay that the error table has for throughput errors. Only a longer delay is from Meta's response. */
const ordinaryWaitMs = 1_000;

/** The HTTP status that Meta's edge can return without an error code. */
const tooManyRequests = 429;
const requestTimeout = 408;

/**
 * Judges the error of an attempt. The Cloud API has no idempotency key, so a message is sent again only if Meta
 * certainly didn't accept it. An unexpected error proves nothing.
 */
export function verdictOn(error: unknown): Verdict {
  if (error instanceof GraphApiError) return verdictOnGraph(error);
  if (error instanceof NetworkError && error.delivery === 'not-sent') return { type: 'again', scope: 'connection', waitMs: 0, error };
  if (error instanceof InvalidResponseError) return verdictOnStatus(error);
  if (error instanceof AbortedError && error.delivery === 'not-sent') return { type: 'not-sent', error };
  if (error instanceof WhatsAppError && beforeTheNetwork.has(error.kind)) return { type: 'not-sent', error };
  return { type: 'unknown', error: error instanceof Error ? error : new Error('The thrown value is not an Error.') };
}

function verdictOnGraph(error: GraphApiError): Verdict {
  const { code, httpStatus = 0, retryAfterMs = ordinaryWaitMs } = error;
  if (code === throughputCode) return { type: 'again', scope: 'rate', waitMs: retryAfterMs > ordinaryWaitMs ? retryAfterMs : 0, error };
  if (code === pairCode) return { type: 'again', scope: 'pair', waitMs: 0, error };
  if (restCodes.has(code) || (httpStatus === tooManyRequests && error.kind === 'throttling')) {
    return { type: 'again', scope: 'number', waitMs: retryAfterMs, error };
  }
  // `idempotent-only` means that Meta's code doesn't decide whether the message was accepted.
  return { type: httpStatus >= 500 || error.retryable === 'idempotent-only' ? 'unknown' : 'rejected', error };
}

/** Judges a response that isn't from the Graph API. Only a client error proves that the request wasn't processed. */
function verdictOnStatus(error: InvalidResponseError): Verdict {
  const { httpStatus } = error;
  return { type: httpStatus >= 400 && httpStatus < 500 && httpStatus !== requestTimeout ? 'rejected' : 'unknown', error };
}
