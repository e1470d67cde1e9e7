import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createClient, debugToken, exchangeCode, markAsRead, sendMessage, type Client, type Logger } from 'wa-coexist';
import { getAppAccessToken } from '../../src/access-tokens/get-app-access-token.js';
import { subscribeAppFields } from '../../src/access-tokens/subscribe-app-fields.js';
import { subscribeApp } from '../../src/business-accounts/subscribe-app.js';
import { registerPhoneNumber } from '../../src/phone-numbers/register-phone-number.js';
import { setPhoneNumberWebhook } from '../../src/phone-numbers/set-phone-number-webhook.js';
import { setTwoStepPin } from '../../src/phone-numbers/set-two-step-pin.js';
import { verifyCode } from '../../src/phone-numbers/verify-code.js';
import { setUsername } from '../../src/usernames/set-username.js';
import { recordMeta } from '../meta/recorder.js';

/** Values that must not appear anywhere except in the request itself. The app token is `id|secret`. */
const canary = {
  accessToken: 'EAAGcanaryAccessToken0001',
  newToken: 'EAAGcanaryAccessToken0002',
  ownToken: 'EAAGcanaryOwnToken0003',
  inputToken: 'EAAGcanaryInputToken0004',
  answeredToken: 'EAAGcanaryAnsweredToken0005',
  appSecret: 'canary/app+secret 0006',
  code: 'AQBcanaryCode0007',
  pin: '739104',
  verifyToken: 'canary verify/token 0008',
  text: 'canary text of a message 0009',
};
/** All secrets, unchanged and URL-encoded. */
const secrets = Object.values(canary).flatMap((secret) => [secret, encodeURIComponent(secret)]);

const appId = '123456789012345';
const actions: readonly (readonly [name: string, call: (client: Client, signal?: AbortSignal) => Promise<unknown>])[] = [
  [
    'sendMessage',
    (client, signal) => sendMessage(client, { to: '15550100987', type: 'text', text: { body: canary.text } }, signal && { signal }),
  ],
  ['markAsRead', (client, signal) => markAsRead(client, { messageId: 'wamid.EXAMPLE9' }, signal && { signal })],
  ['setUsername', (client, signal) => setUsername(client, { username: 'example.shop' }, signal && { signal })],
  ['exchangeCode', (client, signal) => exchangeCode(client, { code: canary.code }, signal && { signal })],
  ['debugToken', (client, signal) => debugToken(client, { token: canary.inputToken }, signal && { signal })],
  ['getAppAccessToken', (client, signal) => getAppAccessToken(client, signal && { signal })],
  [
    'subscribeAppFields',
    (client, signal) =>
      subscribeAppFields(
        client,
        { appId, fields: ['messages'], callbackUrl: 'https://shop.example/hook', verifyToken: canary.verifyToken },
        signal && { signal },
      ),
  ],
  ['registerPhoneNumber', (client, signal) => registerPhoneNumber(client, { pin: canary.pin }, signal && { signal })],
  ['setTwoStepPin', (client, signal) => setTwoStepPin(client, { pin: canary.pin }, signal && { signal })],
  ['verifyCode', (client, signal) => verifyCode(client, { code: canary.code }, signal && { signal })],
  [
    'setPhoneNumberWebhook',
    (client, signal) =>
      setPhoneNumberWebhook(client, { callbackUrl: 'https://shop.example', verifyToken: canary.verifyToken }, signal && { signal }),
  ],
  [
    'subscribeApp with an address of its own',
    (client, signal) =>
      subscribeApp(
        client,
        { wabaId: '1', override: { callbackUrl: 'https://shop.example', verifyToken: canary.verifyToken } },
        signal && { signal },
      ),
  ],
  [
    'a token of its own',
    (client, signal) => client.request({ method: 'GET', path: ['me'], auth: { token: canary.ownToken } }, signal && { signal }),
  ],
];

