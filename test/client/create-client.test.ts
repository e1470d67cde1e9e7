import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  AbortedError,
  AuthenticationError,
  createClient,
  getPhoneNumber,
  InvalidResponseError,
  listPhoneNumbers,
  MissingCredentialsError,
  MissingTargetError,
  NetworkError,
  sendMessage,
  ServerError,
  ThrottlingError,
  TimeoutError,
  type Clock,
} from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { json, rawServer, startRawServer } from '../meta/raw-server.js';
import { recordMeta } from '../meta/recorder.js';

const accepted = { messaging_product: 'whatsapp', contacts: [{ input: '1', wa_id: '1' }], messages: [{ id: 'wamid.EXAMPLE1' }] };
const refusal = (code: number, extra: object = {}) => ({
  error: { message: `(#${code}) refused`, type: 'OAuthException', code, fbtrace_id: 'TRACE', ...extra },
});
const hello = { to: '15550100987', type: 'text', text: { body: 'Hello' } } as const;

/** Returns the address of a port without a listener. */
async function closedPort(): Promise<string> {
  const { baseUrl, close } = await startRawServer(() => undefined);
  close();
  return baseUrl;
}

/** A real clock whose delays end immediately. */
const impatientClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (callback) => {
    const timer = setImmediate(callback);
    return () => {
      clearImmediate(timer);
    };
  },
};

describe('a call', () => {
  test('uses the version, the number, the action and the token, and returns data, status and trace ID', async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, accepted, 200, { 'x-fb-trace-id': 'TRACE9' });
    });
    const client = createClient({ accessToken: 'token-1', phoneNumberId: '339900112233445', baseUrl });
    const { data, response } = await sendMessage(client, hello).withResponse();
    expect(data.messages[0].id).toBe('wamid.EXAMPLE1');
    expect(response).toMatchObject({ status: 200, fbtraceId: 'TRACE9' });
    const [{ method, url, headers, body } = expect.unreachable(), ...more] = requests;
    expect([method, url, headers.authorization, more]).toEqual(['POST', '/v26.0/339900112233445/messages', 'Bearer token-1', []]);
    expect(body.toString()).toBe(JSON.stringify({ messaging_product: 'whatsapp', ...hello }));
  });

  test('rejects with the name of the missing ID if its target is incomplete', async () => {
    await expect(sendMessage(createClient({ accessToken: 'token' }), hello)).rejects.toThrow(MissingTargetError);
    expect(() => listPhoneNumbers(createClient({ accessToken: 'token' }))).toThrow(/wabaId/);
  });

  test('rejects without a token', async () => {
    await expect(getPhoneNumber(createClient({ phoneNumberId: '1' }))).rejects.toThrow(MissingCredentialsError);
  });

  test('uses the number and the token of another target', async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, accepted);
    });
    const platform = createClient({ baseUrl, accessToken: ({ phoneNumberId }) => `token-of-${phoneNumberId}` });
    await Promise.all(['1', '2', '1'].map((phoneNumberId) => sendMessage(platform.for({ phoneNumberId }), hello)));
    expect(requests.map(({ url, headers }) => `${url} ${String(headers.authorization)}`).sort()).toEqual([
      '/v26.0/1/messages Bearer token-of-1',
      '/v26.0/1/messages Bearer token-of-1',
      '/v26.0/2/messages Bearer token-of-2',
    ]);
  });
});

