import ky, { isKyError, isTimeoutError, type Options } from 'ky';
import { AbortedError, InvalidResponseError, NetworkError, TimeoutError } from '../errors/connection-errors.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import type { HttpBody, HttpHeaders } from './build-request.js';
import { readText } from './read-text.js';
import { redactError, redactor, type Redact } from './redact.js';

/** One HTTP exchange. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: HttpHeaders;
  readonly body?: HttpBody | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** The caller's `fetch`, if set. */
  readonly fetch: typeof fetch | undefined;
  /** Passed to `fetch` unchanged. */
  readonly dispatcher: object | undefined;
  /** Name of the operation in error messages. */
  readonly operation: string;
  /**
   * Returns the operation with its real IDs, for connection errors.
   * @defaultValue `operation`
   */
  readonly line?: () => string;
  /**
   * Removes secrets from errors.
   * @defaultValue removes the token of the `authorization` header
   */
  readonly redact?: Redact;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Makes one exchange, without retries. Errors of ky and `fetch` may contain the request with its token, so causes are
 * copies without secrets.
 *
 * @throws `NetworkError`, `TimeoutError`, `AbortedError`, `InvalidResponseError` if the response has more than
 * `maxBytes` bytes, and `InvalidArgumentError` if the exchange fails before `fetch` is called, so that the request was
 * not sent.
 */
export function exchange(request: HttpRequest, maxBytes: number): Promise<HttpAnswer> {
  const endsAtMs = performance.now() + request.timeoutMs;
  return untilAborted(request, async (attempt, signal) => {
    const response = await start(request, attempt, signal);
    // ky limits only the time until the headers, and not the number of bytes.
    const reading = readText(response, request.operation, maxBytes);
    attempt.cancelBody = reading.cancel;
    const text = await withinTime(reading.text, endsAtMs - performance.now(), attempt);
    return { status: response.status, headers: response.headers, text };
  });
}

/**
 * Makes one exchange up to the headers of the response. The caller reads the body. The timeout applies to the headers,
 * the signal to both.
 *
 * @throws as {@link exchange}.
 */
export function openResponse(request: HttpRequest): Promise<Response> {
  return untilAborted(request, (attempt) => start(request, attempt, request.signal));
}

/** Progress of one exchange. */
interface Attempt {
  /** Whether `fetch` was called and returned without throwing. Only then may bytes have been sent. */
  mayHaveLeft: boolean;
  /** Whether the caller's `fetch` threw instead of returning a promise. */
  fetchThrew: boolean;
  /** Whether the time limit has passed. */
  isLate: boolean;
  /** Stops reading the body. */
  cancelBody: () => void;
}

function start(
  { url, method, headers, body, timeoutMs, fetch: own, dispatcher, operation }: HttpRequest,
  attempt: Attempt,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const options: Options = {
    method,
    headers,
    retry: 0,
    throwHttpErrors: false,
    timeout: timeoutMs,
    // A redirect could send the token to another host.
    redirect: 'manual',
    ...(body !== undefined && { body }),
    // With a signal, ky creates a composite signal, which takes as long as the rest of the request.
    ...(signal && { signal }),
    // ky passes unknown options to `fetch`.
    ...(dispatcher && { dispatcher }),
    fetch: async (input, init) => {
      let answering: unknown;
      try {
        answering = (own ?? globalThis.fetch)(input, init);
      } catch (error) {
        attempt.fetchThrew = true;
        throw error;
      }
      attempt.mayHaveLeft = true;
      return checkedResponse(await answering, operation);
    },
  };
  return ky(url, options);
}

/** Rejects values of the caller's `fetch` that aren't responses. */
function checkedResponse(response: unknown, operation: string): Response {
  const { status, headers } = Object(response) as Partial<Response>;
  // Accepts responses of other realms and of polyfills.
  if (typeof status === 'number' && typeof headers?.get === 'function') return response as Response;
  throw new InvalidResponseError(`${operation}: the fetch of createClient({ fetch }) returned no Response.`, 0, '');
}

