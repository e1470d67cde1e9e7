import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fakeClock, signWebhook } from 'wa-coexist/testing';
import { createWebhooks, type Webhooks, type WebhooksBaseOptions } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

const secret = 'app-secret';
const body = '{"entry":[]}';
const query = '?hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=1158201444';

const open: (() => unknown)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A receiver whose functions record their requests. */
function recordLookups(options: Partial<WebhooksBaseOptions> = {}) {
  const requests: Request[] = [];
  const webhooks = createWebhooks({
    appSecret: (request) => {
      requests.push(request);
      return secret;
    },
    verifyToken: (request) => {
      requests.push(request);
      return 'verify-token';
    },
    ...options,
  });
  return { webhooks, requests };
}

/** Sends a request to `toNodeHandler` with exactly these headers, and returns the status. */
async function ask(
  webhooks: Webhooks,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string | string[]>,
  prepare: (incoming: object) => void = () => undefined,
): Promise<number | undefined> {
  const handle = toNodeHandler(webhooks);
  const server = createServer((incoming, response) => {
    prepare(incoming);
    void handle(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject);
    request.end(method === 'POST' ? body : undefined);
  });
}

describe('toNodeHandler', () => {
  const headers = { host: 'shop-7.example.com:8443', 'x-tenant': 'shop-7', cookie: 'a=1', 'x-forwarded-host': 'public.example.com' };

  test('passes the headers and the host of a handshake to the verifyToken function', async () => {
    const { webhooks, requests } = recordLookups();
    expect(await ask(webhooks, 'GET', `/hooks${query}`, headers)).toBe(200);
    expect(requests.map(({ url }) => url)).toEqual([`http://shop-7.example.com:8443/hooks${query}`]);
    expect(Object.fromEntries(requests[0]!.headers)).toMatchObject(headers);
  });

  test.each(['as it arrives', 'from rawBody'])(
    'passes the headers and the host of a delivery to the appSecret function (body %s)',
    async (how) => {
      const { webhooks, requests } = recordLookups();
      const signature = signWebhook(body, secret);
      const prepare = (incoming: object): void => {
        if (how === 'from rawBody') Object.assign(incoming, { rawBody: body });
      };
      expect(await ask(webhooks, 'POST', '/hooks', { ...headers, 'x-hub-signature-256': signature }, prepare)).toBe(200);
      expect(requests.map(({ url }) => url)).toEqual(['http://shop-7.example.com:8443/hooks']);
      expect(Object.fromEntries(requests[0]!.headers)).toMatchObject(headers);
    },
  );

  test.each(['a b', 'user:password@evil.example', 'evil.example/path', 'evil.example?x', '[::1', 'x:99999'])(
    'does not use the host %j in the address',
    async (host) => {
      const { webhooks, requests } = recordLookups();
      expect(await ask(webhooks, 'GET', `/hooks${query}`, { host })).toBe(200);
      expect(requests.map(({ url }) => url)).toEqual([`http://localhost/hooks${query}`]);
    },
  );

  test('serves requests with headers that a Request cannot contain, and ignores their length header', async () => {
    const { webhooks } = recordLookups();
    const prepare = (incoming: object): void => {
      const all = (incoming as { headers: Record<string, unknown> }).headers;
      Object.assign(all, { ':authority': 'a', 'x-odd': 'smile \u{1F600}', 'x-many': ['1', '2'], 'x-none': undefined });
      Object.assign(incoming, { rawBody: body });
    };
    const signature = signWebhook(body, secret);
    expect(await ask(webhooks, 'POST', '/', { 'x-hub-signature-256': signature }, prepare)).toBe(200);
  });
});

describe('a request that cannot be verified', () => {
  const digits = '0'.repeat(64);
  test.each([
    undefined,
    '',
    'sha256=',
    digits,
    `sha256=${digits}0`,
    `sha256=${digits.slice(1)}`,
    `sha1=${digits}`,
    `sha256=${digits.slice(1)}g`,
    `sha256=${digits.slice(1)}A`,
    `sha256=${digits}, sha256=${digits}`,
  ])('gets 401 without a call of the appSecret function: signature %j', async (signature) => {
    const { webhooks, requests } = recordLookups();
    const headers: HeadersInit = signature === undefined ? {} : { 'x-hub-signature-256': signature };
    const response = await webhooks.fetch(new Request('https://example.com/', { method: 'POST', body, headers }));
    expect([response.status, requests.length, webhooks.stats().rejected.invalidSignature]).toEqual([401, 0, 1]);
  });

  test.each([
    '',
    'hub.verify_token=verify-token',
    'hub.verify_token=verify-token&hub.mode=subscribe',
    'hub.verify_token=verify-token&hub.challenge=1',
  ])('gets 403 without a call of the verifyToken function: query %j', async (incomplete) => {
    const { webhooks, requests } = recordLookups();
    const response = await webhooks.fetch(new Request(`https://example.com/?${incomplete}`));
    expect([response.status, requests.length]).toEqual([403, 0]);
  });
});

test('failed lookups and missing bodies are logged once a minute, and counted each time', async () => {
  const clock = fakeClock();
  const events: string[] = [];
  const write = (event: string): void => void events.push(event);
  const fail = (): string => {
    throw new Error('database is down');
  };
  const webhooks = createWebhooks({
    appSecret: fail,
    verifyToken: fail,
    clock,
    logger: { debug: () => undefined, info: write, warn: write, error: write },
  });
  const send = async (): Promise<void> => {
    const post = (): Request =>
      new Request('https://example.com/', { method: 'POST', body, headers: { 'x-hub-signature-256': signWebhook(body, secret) } });
    const read = post();
    await read.text();
    for (const request of [new Request(`https://example.com/${query}`), post(), read]) {
      expect((await webhooks.fetch(request)).status).toBe(500);
    }
  };
  const kinds = ['webhook.handshake_failed', 'webhook.app_secret_failed', 'webhook.raw_body_missing'];
  for (let round = 0; round < 10; round += 1) await send();
  expect(events).toEqual(kinds);
  await clock.advance(60_000);
  await send();
  expect(events).toEqual([...kinds, ...kinds]);
  expect(webhooks.stats().rejected).toMatchObject({ handshake: 11, notAccepted: 11, rawBodyMissing: 11 });
});