describe('an error', () => {
  test('of Meta has a class, a code, details, the trace ID and the status', async () => {
    const { baseUrl } = await rawServer((_request, response) => {
      json(response, refusal(130429, { error_data: { messaging_product: 'whatsapp', details: 'Too many' } }), 400);
    });
    const error = await sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, maxRetries: 0 }), hello).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ThrottlingError);
    expect(error).toMatchObject({
      kind: 'throttling',
      code: 130429,
      details: 'Too many',
      fbtraceId: 'TRACE',
      httpStatus: 400,
      retryable: 'safe',
    });
  });

  test.each([
    ['an HTML page of a gateway', 502, '<html>Bad gateway</html>'],
    ['an empty body', 200, ''],
  ])('is an InvalidResponseError with the status for %s', async (_name, status, body) => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      response.writeHead(status);
      response.end(body);
    });
    const error = await sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl }), hello).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(error).toMatchObject({ httpStatus: status });
    expect(requests).toHaveLength(1);
  });

  test('is thrown for success: false with status 200', async () => {
    const { baseUrl } = await rawServer((_request, response) => {
      json(response, { success: false });
    });
    await expect(createClient({ accessToken: 't', baseUrl }).request({ method: 'POST', path: ['1', 'subscribed_apps'] })).rejects.toThrow(
      /success: false/,
    );
  });

  test("leaves the delivery of a send unknown after a cut connection, and the send isn't repeated", async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      response.socket?.destroy();
    });
    const error = await sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl }), hello).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({
      delivery: 'unknown',
      message: expect.stringMatching(/^POST \/1\/messages lost the connection/) as string,
    });
    expect(requests).toHaveLength(1);
  });

  test('says that nothing was sent if the connection was refused', async () => {
    const error = await sendMessage(
      createClient({ accessToken: 't', phoneNumberId: '1', baseUrl: await closedPort(), clock: impatientClock }),
      hello,
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'network', delivery: 'not-sent' });
  });

  test("is a TimeoutError if the server doesn't respond", async () => {
    const { baseUrl } = await rawServer(() => undefined);
    await expect(sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, timeoutMs: 50 }), hello)).rejects.toThrow(
      TimeoutError,
    );
  });

  test('is an AbortedError if the signal ends the call, before and during the request', async () => {
    const { baseUrl, requests } = await rawServer(() => {
      controller.abort();
    });
    const client = createClient({ accessToken: 't', phoneNumberId: '1', baseUrl });
    const controller = new AbortController();
    await expect(sendMessage(client, hello, { signal: controller.signal })).rejects.toMatchObject({ kind: 'aborted', delivery: 'unknown' });
    await expect(sendMessage(client, hello, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'aborted',
      delivery: 'not-sent',
    });
    await expect(sendMessage(client, hello, { signal: AbortSignal.abort() })).rejects.toThrow(AbortedError);
    expect(requests).toHaveLength(1);
  });
});

describe('retries', () => {
  test('happen for a send that Meta certainly rejected', async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      if (requests.length < 3) json(response, refusal(130429), 400);
      else json(response, accepted);
    });
    const sent = await sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, clock: impatientClock }), hello);
    expect(sent.messages[0].id).toBe('wamid.EXAMPLE1');
    expect(requests).toHaveLength(3);
  });

  test.each([131000, 1, 2])("don't happen for a send after code %i, because it may have been delivered", async (code) => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, refusal(code), 500);
    });
    await expect(
      sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, clock: impatientClock }), hello),
    ).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });

  test('happen for a read after a 5xx, an HTML page of a gateway and a cut connection', async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      if (requests.length === 1) json(response, refusal(131000), 500);
      else if (requests.length === 2) response.writeHead(503).end('<html></html>');
      else if (requests.length === 3) response.socket?.destroy();
      else json(response, { id: '1', is_on_biz_app: true });
    });
    const number = await getPhoneNumber(
      createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, clock: impatientClock, maxRetries: 3 }),
    );
    expect(number.is_on_biz_app).toBe(true);
    expect(requests).toHaveLength(4);
  });

  test('are left to the caller if Meta asks for a long wait', async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, refusal(80007), 400);
    });
    const sending = sendMessage(createClient({ accessToken: 't', phoneNumberId: '1', baseUrl, clock: impatientClock }), hello);
    await expect(sending).rejects.toMatchObject({ code: 80007, retryAfterMs: 60_000 });
    expect(requests).toHaveLength(1);
  });

  test('stay within a budget: 10,000 calls in 10 minutes of 503 make at most 1.2 requests each, and the exhausted budget is logged', async () => {
    let requests = 0;
    let isUp = false;
    const warnings: string[] = [];
    const silent = (): void => undefined;
    const clock = fakeClock();
    const client = createClient({
      accessToken: 't',
      phoneNumberId: '1',
      clock,
      logger: { debug: silent, info: silent, warn: (line) => warnings.push(line), error: silent },
      fetch: recordMeta(() => {
        requests += 1;
        return isUp ? { id: '1' } : Response.json(refusal(131016), { status: 503 });
      }).fetch,
    });
    const calls = 10_000;
    const outcomes: Promise<unknown>[] = [];
    for (let minute = 0; minute < 10; minute += 1) {
      for (let call = 0; call < calls / 10; call += 1) outcomes.push(getPhoneNumber(client).catch((error: unknown) => error));
      // Retries wait for the clock, and the responses in between need turns of the event loop.
      for (let second = 0; second < 60; second += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        await clock.advance(1_000);
      }
    }
    const errors = await Promise.all(outcomes);
    expect(errors.every((error) => error instanceof ServerError)).toBe(true);
    expect(requests).toBeGreaterThan(calls);
    expect(requests).toBeLessThanOrEqual(calls * 1.2);
    expect(warnings[0]).toContain('budget');

    isUp = true;
    expect(await getPhoneNumber(client)).toEqual({ id: '1' });
  });
});

