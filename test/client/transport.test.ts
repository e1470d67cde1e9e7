import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { Agent, Dispatcher1Wrapper, type Dispatcher } from 'undici';
import {
  createClient,
  downloadMedia,
  getAppAccessToken,
  getPhoneNumber,
  MissingCredentialsError,
  sendMessage,
  TimeoutError,
  uploadMedia,
  type Logger,
} from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { rawServer, type RawRespond } from '../meta/raw-server.js';

const hello = { to: '15550100987', type: 'text', text: { body: 'Hello' } } as const;
const accepted = { messaging_product: 'whatsapp', contacts: [{ input: '1' }], messages: [{ id: 'wamid.EXAMPLE1' }] };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that accepts every request by default. */
const server = (respond: RawRespond = (_request, response) => void response.end(JSON.stringify(accepted))) => rawServer(respond);

function agent(options: Agent.Options): Agent {
  const made = new Agent(options);
  closing.push(() => made.destroy());
  return made;
}

/** Adapts a dispatcher to the `fetch` of Node, whose undici is one major version older. */
const forNode = (made: Dispatcher): Dispatcher => new Dispatcher1Wrapper(made);

describe('a sender that is idle for a while', () => {
  test('keeps its connection with a keep-alive agent, and loses it without one', async () => {
    const keeping = await server();
    const losing = await server();
    const send =
      ({ baseUrl }: typeof keeping, made: Agent) =>
      () =>
        sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, dispatcher: forNode(made) }), hello);
    const sendAndKeep = send(keeping, agent({ keepAliveTimeout: 60_000 }));
    const sendAndLose = send(losing, agent({ keepAliveTimeout: 1 }));
    await Promise.all([sendAndKeep(), sendAndLose()]);
    // The pool keeps idle connections for one millisecond. The pause ends when it has closed its connection.
    const [lost] = losing.sockets;
    if (lost?.closed === false) await once(lost, 'close');
    await Promise.all([sendAndKeep(), sendAndLose()]);
    expect({ keeping: keeping.sockets.size, losing: losing.sockets.size }).toEqual({ keeping: 1, losing: 2 });
  });

  test('shares the pool among all numbers, downloads, and files that are fetched for an upload', async () => {
    const { baseUrl, sockets } = await server((request, response) => {
      if (request.url.startsWith('/file')) response.setHeader('content-type', 'image/png').end('bytes');
      else if (request.method === 'GET') response.end(JSON.stringify({ id: '9', url: `${baseUrl}/file` }));
      else response.end(JSON.stringify({ ...accepted, id: '9' }));
    });
    const platform = createClient({ accessToken: 't', baseUrl, dispatcher: forNode(agent({ connections: 1 })) });
    await Promise.all(['1', '2', '3'].map((phoneNumberId) => sendMessage(platform.for({ phoneNumberId }), hello)));
    await (await downloadMedia(platform, { mediaId: '9' })).bytes();
    await uploadMedia(platform.for({ phoneNumberId: '1' }), { file: new URL(`${baseUrl}/file`) });
    expect(sockets.size).toBe(1);
  });
});

test("an agent that doesn't match the fetch function is reported, and no request was sent", async () => {
  const { baseUrl, requests } = await server();
  // A dispatcher that fails like an undici 8 agent with the `fetch` of Node 24.
  const misfit = {
    dispatch: () => {
      throw Object.assign(new Error('invalid onRequestStart method'), { code: 'UND_ERR_INVALID_ARG' });
    },
  };
  const client = createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, dispatcher: misfit, maxRetries: 0 });
  await expect(sendMessage(client, hello)).rejects.toMatchObject({ kind: 'network', delivery: 'not-sent' });
  expect(requests).toEqual([]);
});

