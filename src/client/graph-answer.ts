import { InvalidResponseError } from '../errors/connection-errors.js';
import { graphError } from '../errors/from-graph.js';
import { isRecord } from '../runtime/json.js';
import { parseJson } from '../runtime/parse-json.js';
import { writeIdsAsText } from './ids-as-text.js';
import type { ApiResult } from './api-promise.js';
import type { Redact } from './redact.js';
import type { HttpAnswer } from './ky-transport.js';

/**
 * Reads a response of the Graph API. An `error` object, `success: false` (which can have status 200) and status 429
 * throw, unless the response contains the member `partial`. The wait that a response asks for is limited to
 * `maxServerWaitMs`.
 *
 * @param operation - Method and path of the request: `template` with placeholders, `line` with the real IDs.
 * @throws `GraphApiError`, `InvalidResponseError`.
 */
export function readAnswer(
  { status, headers, text }: HttpAnswer,
  operation: { readonly template: string; readonly line: () => string },
  redact: Redact,
  partial: string | undefined,
  maxServerWaitMs: number,
): ApiResult<unknown> {
  const fbtraceId = headers.get('x-fb-trace-id') ?? undefined;
  const data = readJson(text);
  const answer = isRecord(data) ? data : {};
  const said = answer.error ?? (answer.success === false ? { message: 'Meta returned success: false' } : tooMany(status));
  const error =
    said === undefined
      ? undefined
      : graphError(isRecord(said) && fbtraceId !== undefined ? { fbtrace_id: fbtraceId, ...said } : said, {
          httpStatus: status,
          operation: operation.line(),
          pathTemplate: operation.template,
          redact,
          ...retryAfterOf(headers, maxServerWaitMs),
        });
  const isPartial = partial !== undefined && answer[partial] !== undefined;
  if (error && !isPartial) throw error;
  if (data === undefined || (status >= 400 && !isPartial)) {
    throw new InvalidResponseError(
      `${operation.line()}: Meta returned status ${String(status)} without JSON of the Graph API.`,
      status,
      redact(text).slice(0, 500),
    );
  }
  return {
    data: answer.error === undefined ? data : { ...answer, error },
    response: { status, headers, ...(fbtraceId !== undefined && { fbtraceId }) },
  };
}

/** Returns an error for status 429, which proves a rejection even if a proxy of the Graph API responded. */
function tooMany(status: number): object | undefined {
  return status === 429 ? { message: 'Too many requests' } : undefined;
}

function readJson(text: string): unknown {
  try {
    return writeIdsAsText(parseJson(text), text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the milliseconds to wait from `Retry-After` (not documented), otherwise from the business usage header
 * (minutes, 80007).
 */
function retryAfterOf(headers: Headers, maxServerWaitMs: number): { readonly retryAfterMs?: number } {
  const said = headers.get('retry-after');
  const ms =
    said === null
      ? regainMinutes(headers.get('x-business-use-case-usage')) * 60_000
      : // Compares the date with the server's own clock.
        Number(said) * 1000 || Date.parse(said) - Date.parse(headers.get('date') ?? '');
  return ms >= 0 ? { retryAfterMs: Math.min(ms, maxServerWaitMs) } : {};
}

/**
 * Finds the longest `estimated_time_to_regain_access` of a usage header, or `NaN`. Source: Meta, Rate limits (Nov
 * 2025).
 */
function regainMinutes(usage: string | null): number {
  const minutes = [...(usage ?? '').matchAll(/"estimated_time_to_regain_access"\s*:\s*(\d{1,6})/g)].map(([, found]) => Number(found));
  return Math.max(...minutes) || Number.NaN;
}
