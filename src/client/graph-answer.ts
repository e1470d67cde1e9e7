import { InvalidResponseError } from '../errors/connection-errors.js';
import { graphError } from '../errors/from-graph.js';
import { isRecord } from '../runtime/json.js';
import { parseJson } from '../runtime/parse-json.js';
import { writeIdsAsText } from './ids-as-text.js';
import type { ApiResult } from './api-promise.js';
import type { Redact } from './redact.js';
import type { HttpAnswer } from './ky-transport.js';

/**
 * Reads an answer of the Graph API: an `error` object or `success: false` (which comes with status 200, too) throws with any status, and
 * so does status 429 with any body, unless the member named by `partial` is there. A wait that the response asks for is cut to
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
  const said = answer.error ?? (answer.success === false ? { message: 'Meta answered success: false' } : tooMany(status));
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
      `${operation.line()}: answered ${String(status)} with what is no JSON of the Graph API.`,
      status,
      redact(text).slice(0, 500),
    );
  }
  return {
    data: answer.error === undefined ? data : { ...answer, error },
    response: { status, headers, ...(fbtraceId !== undefined && { fbtraceId }) },
  };
}

/** Status 429 proves a refusal, also on a page of what stands before Graph API. */
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

/** Milliseconds to wait, as Meta says them: in `Retry-After` (not promised), else in the usage of the business (minutes, 80007). */
function retryAfterOf(headers: Headers, maxServerWaitMs: number): { readonly retryAfterMs?: number } {
  const said = headers.get('retry-after');
  const ms =
    said === null
      ? regainMinutes(headers.get('x-business-use-case-usage')) * 60_000
      : // A date is read by the clock that wrote it.
        Number(said) * 1000 || Date.parse(said) - Date.parse(headers.get('date') ?? '');
  return ms >= 0 ? { retryAfterMs: Math.min(ms, maxServerWaitMs) } : {};
}

/** The longest `estimated_time_to_regain_access` of a usage header; `NaN` if it says none. Source: Meta, Rate limits (Nov 2025). */
function regainMinutes(usage: string | null): number {
  const minutes = [...(usage ?? '').matchAll(/"estimated_time_to_regain_access"\s*:\s*(\d{1,6})/g)].map(([, found]) => Number(found));
  return Math.max(...minutes) || Number.NaN;
}
