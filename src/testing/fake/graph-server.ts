import { wait } from '../../runtime/clock.js';
import type { Faults } from './create-faults.js';
import type { Deliverer } from './deliverer.js';
import type { FakeResponse, FakeRequest, FakeRequestRecord } from './fake-request.js';
import type { FakeFault } from './fake-faults.js';
import type { FakeState } from './fake-state.js';
import { fileAt, flowFileAt } from './files.js';
import { usageHeader } from './management-limit.js';
import { parseRequest, type ParsedRequest } from './parse-request.js';
import { Refusal, refuse } from './refusal.js';
import { route } from './route.js';
import { problemWithToken } from './tokens.js';

const usualDelayMs = 1_000;
const htmlPage = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n';

/** The Graph API as a function from request to answer. */
export interface GraphServer {
  readonly answer: (request: FakeRequest) => Promise<FakeResponse>;
  readonly requests: readonly FakeRequestRecord[];
}

/** Makes the server. */
export function createGraphServer(
  state: FakeState,
  faults: Faults,
  deliverer: Deliverer,
  onRequest: (record: FakeRequestRecord) => void,
): GraphServer {
  const { world } = state;
  const requests: FakeRequestRecord[] = [];

  const json = (request: ParsedRequest, status: number, data: object, errorCode?: number, beside: object = {}): Reply => {
    const traceId = world.ids.traceId();
    const body = errorCode === undefined ? data : { ...beside, error: { ...data, fbtrace_id: traceId } };
    const waba = world.wabas.get(request.segments[0] ?? '');
    return {
      status,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'facebook-api-version': request.version,
        'x-fb-trace-id': traceId,
        ...(waba && { 'x-business-use-case-usage': usageHeader(world, waba) }),
        ...(errorCode === 190 && { 'www-authenticate': 'OAuth "Facebook Platform" "invalid_token"' }),
      },
      body: JSON.stringify(body),
      ...(errorCode !== undefined && { errorCode }),
    };
  };
  const refusal = (request: ParsedRequest, { status, error, code, beside }: Refusal): Reply => json(request, status, error, code, beside);

  /** The bytes of a file, at an address that is good for five minutes: with a token, else 404. */
  const download = ({ fields, bearer }: ParsedRequest): Reply => {
    const file = fileAt(world, fields);
    const token = bearer === undefined ? undefined : world.tokens.get(bearer);
    const wabaId = file && world.numbers.get(file.phoneNumberId)?.wabaId;
    const isAllowed = token && !problemWithToken(world, token) && wabaId !== undefined && (token.wabaIds?.has(wabaId) ?? true);
    if (!file || !isAllowed) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'URL signature expired' };
    return { status: 200, headers: { 'content-type': file.mimeType, 'content-length': String(file.bytes.length) }, body: file.bytes };
  };

  /** An encrypted file of a Flow, from the CDN. */
  const downloadFlowFile = ({ fields }: ParsedRequest): Reply => {
    const file = flowFileAt(world, fields);
    if (!file) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' };
    return { status: 200, headers: { 'content-type': file.mimeType, 'content-length': String(file.bytes.length) }, body: file.bytes };
  };

  /** What Meta itself would do. */
  const act = async (request: ParsedRequest): Promise<Reply> => {
    if (request.segments[0] === 'flow-media') return downloadFlowFile(request);
    if (request.segments[0] === 'whatsapp_business' && request.segments[1] === 'attachments') return download(request);
    try {
      return json(request, 200, await route(request, state, deliverer));
    } catch (error) {
      // Meta responds to every request. Problems of a hostile body appear here, often as a TypeError.
      return refusal(request, error instanceof Refusal ? error : unexpected(error));
    }
  };

  const actWith = async (
    fault: FakeFault | undefined,
    request: ParsedRequest,
    signal: AbortSignal | undefined,
  ): Promise<Reply | undefined> => {
    switch (fault?.kind) {
      case 'cut':
        return undefined;
      case 'server-error':
        return refusal(request, serverError(fault.status));
      case 'refuse':
        return refusal(request, refuse(fault.code ?? 130429, 'Refused by a fault that a test asked for.'));
      case 'html':
        return { status: 502, headers: { 'content-type': 'text/html; charset=utf-8' }, body: htmlPage };
      case 'lose-answer':
        await act(request);
        return undefined;
      case 'server-error-after':
        await act(request);
        return refusal(request, serverError(fault.status));
      case 'slow': {
        const reply = await act(request);
        await wait(world.clock, fault.delayMs ?? usualDelayMs, signal);
        return reply;
      }
      case undefined:
        return act(request);
    }
  };

  return {
    requests,
    async answer(request) {
      const parsed = await parseRequest(request);
      const { segments } = parsed;
      const fault = faults.meet({ method: request.method, id: segments[0], endpoint: endpointOf(segments) });
      const reply = await actWith(fault, parsed, request.signal);
      const record = {
        method: request.method,
        path: segments.join('/'),
        ...(reply && { status: reply.status }),
        ...(reply?.errorCode !== undefined && { errorCode: reply.errorCode }),
        ...(fault && { fault: fault.kind }),
        at: new Date(world.now()),
      };
      requests.push(record);
      if (requests.length > world.maxMessages * 1.1) requests.splice(0, requests.length - world.maxMessages);
      onRequest(record);
      return reply ? { status: reply.status, headers: reply.headers, body: reply.body } : { cut: true };
    },
  };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly errorCode?: number;
}

/** The path after the id; the whole path where there is no id. */
function endpointOf(segments: readonly string[]): string {
  return /^\d+$/.test(segments[0] ?? '') ? segments.slice(1).join('/') : segments.join('/');
}

function unexpected(error: unknown): Refusal {
  const details = error instanceof Error ? error.message : String(error);
  return new Refusal(500, { message: 'An unknown error occurred', type: 'OAuthException', code: 1, error_data: { details } });
}

function serverError(status = 500): Refusal {
  if (status === 500) return refuse(131000, 'Message failed to send due to an unknown error.');
  return new Refusal(status, { message: 'Service temporarily unavailable', type: 'OAuthException', is_transient: true, code: 2 });
}
