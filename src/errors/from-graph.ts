import { defined, isRecord } from '../runtime/json.js';
import {
  AccountRestrictedError,
  AuthenticationError,
  CoexistenceSyncError,
  InvalidParameterError,
  MediaError,
  PairRateError,
  PermissionError,
  ServerError,
  TemplateError,
  ThrottlingError,
  UndeliverableError,
  UnknownCodeError,
  WindowClosedError,
  type GraphApiError,
  type GraphErrorFacts,
} from './graph-api-error.js';
import { factsOfCode, type Resend } from './graph-codes.js';
import type { GraphErrorKind } from './whatsapp-error.js';

type GraphErrorClass = new (message: string, facts: GraphErrorFacts, resend: Resend) => GraphApiError;

const classOf: Readonly<Record<GraphErrorKind, GraphErrorClass>> = {
  authentication: AuthenticationError,
  permission: PermissionError,
  throttling: ThrottlingError,
  'pair-rate': PairRateError,
  'window-closed': WindowClosedError,
  undeliverable: UndeliverableError,
  template: TemplateError,
  media: MediaError,
  'coexistence-sync': CoexistenceSyncError,
  'account-restricted': AccountRestrictedError,
  'invalid-parameter': InvalidParameterError,
  server: ServerError,
  'unknown-code': UnknownCodeError,
};

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
  const redact = source.redact ?? ((text: string) => text);
  const fields = isRecord(body) ? body : {};
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? redact(value) : undefined);
  const code = integer(fields.code) ?? -1;
  const subcode = integer(fields.error_subcode);
  const data = fields.error_data;
  const details = text(isRecord(data) ? data.details : data) ?? text(fields.details);
  const isTransient = fields.is_transient === true;
  const { kind, resend, delayMs } = factsOfCode(code, subcode, source.httpStatus);
  const title = text(fields.error_user_title) ?? text(fields.title);
  const said = text(fields.message) ?? title ?? 'Meta answered with an error without a message';
  return new classOf[kind](
    `${source.operation ? `${source.operation}: ` : ''}${said}${details && details !== said ? ` (${details})` : ''}`,
    defined({
      code,
      isTransient,
      subcode,
      details,
      title,
      type: text(fields.type),
      userMessage: text(fields.error_user_msg),
      fbtraceId: text(fields.fbtrace_id),
      httpStatus: source.httpStatus,
      retryAfterMs: source.retryAfterMs ?? delayMs,
    }),
    kind === 'unknown-code' && isTransient ? 'reads' : resend,
  );
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}
