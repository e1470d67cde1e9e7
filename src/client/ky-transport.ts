import ky, { isKyError, type Options } from 'ky';
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
  return withinTime(request, async (signal) => {
    const response = await start(request, signal);
    // Read past ky, whose own reading would race each body against a timer more.
    return { status: response.status, headers: response.headers, text: await response.text() };
  });
}

/**
 * Makes one exchange up to the head of the answer and leaves its body to be read; the time allowed is for the head, the signal for both.
 *
 * @throws `NetworkError`, `TimeoutError`, `AbortedError`.
 */
export function openResponse(request: HttpRequest): Promise<Response> {
  return withinTime(request, (signal) => start(request, request.signal ? AbortSignal.any([signal, request.signal]) : signal));
}

function start({ url, method, headers, body, fetch, dispatcher }: HttpRequest, signal: AbortSignal): Promise<Response> {
  const options: Options = {
    method,
    headers,
    signal,
    retry: 0,
    throwHttpErrors: false,
    // The deadline is that of the signal, which ends the reading of a body, too.
    timeout: false,
    // A redirect could take the token elsewhere.
    redirect: 'manual',
    ...(isSentAsItIs(body) ? { body } : body && { json: body }),
    ...(fetch && { fetch }),
    // ky hands to `fetch` what it does not know.
    ...(dispatcher && { dispatcher }),
  };
  return ky(url, options);
}

/** Ends work after the time allowed or with the caller's signal, whichever comes first, and leaves neither timer nor listener behind. */
async function withinTime<Result>(request: HttpRequest, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const { timeoutMs, signal, operation } = request;
  if (signal?.aborted) {
    throw new AbortedError(`${operation} was aborted before it was sent.`, 'not-sent', { cause: signal.reason });
  }
  const controller = new AbortController();
  let end = (): void => undefined;
  // A `fetch` of the caller's may not heed its signal, or look at a copy of it that is cleared away before it tells.
  const ended = new Promise<never>((_resolve, reject) => {
    end = () => {
      controller.abort();
      reject(new Error('ended'));
    };
  });
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end);
  try {
    return await Promise.race([work(controller.signal), ended]);
  } catch (error) {
    throw connectionError(error, request, controller.signal.aborted);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** Bodies that `fetch` takes and that can be sent a second time, which a stream cannot. */
function isSentAsItIs(body: object | undefined): body is FormData | Blob | URLSearchParams | ArrayBufferView<ArrayBuffer> {
  return body instanceof FormData || body instanceof Blob || body instanceof URLSearchParams || ArrayBuffer.isView(body);
}

function connectionError(error: unknown, { operation, timeoutMs, signal, headers, redact }: HttpRequest, wasEnded: boolean): Error {
  if (signal?.aborted) {
    return new AbortedError(`${operation} was aborted; Meta may have acted on it.`, 'unknown', { cause: signal.reason });
  }
  if (wasEnded) {
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
