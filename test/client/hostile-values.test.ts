import { inspect } from 'node:util';
import fc from '../fast-check.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as wa from 'wa-coexist';
import { createClient, createSender, createWhatsApp, silentLogger, WhatsAppError, type Client } from 'wa-coexist';
import { settle } from '../openapi/run-action.js';
import { startRawServer, type RawServer } from '../meta/raw-server.js';
import { recordMeta } from '../meta/recorder.js';

const token = 'EAAGcanaryToken0001';
const appSecret = 'canarySecret0002';
const pin = '739104';
const secrets = [token, appSecret, pin];
const runs = process.env['WA_COEXIST_LONG'] === '1' ? 200 : 12;

let requests = 0;
let server: RawServer;
let baseUrl = '';
beforeAll(async () => {
  server = await startRawServer((_request, response) => {
    requests += 1;
    response.end('{"success":true,"data":[],"messages":[{"id":"wamid.1"}]}');
  });
  ({ baseUrl } = server);
});
afterAll(() => {
  server.close();
});

function circular(): object {
  const object: Record<string, unknown> = {};
  object['self'] = object;
  return object;
}

/** Values that no type allows. */
const hostileValues: readonly unknown[] = [
  null,
  undefined,
  NaN,
  Infinity,
  -1,
  2 ** 31,
  '',
  '..',
  '.',
  '../me',
  '\ud800',
  'a\r\nb: c',
  '__proto__',
  'x'.repeat(100_000),
  10n,
  Symbol('hostile'),
  () => pin,
  [],
  {},
  circular(),
  Object.create(null),
  new Date(NaN),
  {
    get type() {
      throw new Error(`getter ${token}`);
    },
  },
  {
    toJSON: () => {
      throw new Error(`toJSON ${token}`);
    },
  },
  new Proxy(
    {},
    {
      get: () => {
        throw new TypeError(`proxy ${token}`);
      },
      ownKeys: () => {
        throw new TypeError(`proxy ${token}`);
      },
    },
  ),
];
const hostile = fc.constantFrom(...hostileValues);

/** Names of action parameters. */
const names = [
  'phoneNumberId',
  'wabaId',
  'mediaId',
  'templateId',
  'flowId',
  'groupId',
  'uploadId',
  'messageId',
  'businessId',
  'callId',
  'userId',
  'code',
  'to',
  'type',
  'text',
  'template',
  'interactive',
  'image',
  'recipient',
  'context',
  'fields',
  'limit',
  'after',
  'startAt',
  'endAt',
  'file',
  'filename',
  'url',
  'sha256',
  'maxBytes',
  'name',
  'language',
  'components',
  'category',
  'users',
  'templateIds',
  'languages',
  'override',
  'flowJson',
  'pin',
] as const;
const parameters = fc.oneof(
  hostile,
  fc.dictionary(fc.constantFrom(...names), hostile, { maxKeys: 8 }).map((fields) => ({ pin, ...fields })),
);
const options = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: hostile },
  { weight: 2, arbitrary: fc.dictionary(fc.constantFrom('signal', 'timeoutMs', 'headers', 'maxRetries', 'validate'), hostile) },
);

function client(extra: object = {}): Client {
  return createClient({
    accessToken: token,
    appId: '42',
    appSecret,
    phoneNumberId: '1',
    wabaId: '2',
    baseUrl,
    maxRetries: 0,
    timeoutMs: 2_000,
    logger: silentLogger,
    ...extra,
  });
}

/** Returns everything about an error that a log could contain. */
const shown = (error: WhatsAppError): string =>
  [error.message, error.stack, inspect(error, { depth: 20, showHidden: true, maxStringLength: null }), inspect(error.cause)].join('\n');

/** Returns the error that a call rejects with or throws. */
async function failureOf(run: () => unknown): Promise<unknown> {
  try {
    await settle(await run());
    return undefined;
  } catch (error) {
    return error;
  }
}

function expectTyped(error: unknown): void {
  if (error === undefined) return;
  expect(error, inspect(error)).toBeInstanceOf(WhatsAppError);
  const text = shown(error as WhatsAppError);
  for (const secret of secrets) expect(text).not.toContain(secret);
}

type Action = (parameters: unknown, options: unknown) => unknown;
const actions: (readonly [string, Action])[] = [];
for (const [room, members] of Object.entries<unknown>({ ...createWhatsApp({ accessToken: token }) })) {
  if (room === 'client' || typeof members !== 'object' || members === null) continue;
  for (const verb of Object.keys(members)) actions.push([`${room}.${verb}`, () => undefined]);
}

