import { defined, isRecord } from '../runtime/json.js';
import { UnknownCodeError, type GraphApiError } from './graph-api-error.js';
import { factsOfCode } from './graph-codes.js';
import { remedyOf } from './remedies.js';

/** Information about an error that Meta's error object doesn't contain. */
export interface GraphErrorSource {
  /** HTTP status of the response. */
  readonly httpStatus?: number;
  /** Delay of a `Retry-After` header in milliseconds. */
  readonly retryAfterMs?: number;
  /** Method and path of the request, for the message: `POST /106540352242922/messages`. */
  readonly operation?: string;
  /** The same with placeholders instead of IDs: `POST /{phone-number-id}/messages`. */
  readonly pathTemplate?: string;
  /** Removes secrets from a text of Meta. @defaultValue the unchanged text */
  readonly redact?: (text: string) => string;
}

/** Maximum number of characters of each text of Meta in an error. */
const maxTextLength = 2_000;

/**
 * Creates the typed error for an `error` object of the Graph API, or for an element of `errors` in a webhook. Never
 * throws. Omits fields that are missing or have another type.
 *
 * {@link errorFromStatus} creates the error of a failed status.
 *
 * @param body - Meta's error object.
 * @param source - Information about the response and the request that the object doesn't contain.
 * @returns An error of the class for its code. See {@link AnyGraphApiError} for the classes.
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
  const fields = isRecord(body) ? body : { message: body };
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? shorten(redact(value)) : undefined);
  const data = fields.error_data;
  const details = text(isRecord(data) ? data.details : data) ?? text(fields.details);
  const title = text(fields.error_user_title) ?? text(fields.title);
  const userMessage = text(fields.error_user_msg);
  const said = distinct([title, userMessage, text(fields.message), details]);
  const code = integer(fields.code) ?? -1;
  const subcode = integer(fields.error_subcode);
  const fbtraceId = text(fields.fbtrace_id);
  const isTransient = fields.is_transient === true;
  const [, TypedError, resend, delayMs] = factsOfCode(code, subcode, httpStatus);
  const error = new TypedError(
    sentences([...said, remedyOf(code, subcode, said.join(' '), source)]),
    defined({
      code,
      subcode,
      details,
      type: text(fields.type),
      title,
      userMessage,
      fbtraceId,
      httpStatus,
      isTransient,
      retryAfterMs: isWait(source.retryAfterMs) ? source.retryAfterMs : delayMs,
    }),
    TypedError === UnknownCodeError && isTransient ? 'idempotent-only' : resend,
  );
  const codes = code === -1 ? '' : ` (${String(code)}${subcode === undefined ? '' : `/${String(subcode)}`})`;
  const place = `${operation ? ` [${operation}]` : ''}${fbtraceId ? ` [trace ${fbtraceId}]` : ''}`;
  const message = `${error.name}${codes}: ${error.message}${place}`;
  // Runtimes write the message into the stack when an error is created.
  const { stack = '', message: written } = error;
  const at = stack.indexOf(written);
  if (/^\w*Error: $/.test(stack.slice(0, at))) error.stack = `${message}${stack.slice(at + written.length)}`;
  error.message = message;
  return error;
}

/** Meta's generic message for invalid requests, which adds no information to a title. */
const generic = /^(?:\(#\d+\) )?Invalid parameter\.?$/i;

/** Returns the texts that are not part of another text. */
function distinct(texts: readonly (string | undefined)[]): readonly string[] {
  const there = [...new Set(texts.filter((text) => text !== undefined))];
  const bare = (text: string): string =>
    text
      .replace(/^\(#\d+\) /, '')
      .replace(/\.$/, '')
      .toLowerCase();
  const found = there.filter(
    (text, index) =>
      !(generic.test(text) && there.length > 1) &&
      !there.some((other, at) => at !== index && bare(other).includes(bare(text)) && (bare(other) !== bare(text) || at > index)),
  );
  return found.length > 0 ? found : ['Meta returned an error without a message'];
}

function sentences(texts: readonly (string | undefined)[]): string {
  return texts.flatMap((text) => (text === undefined ? [] : [/[.!?…]$/.test(text) ? text : `${text}.`])).join(' ');
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
