import { wait } from '../../runtime/clock.js';
import type { Faults } from './create-faults.js';
import type { Deliverer } from './deliverer.js';
import type { FakeResponse, FakeRequest, FakeRequestRecord } from './fake-request.js';
import type { FakeFault } from './fake-faults.js';
import type { FakeState } from './fake-state.js';
import { fileAt, flowFileAt } from './files.js';
import { answerBatch, isBatch, type BatchedResponse } from './graph/batch.js';
import { publicFile } from './public-files.js';
import { messagingUsageHeader, usageHeader } from './management-limit.js';
import { parseRequest, type ParsedRequest } from './parse-request.js';
import { Refusal, refuse } from './refusal.js';
import { route } from './route.js';
import { problemWithToken } from './tokens.js';
import type { World } from './world.js';

const usualDelayMs = 1_000;
const preflightHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, file_offset',
};
const jsonHeaders = {
  'content-type': 'application/json; charset=UTF-8',
  // Captured (14 Oct 2024): browsers of any site may read the responses.
  'access-control-allow-origin': '*',
};
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
  let lastId = 0;

  /** What Meta itself would do. */
  const act = async (request: ParsedRequest): Promise<Reply> => {
    const file = fileReply(world, request);
    if (file) return file;
    try {
      if (isBatch(request)) return batchReply(await answerBatch(request, answer));
      return jsonReply(world, request, 200, await route(request, state, deliverer));
    } catch (error) {
      // Meta responds to every request. Problems of a hostile body appear here, often as a TypeError.
      return refusalReply(world, request, error instanceof Refusal ? error : unexpected(error));
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
        return refusalReply(world, request, serverError(fault.status));
      case 'reject':
        return refusalReply(world, request, refuse(fault.code ?? 130429, 'Rejected by a fault of fake.faults.'));
      case 'html':
        return { status: 502, headers: { 'content-type': 'text/html; charset=utf-8' }, body: htmlPage };
      case 'lose-response':
        await act(request);
        return undefined;
      case 'server-error-after':
        await act(request);
        return refusalReply(world, request, serverError(fault.status));
      case 'slow': {
        const reply = await act(request);
        await wait(world.clock, fault.delayMs ?? usualDelayMs, signal);
        return reply;
      }
      case undefined:
        return act(request);
    }
  };

  const answer = async (request: FakeRequest): Promise<FakeResponse> => {
    const parsed = await parseRequest(request);
    const { segments } = parsed;
    const fault = faults.meet({ method: parsed.method, id: segments[0], endpoint: endpointOf(segments) });
    const reply = await actWith(fault, parsed, request.signal);
    lastId += 1;
    const record: FakeRequestRecord = {
      id: lastId,
      method: request.method,
      path: segments.join('/'),
      body: withoutSecrets(parsed.fields),
      ...(reply && { status: reply.status, ...recordedResponse(reply, parsed) }),
      ...(reply?.errorCode !== undefined && { errorCode: reply.errorCode }),
      ...(fault && { fault: fault.kind }),
      at: new Date(world.now()),
    };
    requests.push(record);
    if (requests.length > world.maxMessages * 1.1) requests.splice(0, requests.length - world.maxMessages);
    onRequest(record);
    return reply ? { status: reply.status, headers: reply.headers, body: reply.body } : { cut: true };
  };

  return { requests, answer };
}

function jsonReply(
  world: World,
  request: ParsedRequest,
  status: number,
  data: Readonly<Record<string, unknown>>,
  errorCode?: number,
  beside: object = {},
): Reply {
  const traceId = world.ids.traceId();
  const body = errorCode === undefined ? data : { ...beside, error: { ...data, fbtrace_id: traceId } };
  const [id = '', edge] = request.segments;
  const waba = world.wabas.get(id);
  const sender = edge === 'messages' || edge === 'marketing_messages' ? world.numbers.get(id) : undefined;
  return {
    status,
    headers: {
      ...jsonHeaders,
      'facebook-api-version': request.version,
      'x-fb-trace-id': traceId,
      ...(waba && { 'x-business-use-case-usage': usageHeader(world, waba) }),
      ...(sender && { 'x-business-use-case-usage': messagingUsageHeader(sender.wabaId) }),
      ...(status === 400 && { 'www-authenticate': `OAuth "Facebook Platform" "invalid_request" "${headerText(data.message)}"` }),
      ...(errorCode === 190 && { 'www-authenticate': 'OAuth "Facebook Platform" "invalid_token"' }),
    },
    body: JSON.stringify(body),
    ...(errorCode !== undefined && { errorCode }),
  };
}

function refusalReply(world: World, request: ParsedRequest, { status, error, code, beside }: Refusal): Reply {
  return jsonReply(world, request, status, error, code, beside);
}

function batchReply(responses: readonly BatchedResponse[]): Reply {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(responses) };
}

/** The response to requests that aren't for the Graph API: preflights and files. */
function fileReply(world: World, request: ParsedRequest): Reply | undefined {
  const { method, segments } = request;
  if (method === 'OPTIONS') return { status: 200, headers: preflightHeaders, body: '' };
  if (segments[0] === 'flow-media') return downloadFlowFile(world, request);
  const file = publicFile(world, segments);
  if (file) return file;
  return segments[0] === 'whatsapp_business' && segments[1] === 'attachments' ? download(world, request) : undefined;
}

/** The bytes of a file, at an address that is valid for five minutes. Without a token it responds with 404. */
function download(world: World, { fields, bearer }: ParsedRequest): Reply {
  const file = fileAt(world, fields);
  const token = bearer === undefined ? undefined : world.tokens.get(bearer);
  const wabaId = file && world.numbers.get(file.phoneNumberId)?.wabaId;
  const isAllowed = token && !problemWithToken(world, token) && wabaId !== undefined && (token.wabaIds?.has(wabaId) ?? true);
  if (!file || !isAllowed) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'URL signature expired' };
  return { status: 200, headers: { 'content-type': file.mimeType, 'content-length': String(file.bytes.length) }, body: file.bytes };
}

/** An encrypted file of a Flow, from the CDN. */
function downloadFlowFile(world: World, { fields }: ParsedRequest): Reply {
  const file = flowFileAt(world, fields);
  if (!file) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' };
  return { status: 200, headers: { 'content-type': file.mimeType, 'content-length': String(file.bytes.length) }, body: file.bytes };
}

/** Each request of a batch has its own record. */
const secretFields: ReadonlySet<string> = new Set(['access_token', 'client_secret', 'input_token', 'fb_exchange_token', 'pin', 'batch']);
const maxRecordedCharacters = 8 * 1_024;

function withoutSecrets(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !secretFields.has(name)));
}

/** The parts of a response that a record contains. */
function recordedResponse({ body, errorCode }: Reply, request: ParsedRequest): Pick<FakeRequestRecord, 'responseText' | 'errorSubcode'> {
  const isSecret = request.segments[0] === 'oauth' || isBatch(request);
  if (typeof body !== 'string' || isSecret || body.length > maxRecordedCharacters) return {};
  const subcode = errorCode === undefined ? undefined : /"error_subcode":(\d+)/.exec(body)?.[1];
  return { responseText: body, ...(subcode !== undefined && { errorSubcode: Number(subcode) }) };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly errorCode?: number;
}

/** A header can't contain every character of a message. */
function headerText(message: unknown): string {
  return (typeof message === 'string' ? message : '').replaceAll(/[^\x20-\x7e]|["\\]/g, "'");
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