describe('an action with hostile parameters', () => {
  test.each(actions.map(([name]) => name))('%s returns a result or an error of the library, without secrets', async (name) => {
    const [room = '', verb = ''] = name.split('.');
    const bound = createWhatsApp(client()) as unknown as Record<string, Record<string, Action>>;
    const action = bound[room]?.[verb];
    await fc.assert(
      fc.asyncProperty(parameters, options, async (given, givenOptions) => {
        expectTyped(await failureOf(() => action?.(given, givenOptions)));
      }),
      { numRuns: runs },
    );
  });
});

test('options of createClient are rejected when the client is created, or are harmless', async () => {
  const optionNames = [
    'accessToken',
    'appId',
    'appSecret',
    'version',
    'baseUrl',
    'mediaHosts',
    'fetch',
    'dispatcher',
    'timeoutMs',
    'maxRetries',
    'maxResponseBytes',
    'policy',
    'clock',
    'logger',
    'instrument',
    'phoneNumberId',
    'wabaId',
    'appSecretProof',
  ] as const;
  for (const option of optionNames) {
    for (const value of hostileValues) {
      const error = await failureOf(() =>
        wa.getPhoneNumber(client({ [option]: value, ...(option !== 'logger' && { logger: silentLogger }) })),
      );
      expectTyped(error);
    }
  }
});

test.each(['a\nb', 'a\u0000', 'ü', '\ud800', '', ' ', ' a', 'a\n', undefined, null, 5, {}])(
  'the token %j from a function is a MissingCredentialsError, and no request is sent',
  async (bad) => {
    requests = 0;
    const wabaId = '102290129340398';
    const withToken = client({ wabaId, accessToken: () => bad as string });
    for (const run of [() => wa.getPhoneNumber(withToken), () => wa.downloadMedia(withToken, { mediaId: '1', url: `${baseUrl}/x` })]) {
      const error = await failureOf(run);
      expect(error).toMatchObject({ kind: 'missing-credentials', missing: 'accessToken' });
      expect((error as Error).message).toContain(wabaId);
    }
    expect(requests).toBe(0);
  },
);

test.each(['localhost:4004', '127.0.0.1:4004', 'ftp://x', '', 'not a url', 'http://user:canary@x', 'http://x/?q=1', 'http://x/#f'])(
  'the baseUrl %j is rejected when the client is created',
  (wrong) => {
    expect(() => createClient({ accessToken: 't', baseUrl: wrong })).toThrow(/^createClient: baseUrl /);
    expect(() => createClient({ accessToken: 't', baseUrl: wrong })).not.toThrow(/canary/);
  },
);

test.each([Infinity, NaN, 0, -1, 2 ** 31, '30'])('timeoutMs %j is rejected, by the client and by a call', async (timeoutMs) => {
  expect(() => client({ timeoutMs })).toThrow(wa.InvalidArgumentError);
  const error = await failureOf(() => wa.getPhoneNumber(client(), {}, { timeoutMs: timeoutMs as number }));
  expect(error).toBeInstanceOf(wa.InvalidArgumentError);
});

test('a message that fails before fetch is called is rejected by the sender, never unknown, and no request is sent', async () => {
  const message = { to: '15550100987', type: 'text', text: { body: 'Hello' } };
  const bad = fc.oneof(
    fc
      .constantFrom(10n, circular(), {
        toJSON: () => {
          throw new Error(token);
        },
      })
      .map((value) => [{}, { ...message, extra: value }] as const),
    fc.constantFrom('..', '.', '\ud800').map((phoneNumberId) => [{ phoneNumberId }, message] as const),
    fc.constantFrom('a\nb', undefined, '').map((value) => [{ accessToken: () => value }, message] as const),
    fc.constant([
      {
        fetch: () => {
          throw new Error(token);
        },
      },
      message,
    ] as const),
  );
  await fc.assert(
    fc.asyncProperty(bad, async ([extra, hostileMessage]) => {
      requests = 0;
      const sender = createSender({ client: client(extra), throughput: 80, logger: silentLogger });
      const result = await sender.send(hostileMessage as unknown as Parameters<typeof sender.send>[0]);
      await sender.close();
      expect(result.outcome).toBe('rejected');
      expectTyped((result as { error?: unknown }).error);
      expect(requests).toBe(0);
    }),
    { numRuns: runs },
  );
});

