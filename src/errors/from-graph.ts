import { defined, isRecord } from '../runtime/json.js';
import { UnknownCodeError, type GraphApiError } from './graph-api-error.js';
import { factsOfCode } from './graph-codes.js';

/** Where an error object of Meta's came from, as far as it is not in the object itself. */
export interface GraphErrorSource {
  /** HTTP status of the answer. */
  readonly httpStatus?: number;
  /** Milliseconds of a `Retry-After` header. */
  readonly retryAfterMs?: number;
  /** What was being done, for the message: `POST /{phone-number-id}/messages`. */
  readonly operation?: string;
  /** Takes secrets out of a text of Meta's. @defaultValue the text as it is */
  readonly redact?: (text: string) => string;
}

/** Characters of each text of Meta's that an error keeps at most. */
const maxTextLength = 2_000;

/**
 * Makes the typed error of an `error` object of the Graph API, or of an element of `errors[]` in a webhook. Never throws:
 * whatever is missing or of another type is left out.
 *
 * @example
 * ```ts
 * import { graphError } from 'wa-coexist/errors';
 *
 * const error = graphError({ code: 131047, title: 'Re-engagement message' });
 * error.kind; // 'window-closed'
 * ```
 */
export function graphError(body: unknown, source: GraphErrorSource = {}): GraphApiError {
  const { httpStatus, operation, redact = (said: string) => said } = source;
  const fields = isRecord(body) ? body : {};
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? shorten(redact(value)) : undefined);
  const data = fields.error_data;
  const details = text(isRecord(data) ? data.details : data) ?? text(fields.details);
  const title = text(fields.error_user_title) ?? text(fields.title);
  const message = text(fields.message) ?? title ?? 'Meta answered with an error without a message';
  const code = integer(fields.code) ?? -1;
  const subcode = integer(fields.error_subcode);
  const isTransient = fields.is_transient === true;
  const [, TypedError, resend, delayMs] = factsOfCode(code, subcode, httpStatus);
  return new TypedError(
    `${operation ? `${operation}: ` : ''}${message}${details && details !== message ? ` (${details})` : ''}`,
    defined({
      code,
      subcode,
      details,
      type: text(fields.type),
      title,
      userMessage: text(fields.error_user_msg),
      fbtraceId: text(fields.fbtrace_id),
      httpStatus,
      isTransient,
      retryAfterMs: isWait(source.retryAfterMs) ? source.retryAfterMs : delayMs,
    }),
    TypedError === UnknownCodeError && isTransient ? 'reads' : resend,
  );
}

function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}

function isWait(ms: number | undefined): ms is number {
  return ms !== undefined && ms >= 0 && ms < Infinity;
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value;
  return Number.isInteger(number) ? (number as number) : undefined;
}
