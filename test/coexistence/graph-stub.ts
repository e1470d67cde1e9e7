import { createClient, type Client, type Clock, type JsonObject } from 'wa-coexist';
import { brokenConnection, graphError, recordMeta } from '../meta/recorder.js';

/** The behavior for one request: a response, or a network failure. */
export type Behaviour = 'ok' | 'refuse-connection' | 'cut-before' | 'cut-after' | '500-before' | '500-after' | 'never-answers' | JsonObject;

export interface StubCall {
  readonly method: string;
  /** The path without the version. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject | undefined;
  readonly token: string | undefined;
}

export interface GraphStub {
  readonly fetch: typeof fetch;
  readonly calls: StubCall[];
  /** Requests that Meta received and processed, in order. */
  readonly acted: StubCall[];
  /** Decides the behavior for a request. */
  behave: (call: StubCall) => Behaviour;
  fields: string[];
  /** Apps subscribed to the WABA. */
  subscribed: string[];
  /** Whether POST subscribed_apps has an effect. */
  subscribes: boolean;
  numbers: Record<string, Record<string, unknown>[]>;
  /** Fields that the list of numbers omits. */
  listLeavesOut: string[];
  grantedWabas: string[];
  /** Permissions of tokens. */
  scopes: string[];
  /** The expiry in the token check, in Unix seconds. */
  tokenExpiresAt: number | undefined;
  /** Callback override of the WABA. */
  override: string | undefined;
  clientWith: (options: { clock: Clock; accessToken?: () => string | Promise<string> }) => Client;
}

export const appId = '900100000000001';
export const wabaId = '211900000000001';
export const phoneNumberId = '339900000000001';
export const token = 'EAAG-EXAMPLE-TOKEN';
export const coexistenceNumber = {
  id: phoneNumberId,
  display_phone_number: '+1 555-010-0123',
  verified_name: 'Harbor Bakery',
  is_on_biz_app: true,
  platform_type: 'CLOUD_API',
};

const allFields = ['messages', 'account_update', 'history', 'smb_app_state_sync', 'smb_message_echoes'];

/** A script for the recorder that onboards one business. Each test can break or change any response. */
export function graphStub(): GraphStub {
  const stub: GraphStub = {
    calls: [],
    acted: [],
    behave: () => 'ok',
    fields: [...allFields],
    subscribed: [],
    subscribes: true,
    numbers: { [wabaId]: [coexistenceNumber] },
    listLeavesOut: [],
    grantedWabas: [wabaId],
    scopes: ['whatsapp_business_management', 'whatsapp_business_messaging'],
    tokenExpiresAt: undefined,
    override: undefined,
    fetch: recordMeta(({ method, href, body, token: bearer, request: { signal } }) => {
      const { pathname, searchParams: query } = new URL(href);
      const path = pathname.split('/').slice(2).join('/');
      const call: StubCall = { method, path, query, body: body as JsonObject | undefined, token: bearer };
      stub.calls.push(call);
      const behaviour = stub.behave(call);
      if (behaviour === 'refuse-connection') throw brokenConnection('ECONNREFUSED');
      if (behaviour === 'cut-before') throw brokenConnection();
      if (behaviour === '500-before') return graphError(131000, { status: 500 });
      if (typeof behaviour === 'object') return Response.json({ error: behaviour }, { status: 400 });
      stub.acted.push(call);
      const answer = answerTo(stub, call);
      if (behaviour === 'cut-after') throw brokenConnection();
      if (behaviour === '500-after') return graphError(2, { status: 500 });
      if (behaviour === 'never-answers') return untilAborted(signal);
      return answer;
    }).fetch,
    clientWith: ({ clock, accessToken = () => token }) =>
      createClient({ appId, appSecret: 'app-secret', accessToken, clock, fetch: stub.fetch, maxRetries: 0 }),
  };
  return stub;
}

function answerTo(stub: GraphStub, { path, method, query }: StubCall): object {
  const [id = '', edge] = path.split('/');
  if (path === 'oauth/access_token') return { access_token: token, token_type: 'bearer', expires_in: 5_184_000 };
  if (id === 'debug_token') {
    return {
      data: {
        app_id: appId,
        is_valid: true,
        scopes: stub.scopes,
        granular_scopes: stub.scopes.map((scope) => ({ scope, target_ids: stub.grantedWabas })),
        ...(stub.tokenExpiresAt !== undefined && { expires_at: stub.tokenExpiresAt }),
      },
    };
  }
  if (edge === 'subscriptions')
    return { data: [{ object: 'whatsapp_business_account', active: true, fields: stub.fields.map((name) => ({ name })) }] };
  if (edge === 'subscribed_apps') {
    if (method === 'POST') {
      if (stub.subscribes) stub.subscribed.push(appId);
      return { success: true };
    }
    const override = stub.override === undefined ? {} : { override_callback_uri: stub.override };
    return { data: stub.subscribed.map((app) => ({ whatsapp_business_api_data: { id: app }, ...override })) };
  }
  if (edge === 'phone_numbers') {
    const data = (stub.numbers[id] ?? []).map((number) =>
      Object.fromEntries(Object.entries(number).filter(([name]) => !stub.listLeavesOut.includes(name))),
    );
    return { data };
  }
  if (edge === 'smb_app_data') return { messaging_product: 'whatsapp', request_id: `request-${String(stub.acted.length)}` };
  const number = Object.values(stub.numbers)
    .flat()
    .find((one) => one.id === id);
  return number ?? { id, unknown: query.get('fields') };
}

function untilAborted(signal: AbortSignal): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    });
  });
}
