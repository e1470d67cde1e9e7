import { isRecord } from '../../../runtime/json.js';
import type { FakeRequest, FakeResponse } from '../fake-request.js';
import type { ParsedRequest } from '../parse-request.js';
import { invalidParameter } from '../refusal.js';
import { flag, json, readParameters } from './parameter.js';

/** Meta, Graph API, Batch requests (2025). */
const maxBatchRequests = 50;

/** One element of the response to a batch. Graph returns `null` for a request without a response. */
export type BatchedResponse = {
  readonly code: number;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
} | null;

/** Whether a request is a batch: `POST /`. */
export function isBatch({ method, segments }: Pick<ParsedRequest, 'method' | 'segments'>): boolean {
  return method === 'POST' && segments.length === 0;
}

/**
 * Runs the requests of a batch in their order. Each has its own status, and one that fails doesn't stop the others.
 *
 * @param batch - The request to `POST /`.
 * @param answer - Responds to one of its requests.
 * @throws `Refusal` 100 if the batch itself is invalid.
 */
export async function answerBatch(
  batch: ParsedRequest,
  answer: (request: FakeRequest) => Promise<FakeResponse>,
): Promise<readonly BatchedResponse[]> {
  const { batch: wanted, include_headers: hasHeaders = true } = readParameters(batch.fields, { batch: json, include_headers: flag });
  if (!Array.isArray(wanted) || wanted.length === 0) throw invalidParameter('Param batch must be an array of requests.');
  if (wanted.length > maxBatchRequests) {
    throw invalidParameter(`Too many requests in batch message. Maximum batch size is ${String(maxBatchRequests)}`);
  }
  const requests = wanted.map((each, index) => requestOf(each, index, batch));
  const responses: BatchedResponse[] = [];
  for (const request of requests) responses.push(batchedResponse(await answer(request), hasHeaders === true));
  return responses;
}

function requestOf(wanted: unknown, index: number, batch: ParsedRequest): FakeRequest {
  const { method, relative_url: url, body = '', ...more } = isRecord(wanted) ? wanted : {};
  const label = `batch[${String(index)}]`;
  if (typeof method !== 'string' || !/^(?:GET|POST|PUT|DELETE)$/i.test(method))
    throw invalidParameter(`Param ${label}[method] is invalid.`);
  if (typeof url !== 'string' || url === '') throw invalidParameter(`The parameter ${label}[relative_url] is required.`);
  if (typeof body !== 'string') throw invalidParameter(`Param ${label}[body] must be a string.`);
  const unsupported = ['depends_on', 'attached_files'].find((name) => more[name] !== undefined);
  if (unsupported !== undefined) throw invalidParameter(`The fake Cloud API doesn't support ${label}[${unsupported}].`);
  const path = url.replace(/^\/+/, '');
  const hasOwnToken = /(?:^|[?&])access_token=/.test(path) || /(?:^|&)access_token=/.test(body);
  return {
    method: method.toUpperCase(),
    url: `${batch.origin}/${/^v\d+\.\d+\//.test(path) ? '' : `${batch.version}/`}${path}`,
    authorization: hasOwnToken || batch.bearer === undefined ? undefined : `Bearer ${batch.bearer}`,
    contentType: 'application/x-www-form-urlencoded',
    body,
  };
}

function batchedResponse(response: FakeResponse, hasHeaders: boolean): BatchedResponse {
  if (response.cut) return null;
  const { status, headers, body } = response;
  return {
    code: status,
    ...(hasHeaders && { headers: Object.entries(headers).map(([name, value]) => ({ name, value })) }),
    body: typeof body === 'string' ? body : new TextDecoder().decode(body),
  };
}