describe('an access token', () => {
  test('that expired is renewed once for all callers of a target: 1,000 calls for 50 targets never use the token of another one', async () => {
    const asked = new Map<string, number>();
    const used: { readonly number: string; readonly token: string }[] = [];
    const expired = new Set<string>();
    const client = createClient({
      accessToken: async ({ phoneNumberId = '' }) => {
        const times = (asked.get(phoneNumberId) ?? 0) + 1;
        asked.set(phoneNumberId, times);
        await new Promise((resolve) => setImmediate(resolve));
        return `${phoneNumberId}-${times}`;
      },
      fetch: recordMeta(({ path, token = '' }) => {
        used.push({ number: path.split('/')[2] ?? '', token });
        return expired.has(token) ? Response.json(refusal(190, { error_subcode: 463 }), { status: 401 }) : accepted;
      }).fetch,
    });
    const numbers = Array.from({ length: 50 }, (_, index) => `9${index}`);
    const callAll = () =>
      Promise.all(
        Array.from({ length: 20 }, () => numbers.map((phoneNumberId) => sendMessage(client.for({ phoneNumberId }), hello))).flat(),
      );
    await callAll();
    expect([...asked.values()]).toEqual(numbers.map(() => 1));
    for (const number of numbers) expired.add(`${number}-1`);
    expect(await callAll()).toHaveLength(1_000);
    expect([...asked.values()]).toEqual(numbers.map(() => 2));
    expect(used.filter(({ number, token }) => !token.startsWith(`${number}-`))).toEqual([]);
  });

  test.each<[string, () => string]>([
    [
      'fails',
      () => {
        throw new Error('the database is down');
      },
    ],
    ['finds none', () => ''],
  ])('whose function %s prevents the request, and the next call calls the function again', async (_name, find) => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, accepted);
    });
    let isThere = false;
    const client = createClient({ baseUrl, phoneNumberId: '1', accessToken: () => (isThere ? 'token' : find()) });
    await expect(sendMessage(client, hello)).rejects.toThrow(MissingCredentialsError);
    expect(requests).toHaveLength(0);
    isThere = true;
    await sendMessage(client, hello);
    expect(requests).toHaveLength(1);
  });

  test('that Meta rejects again is an AuthenticationError, after one renewal', async () => {
    let asked = 0;
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, refusal(190), 401);
    });
    const client = createClient({ baseUrl, phoneNumberId: '1', accessToken: () => `token-${asked++}` });
    await expect(sendMessage(client, hello)).rejects.toThrow(AuthenticationError);
    expect([asked, requests.length]).toEqual([2, 2]);
  });
});

test('a listing fetches page after page, past an empty one, until there is no next page', async () => {
  const { baseUrl, requests } = await rawServer((request, response) => {
    const after = new URL(request.url, 'http://x').searchParams.get('after');
    if (after === null) json(response, { data: [{ id: '1' }, { id: '2' }], paging: { cursors: { after: 'A' }, next: 'more' } });
    else if (after === 'A') json(response, { data: [], paging: { cursors: { after: 'B' }, next: 'more' } });
    else json(response, { data: [{ id: '3' }], paging: { cursors: { after: 'C' } } });
  });
  const ids: string[] = [];
  for await (const { id } of listPhoneNumbers(createClient({ accessToken: 't', wabaId: '9', baseUrl }), { limit: 2 })) ids.push(id);
  expect(ids).toEqual(['1', '2', '3']);
  expect(requests).toHaveLength(3);
});

test('neither client nor errors contain the token or the secret', async () => {
  const canary = 'CANARYTOKEN';
  const { baseUrl } = await rawServer((request, response) => {
    json(
      response,
      refusal(100, { message: `bad ${request.url} ${request.headers.authorization}`, error_data: { details: `secret ${canary}SECRET` } }),
      400,
    );
  });
  const client = createClient({ accessToken: canary, appId: '77', appSecret: `${canary}SECRET`, phoneNumberId: '1', baseUrl });
  const nobody = await closedPort();
  const attempts = [
    () => sendMessage(client, hello),
    () => client.request({ method: 'GET', path: ['oauth', 'access_token'], query: { code: `${canary}CODE` }, auth: 'app-credentials' }),
    () => client.request({ method: 'GET', path: ['debug_token'], query: { input_token: `${canary}INPUT` }, auth: 'app' }),
    () => sendMessage(createClient({ accessToken: canary, phoneNumberId: '1', baseUrl: nobody, maxRetries: 0 }), hello),
    () => sendMessage(client, hello, { timeoutMs: 0 }),
  ];
  const errors = await Promise.all(attempts.map((attempt) => attempt().catch((reason: unknown) => reason)));
  expect(errors.every((error) => error instanceof Error)).toBe(true);
  for (const shown of [client, ...errors]) {
    expect(inspect(shown, { depth: 20, showHidden: true })).not.toContain(canary);
    expect(JSON.stringify(shown)).not.toContain(canary);
  }
});