/** Waits for the body, and cancels it after the time limit. */
async function withinTime<Result>(reading: Promise<Result>, timeoutMs: number, attempt: Attempt): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      attempt.isLate = true;
      attempt.cancelBody();
      reject(new Error('The time is over.'));
    }, timeoutMs);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends the work when the caller's signal aborts. Removes its listener. */
async function untilAborted<Result>(
  request: HttpRequest,
  work: (attempt: Attempt, signal: AbortSignal | undefined) => Promise<Result>,
): Promise<Result> {
  const { signal, operation } = request;
  if (signal?.aborted) {
    throw new AbortedError(`${operation} was aborted before it was sent.`, 'not-sent', { cause: signal.reason });
  }
  const attempt: Attempt = { mayHaveLeft: false, fetchThrew: false, isLate: false, cancelBody: () => undefined };
  if (!signal) {
    try {
      return await work(attempt, undefined);
    } catch (error) {
      throw connectionError(error, request, attempt);
    }
  }
  // ky accepts only signals from its own realm.
  const controller = new AbortController();
  let abort = (): void => undefined;
  // The caller's `fetch` may ignore its signal, or use a copy that is garbage-collected before it fires.
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => {
      controller.abort();
      attempt.cancelBody();
      reject(new Error('The signal was aborted.'));
    };
  });
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work(attempt, controller.signal), aborted]);
  } catch (error) {
    throw connectionError(error, request, attempt);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function connectionError(thrown: unknown, request: HttpRequest, { mayHaveLeft, fetchThrew, isLate }: Attempt): Error {
  const { timeoutMs, signal, headers, redact, line } = request;
  const operation = line?.() ?? request.operation;
  const error = isKyError(thrown) && thrown.cause instanceof Error ? thrown.cause : thrown;
  if (error instanceof WhatsAppError) return error;
  const cause = redactError(error, redact ?? redactor([headers.authorization?.split(' ')[1]]));
  if (signal?.aborted) {
    return new AbortedError(
      mayHaveLeft ? `${operation} was aborted. Meta may have processed the request.` : `${operation} was aborted before it was sent.`,
      mayHaveLeft ? 'unknown' : 'not-sent',
      { cause: signal.reason },
    );
  }
  if (fetchThrew) {
    return new InvalidArgumentError(operation, 'the fetch of createClient({ fetch })', 'threw instead of returning a promise', { cause });
  }
  if (!mayHaveLeft) return new InvalidArgumentError(operation, 'the request', 'could not be built', { cause });
  if (isLate || isTimeoutError(thrown)) {
    return new TimeoutError(
      `${operation} received no complete response within ${String(timeoutMs)} ms. Meta may have processed the request.`,
      timeoutMs,
    );
  }
  const code = systemCode(error);
  const wasSent = !neverConnected(error);
  return new NetworkError(
    wasSent
      ? `${operation} lost the connection${code ? ` (${code})` : ''}. Meta may have processed the request.`
      : `${operation} could not connect (${code ?? 'fetch blocks this port'}). The request was not sent.`,
    wasSent ? 'unknown' : 'not-sent',
    { cause },
  );
}

/** System errors that can only happen before a request is sent. */
const connectCodes: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // An agent that doesn't match the `fetch` causes this code.
  'UND_ERR_INVALID_ARG',
];

/** Codes of a certificate that was rejected in the handshake, before the request. */
const certificateCode = /^(?:ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;

/**
 * Reports whether an error proves that there was no connection: by its code, its system call, or a port that `fetch`
 * blocks.
 */
function neverConnected(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 8) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && (connectCodes.includes(code) || certificateCode.test(code))) return true;
  if (syscall === 'connect' || syscall === 'getaddrinfo' || error.message === 'bad port') return true;
  if (typeof code === 'string') return false;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every((one) => neverConnected(one, depth + 1));
  return neverConnected(error.cause, depth + 1);
}

/** Finds the first `code` in the chain of causes. An aggregate error counts only if all its codes are equal. */
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