describe('an accessToken function that hangs', () => {
  test('times out after timeoutMs and is called again', async () => {
    let asked = 0;
    const waiting = client({ timeoutMs: 50, accessToken: () => ((asked += 1) === 1 ? new Promise(() => undefined) : token) });
    await expect(wa.getPhoneNumber(waiting)).rejects.toMatchObject({ kind: 'missing-credentials' });
    await expect(wa.getPhoneNumber(waiting, {}, { timeoutMs: 2_000 })).resolves.toBeDefined();
    expect(asked).toBe(2);
  });

  test('ends with the signal', async () => {
    const controller = new AbortController();
    const call = wa.getPhoneNumber(client({ accessToken: () => new Promise(() => undefined) }), {}, { signal: controller.signal });
    setImmediate(() => {
      controller.abort();
    });
    await expect(call).rejects.toMatchObject({ kind: 'aborted', delivery: 'not-sent' });
  });
});

test.each<[string, object]>([
  [
    'throws',
    () => {
      throw new Error('x');
    },
  ],
  [
    'calls run twice',
    async (_name: string, run: () => Promise<unknown>) => {
      await run();
      return run();
    },
  ],
  ['never calls run', () => undefined],
  [
    'returns something else',
    async (_name: string, run: () => Promise<unknown>) => {
      await run();
      return 5;
    },
  ],
  [
    'never returns',
    (_name: string, run: () => Promise<unknown>) => {
      void run();
      return new Promise(() => undefined);
    },
  ],
  ['hangs before run', () => new Promise(() => undefined)],
])('an instrument that %s changes neither the result nor the number of requests', async (_what, instrument) => {
  requests = 0;
  const result = await wa.getPhoneNumber(client({ instrument, timeoutMs: 500 }));
  expect(result).toMatchObject({ success: true });
  expect(requests).toBe(1);
});

test.each<[string, () => unknown]>([
  ['undefined', () => Promise.resolve(undefined)],
  ['a number', () => 5],
  [
    'a response whose text throws',
    () => ({
      status: 200,
      headers: new Headers(),
      text: () => {
        throw new Error(token);
      },
    }),
  ],
  ['a response whose text never resolves', () => ({ status: 200, headers: new Headers(), text: () => new Promise(() => undefined) })],
  ['a response without text', () => ({ status: 200, headers: new Headers() })],
])('a fetch that returns %s causes a typed error', async (_what, fetch) => {
  const error = await failureOf(() => wa.getPhoneNumber(client({ fetch, timeoutMs: 100 })));
  expect(error).toBeDefined();
  expectTyped(error);
});

test('a listing whose cursors form a cycle fails with a typed error', async () => {
  const { fetch, requests: pages } = recordMeta((_request, index) => ({
    data: [{ id: index }],
    paging: { cursors: { after: index % 2 ? 'b' : 'a' }, next: 'x' },
  }));
  const error = await failureOf(() => wa.listPhoneNumbers(client({ fetch })));
  expect(error).toBeInstanceOf(wa.InvalidResponseError);
  expect(pages).toHaveLength(3);
});

test('a response above maxResponseBytes is not read to its end', async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      pulled += 1;
      controller.enqueue(new Uint8Array(1024));
    },
  });
  const { fetch } = recordMeta(() => new Response(endless));
  const error = await failureOf(() => wa.getPhoneNumber(client({ fetch, maxResponseBytes: 10_240 })));
  expect(error).toBeInstanceOf(wa.InvalidResponseError);
  expect(pulled).toBeLessThan(20);
});

test.each(['999999999', '1e300', 'Fri, 31 Dec 9999 23:59:59 GMT'])('Retry-After %s is limited to an hour', async (said) => {
  const headers = { 'retry-after': said, date: 'Sat, 28 Nov 2026 12:00:00 GMT' };
  const { fetch } = recordMeta(() => Response.json({}, { status: 429, headers }));
  expect(await failureOf(() => wa.getPhoneNumber(client({ fetch })))).toMatchObject({ retryAfterMs: 3_600_000 });
});

test('a path is rejected as a file, and the error explains what to pass', async () => {
  const error = await failureOf(() => wa.uploadMedia(client(), { file: './a.pdf' as unknown as Blob, type: 'application/pdf' }));
  expect(error).toBeInstanceOf(wa.InvalidArgumentError);
  expect((error as Error).message).toContain('openAsBlob');
});
