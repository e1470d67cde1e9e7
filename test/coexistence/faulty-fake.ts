import { createClient, type Client, type Clock, type JsonObject } from 'wa-coexist';
import { createFakeCloudApi, type FakeCloudApi, type FakeNumber, type FakeSignup, type FakeSignupOptions } from 'wa-coexist/testing';
import { brokenConnection, graphError, recordMeta } from '../meta/recorder.js';

/** What happens to one request: the fake answers it, the network or a proxy breaks it, or Meta rejects it with an error. */
export type Behaviour =
  'ok' | 'refuse-connection' | 'cut-before' | 'cut-after' | '500-before' | '500-after' | 'never-answers' | 'no-effect' | JsonObject;

/** A request that left the client. */
export interface FaultyCall {
  readonly method: string;
  /** Path without version. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject | undefined;
  readonly token: string | undefined;
}

/** The fake Cloud API with one business, behind a network with faults. */
export interface FaultyFake {
  readonly fake: FakeCloudApi;
  /** The number of the business, on the Business app and linked to the API. */
  readonly number: FakeNumber;
  readonly fetch: typeof fetch;
  readonly calls: FaultyCall[];
  /** Requests that the fake processed, in order. */
  readonly acted: FaultyCall[];
  /** Decides what happens to a request. */
  behave: (call: FaultyCall) => Behaviour;
  /** Changes a response of the fake to one that Meta doesn't document. */
  rewrite: (response: JsonObject, call: FaultyCall) => JsonObject;
  /** Runs Embedded Signup. */
  readonly signup: (options?: FakeSignupOptions) => FakeSignup;
  /** A client whose token reaches all WABAs, unless the options contain another one. */
  readonly clientWith: (options: { clock: Clock; accessToken?: () => string | Promise<string> }) => Client;
}

export const appId = '900100000000001';
export const wabaId = '211900000000001';
export const phoneNumberId = '339900000000001';

/** Creates a {@link FaultyFake} without faults. */
export function faultyFake(clock: Clock): FaultyFake {
  const fake = createFakeCloudApi({ appId, appSecret: 'app-secret', clock });
  const number = fake.businessAppNumber({ wabaId, phoneNumberId, displayPhoneNumber: '+1 555-010-0123', verifiedName: 'Harbor Bakery' });
  fake.signup(number);
  const anyToken = fake.issueToken();
  const graph: FaultyFake = {
    fake,
    number,
    calls: [],
    acted: [],
    behave: () => 'ok',
    rewrite: (response) => response,
    signup: (options) => fake.signup(number, options),
    fetch: recordMeta(async ({ method, href, body, text, headers, token, request: { signal } }) => {
      const { pathname, searchParams: query } = new URL(href);
      const path = pathname.split('/').slice(2).join('/');
      // The requests of these tests have JSON bodies.
      const call: FaultyCall = { method, path, query, body: body as JsonObject | undefined, token };
      graph.calls.push(call);
      const behaviour = graph.behave(call);
      if (behaviour === 'refuse-connection') throw brokenConnection('ECONNREFUSED');
      if (behaviour === 'cut-before') throw brokenConnection();
      if (behaviour === '500-before') return graphError(131000, { status: 500 });
      if (behaviour === 'no-effect') return { success: true };
      if (typeof behaviour === 'object') return Response.json({ error: behaviour }, { status: 400 });
      graph.acted.push(call);
      const response = await fake.fetch(href, { method, headers, ...(text !== '' && { body: text }) });
      if (behaviour === 'cut-after') throw brokenConnection();
      if (behaviour === '500-after') return graphError(2, { status: 500 });
      if (behaviour === 'never-answers') return untilAborted(signal);
      // Every response of these requests is an object.
      return Response.json(graph.rewrite((await response.json()) as JsonObject, call), { status: response.status });
    }).fetch,
    clientWith: ({ clock: own, accessToken = () => anyToken }) =>
      createClient({ appId, appSecret: 'app-secret', accessToken, clock: own, fetch: graph.fetch, maxRetries: 0 }),
  };
  return graph;
}

/** Rewrites fields of the number in a list of numbers and in the response of the number itself. */
export function rewriteNumber(fields: JsonObject): FaultyFake['rewrite'] {
  const change = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(change) : isNumber(value) ? { ...value, ...fields } : value;
  return (response) => ({
    // The shape stays that of the response.
    ...(change(response) as JsonObject),
    ...(response.data !== undefined && { data: change(response.data) as JsonObject }),
  });
}

function isNumber(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && 'id' in value && value.id === phoneNumberId;
}

function untilAborted(signal: AbortSignal): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });
}
