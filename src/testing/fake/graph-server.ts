import { wait } from '../../runtime/clock.js';
import type { Faults } from './create-faults.js';
import type { Deliverer } from './deliverer.js';
import type { FakeAnswer, FakeRequest, FakeRequestRecord } from './fake-cloud-api.js';
import type { FakeFault } from './fake-faults.js';
import type { FakeState } from './fake-state.js';
import { parseRequest, type ParsedRequest } from './parse-request.js';
import { Refusal, refuse } from './refusal.js';
import { route } from './route.js';

const usualDelayMs = 1_000;
const htmlPage = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n';

/** The Graph API as a function from request to answer. */
export interface GraphServer {
  readonly answer: (request: FakeRequest) => Promise<FakeAnswer>;
  readonly requests: readonly FakeRequestRecord[];
}

/** Makes the server. */
export function createGraphServer(state: FakeState, faults: Faults, deliverer: Deliverer): GraphServer {
  const { world } = state;
  const requests: FakeRequestRecord[] = [];

  const json = (version: string, status: number, data: object, errorCode?: number): Reply => {
    const traceId = world.ids.traceId();
    const body = errorCode === undefined ? data : { error: { ...data, fbtrace_id: traceId } };
    return {
      status,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'facebook-api-version': version,
        'x-fb-trace-id': traceId,
        ...(errorCode === 190 && { 'www-authenticate': 'OAuth "Facebook Platform" "invalid_token"' }),
      },
      body: JSON.stringify(body),
      ...(errorCode !== undefined && { errorCode }),
    };
  };
  const refusal = (version: string, { status, error, code }: Refusal): Reply => json(version, status, error, code);

  /** What Meta itself would do. */
  const act = async (request: ParsedRequest): Promise<Reply> => {
    try {
      return json(request.version, 200, await route(request, state, deliverer));
    } catch (error) {
      if (error instanceof Refusal) return refusal(request.version, error);
      throw error;
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
        return refusal(request.version, serverError(fault.status));
      case 'refuse':
        return refusal(request.version, refuse(fault.code ?? 130429, 'Refused by a fault that a test asked for.'));
      case 'html':
        return { status: 502, headers: { 'content-type': 'text/html; charset=utf-8' }, body: htmlPage };
      case 'lose-answer':
        await act(request);
        return undefined;
      case 'server-error-after':
        await act(request);
        return refusal(request.version, serverError(fault.status));
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
      const parsed = parseRequest(request);
      const { segments } = parsed;
      const fault = faults.meet(request.method, endpointOf(segments));
      const reply = await actWith(fault, parsed, request.signal);
      requests.push({
        method: request.method,
        path: segments.join('/'),
        ...(reply && { status: reply.status }),
        ...(reply?.errorCode !== undefined && { errorCode: reply.errorCode }),
        at: new Date(world.now()),
      });
      return reply ? { status: reply.status, headers: reply.headers, body: reply.body } : { cut: true };
    },
  };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly errorCode?: number;
}

/** The path after the id; the whole path where there is no id. */
function endpointOf(segments: readonly string[]): string {
  return /^\d+$/.test(segments[0] ?? '') ? segments.slice(1).join('/') : segments.join('/');
}

function serverError(status = 500): Refusal {
  if (status === 500) return refuse(131000, 'Message failed to send due to an unknown error.');
  return new Refusal(status, { message: 'Service temporarily unavailable', type: 'OAuthException', is_transient: true, code: 2 });
}
