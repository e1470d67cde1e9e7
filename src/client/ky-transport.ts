import ky, { isKyError, isTimeoutError, type Options } from 'ky';
import { AbortedError, NetworkError, TimeoutError } from '../errors/connection-errors.js';
import { redactError, redactor, type Redact } from './redact.js';

/** One HTTP exchange as the client needs it. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: object | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** The caller's own, where one was set. */
  readonly fetch: typeof fetch | undefined;
  /** Goes to `fetch` as it is. */
  readonly dispatcher: object | undefined;
  /** What error messages call it. */
  readonly operation: string;
  /** Takes secrets out of what errors keep. @defaultValue takes out the token of the `authorization` header */
  readonly redact?: Redact;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Makes one exchange, without retries. Errors of ky and of `fetch` may hold the request with its token and are therefore never passed on:
 * what is kept as a cause is a copy without secrets.
 *
 * @throws `NetworkError`, `TimeoutError`, `AbortedError`.
 */
export function exchange(request: HttpRequest): Promise<HttpAnswer> {
  return failing(request, async () => {
    const pending = start(request);
    const text = await pending.text();
    const { status, headers } = await pending;
    return { status, headers, text };
  });
}

/**
 * Makes one exchange up to the head of the answer and leaves its body to be read; the time allowed is for the head, the signal for both.
 *
 * @throws `NetworkError`, `TimeoutError`, `AbortedError`.
 */
export function openResponse(request: HttpRequest): Promise<Response> {
  return failing(request, () => start(request));
}

function start({ url, method, headers, body, timeoutMs, signal, fetch, dispatcher }: HttpRequest): ReturnType<typeof ky> {
  const options: Options = {
    method,
    headers,
    retry: 0,
    throwHttpErrors: false,
    timeout: false,
    totalTimeout: timeoutMs,
    // A redirect could take the token elsewhere.
    redirect: 'manual',
    ...(isSentAsItIs(body) ? { body } : body && { json: body }),
    ...(signal && { signal }),
    ...(fetch && { fetch }),
    // ky hands to `fetch` what it does not know.
    ...(dispatcher && { dispatcher }),
  };
  return ky(url, options);
}

/** Does the work with the library's errors, and ends it with the caller's signal, though a `fetch` of the caller's may not heed it. */
async function failing<Result>(request: HttpRequest, work: () => Promise<Result>): Promise<Result> {
  const { signal, operation } = request;
  if (signal?.aborted) {
    throw new AbortedError(`${operation} was aborted before it was sent.`, 'not-sent', { cause: signal.reason });
  }
  let stopListening: (() => void) | undefined;
  try {
    if (!signal) return await work();
    const aborted = new Promise<never>((_resolve, reject) => {
      const onAbort = (): void => {
        reject(new Error('aborted'));
      };
      signal.addEventListener('abort', onAbort);
      stopListening = () => {
        signal.removeEventListener('abort', onAbort);
      };
    });
    return await Promise.race([work(), aborted]);
  } catch (error) {
    throw connectionError(error, request);
  } finally {
    stopListening?.();
  }
}

/** Bodies that `fetch` takes and that can be sent a second time, which a stream cannot. */
function isSentAsItIs(body: object | undefined): body is FormData | Blob | URLSearchParams | ArrayBufferView<ArrayBuffer> {
  return body instanceof FormData || body instanceof Blob || body instanceof URLSearchParams || ArrayBuffer.isView(body);
}

function connectionError(error: unknown, { operation, timeoutMs, signal, headers, redact }: HttpRequest): Error {
  if (signal?.aborted) {
    return new AbortedError(`${operation} was aborted; Meta may have acted on it.`, 'unknown', { cause: signal.reason });
  }
  if (isTimeoutError(error)) {
    return new TimeoutError(`${operation} had no complete answer within ${String(timeoutMs)} ms; Meta may have acted on it.`, timeoutMs);
  }
  const cause = isKyError(error) ? error.cause : error;
  const code = systemCode(cause);
  const wasSent = code === undefined || !neverConnected.includes(code);
  return new NetworkError(
    wasSent
      ? `${operation} broke off${code ? ` (${code})` : ''}; Meta may have acted on it.`
      : `${operation} could not connect (${code}); nothing was sent.`,
    wasSent ? 'unknown' : 'not-sent',
    { cause: redactError(cause, redact ?? redactor([headers.get('authorization')?.split(' ')[1]])) },
  );
}

/** System errors that can only happen before a connection stands. */
const neverConnected: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // As of an agent that does not fit to the `fetch`.
  'UND_ERR_INVALID_ARG',
];

/** The first `code` along the causes; that of addresses tried side by side only where they agree. */
function systemCode(error: unknown): string | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
    if (cause instanceof AggregateError && cause.errors.length > 0) {
      const codes = new Set(cause.errors.map(systemCode));
      if (codes.size === 1) return codes.values().next().value;
    }
  }
  return undefined;
}
