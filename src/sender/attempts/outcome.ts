import { AbortedError, InvalidResponseError, NetworkError } from '../../errors/connection-errors.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import { WhatsAppError, type WhatsAppErrorKind } from '../../errors/whatsapp-error.js';

/**
 * What is to become of a message whose request failed.
 *
 * - `again`: Meta certainly did not take it, and will later. `scope` tells what has to wait: the message for a place in the number's
 *   window (`rate`), its recipient (`pair`), the number altogether (`number`), or everything until there is a connection (`connection`).
 *   Two come from the sender itself: no request left, as the store did not record it (`store`), and a message whose outcome is unknown goes
 *   out again by the caller's choice (`message`).
 * - `refused`: Meta certainly did not take it, and would not later.
 * - `not-sent`: no byte left, by a decision on this side.
 * - `unknown`: bytes left, and nothing tells what became of them.
 */
export type Verdict =
  | AgainVerdict
  | { readonly type: 'refused'; readonly error: WhatsAppError }
  | { readonly type: 'not-sent'; readonly error: WhatsAppError }
  | { readonly type: 'unknown'; readonly error: Error };

/** A message goes out again. */
export interface AgainVerdict {
  readonly type: 'again';
  /** What has to wait before. */
  readonly scope: 'rate' | 'pair' | 'number' | 'connection' | 'store' | 'message';
  /** How long it has to by Meta's word, in milliseconds. */
  readonly waitMs: number;
  readonly error: WhatsAppError;
}

/** The number's throughput, the pair rate, and the codes at which the number rests: app or WABA over its rate (4, 80007), upgrade under way (131057). */
const throughputCode = 130_429;
const pairCode = 131_056;
const restCodes: ReadonlySet<number> = /* @__PURE__ */ new Set([4, 80_007, 131_057]);

/** What the library itself refuses, before any byte leaves. */
const beforeTheNetwork: ReadonlySet<WhatsAppErrorKind> = /* @__PURE__ */ new Set<WhatsAppErrorKind>([
  'missing-target',
  'missing-credentials',
  'invalid-message',
  'invalid-argument',
  'restricted-feature',
  'guard',
]);

/** The wait that the error table gives throughput refusals: only a longer one was asked for by Meta. */
const ordinaryWaitMs = 1_000;

/** What Meta's edge may say instead of a code. */
const tooManyRequests = 429;
const requestTimeout = 408;

/**
 * Judges the error of one try. Cloud API has no idempotency key, so only what proves that Meta did not take the message lets it go out
 * again; an error that nobody foresaw proves nothing.
 */
export function verdictOn(error: unknown): Verdict {
  if (error instanceof GraphApiError) return verdictOnGraph(error);
  if (error instanceof NetworkError && error.delivery === 'not-sent') return { type: 'again', scope: 'connection', waitMs: 0, error };
  if (error instanceof InvalidResponseError) return verdictOnStatus(error);
  if (error instanceof AbortedError && error.delivery === 'not-sent') return { type: 'not-sent', error };
  if (error instanceof WhatsAppError && beforeTheNetwork.has(error.kind)) return { type: 'not-sent', error };
  return { type: 'unknown', error: error instanceof Error ? error : new Error('A value that is no Error was thrown.') };
}

function verdictOnGraph(error: GraphApiError): Verdict {
  const { code, httpStatus = 0, retryAfterMs = ordinaryWaitMs } = error;
  if (code === throughputCode) return { type: 'again', scope: 'rate', waitMs: retryAfterMs > ordinaryWaitMs ? retryAfterMs : 0, error };
  if (code === pairCode) return { type: 'again', scope: 'pair', waitMs: 0, error };
  if (restCodes.has(code) || (httpStatus === tooManyRequests && error.kind === 'throttling')) {
    return { type: 'again', scope: 'number', waitMs: retryAfterMs, error };
  }
  // `idempotent-only` stands for a fate that Meta's code leaves open.
  return { type: httpStatus >= 500 || error.retryable === 'idempotent-only' ? 'unknown' : 'refused', error };
}

/** An answer that is not the Graph API's own: only a client error tells that the request went no further. */
function verdictOnStatus(error: InvalidResponseError): Verdict {
  const { httpStatus } = error;
  return { type: httpStatus >= 400 && httpStatus < 500 && httpStatus !== requestTimeout ? 'refused' : 'unknown', error };
}