/** All secrets except the text, in one sentence, as a careless server would echo them. */
const { text: _text, answeredToken: _answered, ...echoed } = canary;
const echo = (request: Request, body: string): string =>
  // Only the values that the request contains, because a server can't echo others.
  Object.values(echoed)
    .filter((secret) =>
      [request.url, body, ...request.headers.values()].some(
        (place) =>
          place.includes(secret) ||
          place.includes(encodeURIComponent(secret)) ||
          decodeURIComponent(request.url).replaceAll('+', ' ').includes(secret),
      ),
    )
    .map((secret) => `got ${secret}, that is ${encodeURIComponent(secret)}`)
    .concat(`at ${request.url} with ${request.headers.get('authorization') ?? 'nothing'}`)
    .join('; ');

const graphAnswer = (status: number, error: object) => async (request: Request, body: string) => {
  const said = echo(request, body);
  return Response.json(
    {
      error: {
        message: said,
        type: said,
        error_user_title: said,
        error_user_msg: said,
        fbtrace_id: 'TRACE',
        error_data: { details: said },
        ...error,
      },
    },
    { status, headers: { 'x-fb-trace-id': 'TRACE' } },
  );
};

/** An error that contains the request, like those of many HTTP libraries. */
class TalkativeError extends Error {
  readonly request: Request;
  readonly config: unknown;
  constructor(request: Request, options?: ErrorOptions & { readonly code?: string }) {
    super(`request to ${request.url} (${request.headers.get('authorization') ?? ''}) failed`, options);
    this.request = request;
    this.config = { url: request.url, headers: Object.fromEntries(request.headers) };
    Object.assign(this, { code: options?.code });
  }
}

type Site = (request: Request, body: string) => Promise<Response>;
const sites: Readonly<Record<string, Site>> = {
  'a refusal (100)': graphAnswer(400, { code: 100 }),
  'a refusal with the details as a string': graphAnswer(400, { code: 131009, error_data: `?access_token=${canary.accessToken}&x=1` }),
  'an expired token (190), twice': graphAnswer(401, { code: 190 }),
  'a missing permission (200)': graphAnswer(403, { code: 200 }),
  'throttling (4)': graphAnswer(400, { code: 4 }),
  'a failure of Meta (131000)': graphAnswer(500, { code: 131000, is_transient: true }),
  'an error without code': graphAnswer(400, {}),
  'success: false': async () => Response.json({ success: false }),
  'an HTML page with 502': async (request, body) => new Response(`<html>${echo(request, body)}</html>`, { status: 502 }),
  'an empty answer': async () => new Response('', { status: 200 }),
  'a token in a form': async () => new Response(`access_token=${canary.answeredToken}&expires_in=1`, { status: 200 }),
  'a token in JSON that was cut': async () => new Response(`{"access_token":"${canary.answeredToken}","token_type":"bea`, { status: 200 }),
  'a redirect with the token': async (request) =>
    new Response(request.url, { status: 302, headers: { location: `${request.url}&access_token=${canary.accessToken}` } }),
  'a connection that breaks': async (request) => {
    throw new TalkativeError(request, { code: 'ECONNRESET' });
  },
  'a connection that is refused': async (request) => {
    throw new TypeError('fetch failed', {
      cause: new TalkativeError(request, { code: 'ECONNREFUSED', cause: new TalkativeError(request) }),
    });
  },
  'many addresses that are refused': async (request) => {
    throw new TypeError(`fetch failed for ${request.url}`, {
      cause: new AggregateError([new TalkativeError(request), new TalkativeError(request)]),
    });
  },
  'something thrown that is no error': async (request) => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a careless fetch
    throw { url: request.url, authorization: request.headers.get('authorization') };
  },
  'an answer that never ends': (request) =>
    new Promise((_resolve, reject) => {
      request.signal.addEventListener('abort', () => {
        reject(new TalkativeError(request));
      });
    }),
};

/** Returns everything that a logger could read from an error. */
function readings(error: unknown): readonly string[] {
  const texts: string[] = [];
  for (let cause: unknown = error, depth = 0; cause !== undefined && depth < 10; depth += 1) {
    texts.push(inspect(cause, { depth: Infinity, showHidden: true, getters: true }), JSON.stringify(cause));
    if (!(cause instanceof Error)) break;
    texts.push(
      cause.message,
      cause.stack ?? '',
      JSON.stringify(Object.entries(cause)),
      JSON.stringify(cause, Object.getOwnPropertyNames(cause)),
    );
    texts.push(inspect(structuredClone(cause), { depth: Infinity, showHidden: true }));
    cause = cause.cause;
  }
  return texts;
}