describe('a fetch function that ignores its signal', () => {
  const deaf: typeof fetch = () => new Promise(() => undefined);

  test("doesn't block the caller beyond the timeout", async () => {
    const client = createClient({ accessToken: 't', phoneNumberId: '1', fetch: deaf, timeoutMs: 20 });
    await expect(sendMessage(client, hello)).rejects.toThrow(TimeoutError);
  });

  test("doesn't block a caller that aborts", async () => {
    const controller = new AbortController();
    const sending = sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', fetch: deaf }), hello, { signal: controller.signal });
    setImmediate(() => {
      controller.abort();
    });
    await expect(sending).rejects.toMatchObject({ kind: 'aborted', delivery: 'unknown' });
  });
});

test("headers of the call are sent, but can't replace the token", async () => {
  const { baseUrl, requests } = await server();
  const client = createClient({ accessToken: 'token', phoneNumberId: '1', baseUrl });
  await sendMessage(client, hello, { headers: { 'X-Trace': 'abc', Authorization: 'Bearer other', 'Content-Type': 'application/json' } });
  expect(requests[0]?.headers).toMatchObject({ 'x-trace': 'abc', authorization: 'Bearer token', 'content-type': 'application/json' });
});

describe('appsecret_proof', () => {
  test('is the HMAC of the token with the secret, for each token that is sent', async () => {
    const { baseUrl, requests } = await server();
    const client = createClient({
      accessToken: 'token-1',
      phoneNumberId: '1',
      appId: '77',
      appSecret: 'secret',
      appSecretProof: true,
      baseUrl,
    });
    await sendMessage(client, hello);
    await client.request({ method: 'GET', path: ['me'], auth: { token: 'token-2' } });
    await client.request({ method: 'GET', path: ['app'], auth: 'app' });
    await getAppAccessToken(client);
    const proof = (token: string): string => createHmac('sha256', 'secret').update(token).digest('hex');
    expect(requests.map(({ url }) => new URL(url, baseUrl).searchParams.get('appsecret_proof'))).toEqual([
      proof('token-1'),
      proof('token-2'),
      proof('77|secret'),
      null,
    ]);
  });

  test('is omitted by default', async () => {
    const { baseUrl, requests } = await server();
    await sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', appSecret: 'secret', baseUrl }), hello);
    expect(requests[0]?.url).not.toContain('?');
  });

  test('is rejected without a secret when the client is created', () => {
    expect(() => createClient({ accessToken: 't', appSecretProof: true })).toThrow(MissingCredentialsError);
  });
});

describe('the version of the Graph API', () => {
  const said: unknown[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (name, facts) => said.push([name, facts]),
    error: () => undefined,
  };
  const clockAt = (date: string) => fakeClock({ now: new Date(date) });
  const answerAs = (version: string): RawRespond => {
    return (_request, response) => response.setHeader('facebook-api-version', version).end(JSON.stringify(accepted));
  };
  afterEach(() => {
    said.length = 0;
  });

  test('is v26.0 by default, without a warning', async () => {
    const { baseUrl, requests } = await server(answerAs('v26.0'));
    await sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, logger, clock: clockAt('2026-11-24') }), hello);
    expect(requests[0]?.url).toBe('/v26.0/1/messages');
    expect(said).toEqual([]);
  });

  test('causes one warning if Meta used a later version', async () => {
    const { baseUrl } = await server(answerAs('v22.0'));
    const client = createClient({ accessToken: 't', version: 'v20.0', baseUrl, logger, clock: clockAt('2026-06-01') });
    await Promise.all(['1', '2'].map((phoneNumberId) => getPhoneNumber(client.for({ phoneNumberId }))));
    const fix = expect.stringContaining('createClient({ version })') as string;
    expect(said).toEqual([['graph.version_replaced', { version: 'v20.0', answeredAs: 'v22.0', fix }]]);
  });

  test.each([
    ['v21.0', '2026-10-22', 0],
    ['v21.0', '2026-10-25', 1],
    ['v21.0', '2027-06-01', 1],
    ['v25.0', '2028-04-29', 0],
    ['v25.0', '2028-05-02', 1],
    ['v99.0', '2028-05-02', 0],
  ])('%s on %s causes %i warnings about the end of the version', (version, today, warnings) => {
    createClient({ accessToken: 't', version, logger, clock: clockAt(today) });
    expect(said).toHaveLength(warnings);
  });
});
