import ky, { isKyError, isTimeoutError, type Options } from 'ky';
import { AbortedError, NetworkError, TimeoutError } from '../errors/connection-errors.js';
import { redactError, redactor, type Redact } from './redact.js';

/** One HTTP exchange as the client needs it. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly fetch: typeof fetch | undefined;
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
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const pending = start(request);
  try {
    const text = await pending.text();
    const response = await pending;
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    throw connectionError(error, request);
  }
}

/**
 * Makes one exchange up to the head of the answer and leaves its body to be read; the time allowed is for the head, the signal for both.
 *
 * @throws `NetworkError`, `TimeoutError`, `AbortedError`.
 */
export async function openResponse(request: HttpRequest): Promise<Response> {
  try {
    return await start(request);
  } catch (error) {
    throw connectionError(error, request);
  }
}

function start(request: HttpRequest): ReturnType<typeof ky> {
  const { method, headers, body, timeoutMs, signal, fetch, operation } = request;
  if (signal?.aborted) {
    throw new AbortedError(`${operation} was aborted before it was sent.`, 'not-sent', { cause: signal.reason });
  }
  const options: Options = {
    method,
    headers,
    retry: 0,
    throwHttpErrors: false,
    timeout: false,
    totalTimeout: timeoutMs,
    redirect: 'manual',
    ...(isSentAsItIs(body) ? { body } : body && { json: body }),
    ...(signal && { signal }),
    ...(fetch && { fetch }),
  };
  return ky(request.url, options);
}

/** Bodies that `fetch` takes and that can be sent a second time, which a stream cannot. */
function isSentAsItIs(body: object | undefined): body is FormData | Blob | URLSearchParams | ArrayBufferView<ArrayBuffer> {
  return body instanceof FormData || body instanceof Blob || body instanceof URLSearchParams || ArrayBuffer.isView(body);
}

function connectionError(error: unknown, { operation, timeoutMs, signal, headers, redact }: HttpRequest): Error {
  if (signal?.aborted) {
    return new AbortedError(`${operation} was aborted; Meta may have acted on it.`, 'unknown', { cause: signal.reason });
  }
  if (isTimeoutError(error))
    return new TimeoutError(`${operation} had no complete answer within ${String(timeoutMs)} ms; Meta may have acted on it.`, timeoutMs);
  const cause = isKyError(error) ? error.cause : error;
  const code = systemCode(cause);
  const wasSent = code === undefined || !neverConnected.has(code);
  return new NetworkError(
    wasSent
      ? `${operation} broke off${code ? ` (${code})` : ''}; Meta may have acted on it.`
      : `${operation} could not connect (${code}); nothing was sent.`,
    wasSent ? 'unknown' : 'not-sent',
    { cause: redactError(cause, redact ?? redactor([headers.authorization?.split(' ')[1]])) },
  );
}

/** System errors that can only happen before a connection stands. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The `code` of the innermost cause that has one. */
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