function leaksIn(texts: readonly string[]): readonly string[] {
  return secrets.filter((secret) => texts.some((text) => text.includes(secret)));
}

/** Runs one call against one failure, and returns the error and all log entries. */
async function fail(
  site: Site,
  call: (client: Client) => Promise<unknown>,
): Promise<{ readonly error: unknown; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const note = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) => {
    lines.push(`${level} ${message} ${inspect(facts, { depth: Infinity })} ${JSON.stringify(facts)}`);
  };
  const logger: Logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  let asked = 0;
  const client = createClient({
    accessToken: () => (asked++ === 0 ? canary.accessToken : canary.newToken),
    appId,
    appSecret: canary.appSecret,
    phoneNumberId: '339900112233445',
    timeoutMs: 200,
    logger,
    instrument: (operation, run) => {
      lines.push(operation);
      return run();
    },
    // Retries start immediately, so that every failure runs to its end.
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      schedule: (callback) => {
        queueMicrotask(callback);
        return () => undefined;
      },
    },
    fetch: recordMeta(({ request, text }) => site(request, text)).fetch,
  });
  return {
    error: await call(client).then(
      (value) => new Error(`no failure: ${inspect(value)}`),
      (reason: unknown) => reason,
    ),
    lines,
  };
}

describe.each(Object.entries(sites))('%s', (_site, site) => {
  test.each(actions)('%s contains no secret', async (_name, call) => {
    const { error, lines } = await fail(site, call);
    expect(String(error)).not.toContain('no failure');
    expect(leaksIn([...readings(error), ...lines])).toEqual([]);
  });
});

describe('an error of an aborted call contains no secret', () => {
  test.each(actions)('before the request: %s', async (_name, call) => {
    const { error, lines } = await fail(
      async () => Response.json({}),
      (client) => call(client, AbortSignal.abort()),
    );
    expect(error).toMatchObject({ kind: 'aborted', delivery: 'not-sent' });
    expect(leaksIn([...readings(error), ...lines])).toEqual([]);
  });

  test.each(actions)('during the request: %s', async (_name, call) => {
    const controller = new AbortController();
    const { error, lines } = await fail(
      (request) =>
        new Promise((_resolve, reject) => {
          request.signal.addEventListener('abort', () => {
            reject(new TalkativeError(request));
          });
          controller.abort();
        }),
      (client) => call(client, controller.signal),
    );
    expect(error).toMatchObject({ kind: 'aborted', delivery: 'unknown' });
    expect(leaksIn([...readings(error), ...lines])).toEqual([]);
  });
});

test('errors of the library itself contain no secret', async () => {
  const refusals = [
    fail(sites['an empty answer'] as Site, (client) =>
      sendMessage(client, { to: '15550100987', type: 'text', text: { body: canary.text.repeat(400) } }),
    ),
    fail(sites['an empty answer'] as Site, (client) => sendMessage(client, { to: '', type: 'text', text: { body: canary.text } })),
    fail(sites['an empty answer'] as Site, (client) =>
      sendMessage(client, {
        to: '15550100987',
        type: 'template',
        template: {
          name: 'code',
          language: { code: 'de' },
          components: [{ type: 'body', parameters: [{ type: 'text', text: `${canary.text}\n` }] }],
        },
      }),
    ),
  ];
  for (const { error, lines } of await Promise.all(refusals)) {
    expect(error).toMatchObject({ kind: 'invalid-message' });
    expect(leaksIn([...readings(error), ...lines])).toEqual([]);
  }
});

test('this check finds a secret if there is one', () => {
  expect(leaksIn(readings(new Error('outer', { cause: new Error(`token ${canary.accessToken}`) })))).toEqual([
    canary.accessToken,
    canary.accessToken,
  ]);
});
