import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  createClient,
  createCoexistence,
  createSender,
  createWhatsApp,
  memoryStore,
  reply,
  replyTo,
  silentLogger,
  WhatsAppError,
} from 'wa-coexist';
import { freeTier, runPreflight } from 'wa-coexist/coexistence';
import { createFlowEndpoint } from 'wa-coexist/flows';
import { text } from 'wa-coexist/messages';
import { createBullSender } from 'wa-coexist/bullmq';
import { createSignupState, readSignupRedirect, signupUrl } from 'wa-coexist/embedded-signup';
import { d1Store } from 'wa-coexist/d1';
import { WhatsAppModule } from 'wa-coexist/nestjs';
import { redisStore } from 'wa-coexist/redis';
import { sqliteMirror, sqliteStore } from 'wa-coexist/sqlite';
import { createTenants } from 'wa-coexist/tenants';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks, parseAwsEnvelope, parseJson } from 'wa-coexist/webhooks';
import { toLambdaHandler, toNodeHandler } from 'wa-coexist/webhooks/node';
import { recordMeta } from '../meta/recorder.js';
import { settlesWithin } from '../settles-within.js';

const secret = 'EAAGcanaryToken0001';

/** Values that no type allows. Objects are created anew for each use. */
const hostileValues: readonly (() => unknown)[] = [
  ...[null, NaN, Infinity, -Infinity, -1, 1.5, 2 ** 31, 2 ** 53, true, '', '..', '\ud800', 'a\r\nb: c', '__proto__', secret, 10n].map(
    (value) => () => value,
  ),
  () => Symbol('hostile'),
  () => [],
  () => [null],
  () => ({}),
  (): unknown => Object.create(null),
  () => new Date(NaN),
  () => () => secret,
  () => () => {
    throw new Error('thrown by a callback');
  },
  () => () => new Promise(() => undefined),
  () => {
    const object: Record<string, unknown> = {};
    object['self'] = object;
    return object;
  },
  () => ({
    toString: () => {
      throw new Error(secret);
    },
  }),
  () => ({
    get file() {
      throw new Error(secret);
    },
  }),
  () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new TypeError(secret);
        },
      },
    ),
  () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new TypeError(secret);
        },
        ownKeys: () => {
          throw new TypeError(secret);
        },
      },
    ),
];

/** Returns the error that a call throws or rejects with, or reports that it has no result in time. */
async function failureOf(run: () => unknown): Promise<unknown> {
  try {
    return (await settlesWithin(Promise.resolve(run()), 5_000)) ? undefined : new Error('The call hangs.');
  } catch (error) {
    return error;
  }
}

function expectTyped(error: unknown, what: string): void {
  if (error === undefined) return;
  expect(error, `${what}: ${inspect(error)}`).toBeInstanceOf(WhatsAppError);
  const shown = error as WhatsAppError;
  expect([shown.message, shown.stack, inspect(shown, { depth: 20, showHidden: true })].join('\n'), what).not.toContain(secret);
}

/** Sets one option, or one of a group: `handoff.holdMs`. */
function withOption(base: object, path: string, value: unknown): object {
  const [group = '', name] = path.split('.');
  return { ...base, [group]: name === undefined ? value : { [name]: value } };
}

const credentials = { accessToken: secret, phoneNumberId: '1' };

/** Paths that SQLite can open would leave files behind. */
function inMemory(options: unknown): never {
  try {
    const { file } = Object(options) as { readonly file?: unknown };
    const isPath = (value: unknown): boolean => typeof value === 'string' && value !== '';
    return (isPath(options) ? ':memory:' : isPath(file) ? { ...Object(options), file: ':memory:' } : options) as never;
  } catch {
    return options as never;
  }
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const client = () =>
  createClient({
    accessToken: 't',
    phoneNumberId: '1',
    wabaId: '2',
    maxRetries: 0,
    timeoutMs: 500,
    logger: silentLogger,
    fetch: recordMeta({ messages: [{ id: 'wamid.1' }], data: [] }).fetch,
  });
const close = (made: object): Promise<void> | undefined => (made as { close?: () => Promise<void> }).close?.();

interface Creator {
  readonly base: () => object;
  readonly options: string;
  /** Creates the object and uses it once. */
  readonly run: (options: never) => unknown;
}

const creators: Readonly<Record<string, Creator>> = {
  createClient: {
    base: () => ({ ...credentials, maxRetries: 0, timeoutMs: 500, logger: silentLogger, fetch: recordMeta({}).fetch }),
    options: `accessToken appId appSecret version baseUrl mediaHosts fetch dispatcher timeoutMs maxRetries maxResponseBytes policy policy.limits clock
      logger instrument phoneNumberId wabaId appSecretProof coexistence`,
    run: (options) => createClient(options).request({ method: 'GET', path: ['1'] }),
  },
  createWhatsApp: {
    base: () => ({ ...credentials, maxRetries: 0, timeoutMs: 500, logger: silentLogger, fetch: recordMeta({}).fetch }),
    options: 'accessToken timeoutMs policy clock logger instrument coexistence',
    run: (options) => createWhatsApp(options).media.get({ mediaId: '1' }),
  },
  createSender: {
    base: () => ({ client: client(), throughput: 80, logger: silentLogger }),
    options: `client throughput store takeOverAfterMs onUnknown unsettledAfterMs webhooks chargeInbound guards guardTimeoutMs pacing concurrency policy
      policy.limits clock logger instrument`,
    run: async (options) => {
      const sender = createSender(options);
      const sent = sender.send({ to: '15550100987', ...text('Hello') }, { expiresAt: new Date(Date.now() + 60_000) });
      await settlesWithin(sent, 100);
      expect(await settlesWithin(sender.close(), 4_000)).toBe(true);
    },
  },
  createBullSender: {
    base: () => ({ client: client(), throughput: 80, connection: {}, logger: silentLogger }),
    options:
      'client throughput connection connection.options prefix numbers webhooks store guards guardTimeoutMs pacing concurrency policy clock logger',
    run: (options) => createBullSender(options),
  },
  createWebhooks: {
    base: () => ({ appSecret: 's', verifyToken: 'v', logger: silentLogger, closeTimeoutMs: 100 }),
    options: `appSecret verifyToken mode enqueue route archive instrument retry retry.maxAttempts retry.firstDelayMs retry.maxDelayMs store clock logger
      parkMs maxBytes maxItemBytes uploadTimeoutMs handlerTimeoutMs storeTimeoutMs closeTimeoutMs`,
    run: async (options) => {
      const webhooks = createWebhooks(options);
      const asked = webhooks.fetch(new Request('http://x/?hub.mode=subscribe&hub.verify_token=v&hub.challenge=1'));
      await settlesWithin(asked, 100);
      await webhooks.close();
    },
  },
  createCoexistence: {
    base: () => ({ client: client(), saveToken: () => undefined, sweepIntervalMs: false, logger: silentLogger }),
    options: `client saveToken webhooks store appId policy policy.limits onboarding history history.quietMs history.stalledAfterMs heartbeat handoff
      handoff.holdMs handoff.maxHoldMs handoff.automaticMs serviceWindow costs costs.keepMs sweepIntervalMs listenerTimeoutMs
      storeTimeoutMs clock logger instrument onboarding.saveTokenTimeoutMs`,
    run: async (options) => {
      const coexistence = createCoexistence(options);
      await settlesWithin(coexistence.sweep(), 100);
      await coexistence.close();
    },
  },
  createFlowEndpoint: {
    base: () => ({ privateKey, verify: () => true, handle: () => ({}), handlerTimeoutMs: 200, logger: silentLogger }),
    options: 'privateKey passphrase verify handle logger maxBytes uploadTimeoutMs handlerTimeoutMs clock',
    run: (options) => createFlowEndpoint(options).fetch(new Request('http://x/', { method: 'POST', body: '{}' })),
  },
  createFakeCloudApi: {
    base: () => ({ clock: fakeClock() }),
    options: `clock seed appId appSecret verifyToken subscribedFields delivery policy templateReviewMs messageIds mediaUrl maxMessages snapshot`,
    run: (options) => createFakeCloudApi(options).businessAppNumber(),
  },
  fakeClock: { base: () => ({}), options: 'now', run: (options) => fakeClock(options).now() },
  memoryStore: { base: () => ({}), options: 'clock', run: (options) => memoryStore(options).set('a', 1) },
  sqliteStore: { base: () => ({ file: ':memory:' }), options: 'file clock', run: (options) => close(sqliteStore(inMemory(options))) },
  sqliteMirror: {
    base: () => ({ file: ':memory:' }),
    options: 'file clock prefix',
    run: (options) => close(sqliteMirror(inMemory(options))),
  },
  createTenants: {
    base: () => ({ find: () => undefined, timeoutMs: 200, logger: silentLogger }),
    options: 'find cacheMs missingCacheMs timeoutMs maxCached appSecret verifyToken clock logger',
    run: async (options) => {
      const { accessToken, route, get } = createTenants(options);
      await get({ wabaId: '1' });
      await accessToken.getToken({ wabaId: '1' });
      await route({ wabaId: '1' });
    },
  },
  d1Store: {
    base: () => ({}),
    options: 'clock',
    run: (options) =>
      d1Store({ prepare: () => Promise.reject(new Error(secret)), batch: () => Promise.reject(new Error(secret)) } as never, options),
  },
  toLambdaHandler: {
    base: () => ({}),
    options: 'batchFailures',
    run: (options) => toLambdaHandler(createWebhooks({ appSecret: 's', verifyToken: 'v' }), options),
  },
  'WhatsAppModule.forRootAsync': {
    base: () => ({ useFactory: () => ({}) }),
    options: 'useFactory imports inject',
    run: (options) => WhatsAppModule.forRootAsync(options),
  },
  redisStore: { base: () => ({}), options: 'prefix clock', run: (options) => redisStore({} as never, options) },
  toNodeHandler: {
    base: () => createWebhooks({ appSecret: 's', verifyToken: 'v' }),
    options: 'fetch',
    run: (options) => toNodeHandler(options),
  },
  signupUrl: {
    base: () => ({ appId: '1', configId: '2', redirectUri: 'https://shop.example/', state: 'x' }),
    options: 'appId configId redirectUri state graphVersion origin version setup featureType features',
    run: (options) => signupUrl(options),
  },
  readSignupRedirect: {
    base: () => ({ state: 'x' }),
    options: 'state',
    run: (options) => readSignupRedirect('/?state=x&code=y', options),
  },
  freeTier: { base: () => ({}), options: 'at timeZone limit', run: (options) => freeTier([], options) },
};

describe.each(Object.entries(creators))('%s with hostile options', (name, { base, options, run }) => {
  test.each(options.split(/\s+/))('%s fails with an error of the library that has no secret, or does no harm', async (option) => {
    for (const value of hostileValues) {
      const given = withOption(base(), option, value());
      expectTyped(await failureOf(() => run(given as never)), `${name} ${option} = ${inspect(value)}`);
    }
  });

  test.each(options.split(/\s+/))('%s with the value undefined behaves as if it was left out', async (option) => {
    const [group = '', nested] = option.split('.');
    const rest = Object.fromEntries(Object.entries(base()).filter(([key]) => key !== group));
    const leftOut = nested === undefined ? rest : { ...rest, [group]: {} };
    const isUndefined = withOption(base(), option, undefined);
    expect(await failureOf(() => run(isUndefined as never))).toEqual(await failureOf(() => run(leftOut as never)));
  });

  test('a value that is no options object fails with an error of the library', async () => {
    for (const value of [...hostileValues, () => undefined]) {
      expectTyped(await failureOf(() => run(value() as never)), `${name} ${inspect(value)}`);
    }
  });
});

const event = { type: 'message', customer: { waId: '15550100987' }, phoneNumberId: '1', message: { id: 'wamid.1', type: 'text' } };
const calls: Readonly<Record<string, (value: unknown) => unknown>> = {
  'replyTo(event)': (value) => replyTo(value as never, text('x')),
  'replyTo(content)': (value) => replyTo(event as never, value as never),
  'replyTo(options)': (value) => replyTo(event as never, text('x'), value as never),
  'replyTo(options.quote)': (value) => replyTo(event as never, text('x'), { quote: value as never }),
  'replyTo(event.customer)': (value) => replyTo({ ...event, customer: value } as never, text('x')),
  'replyTo(event.message)': (value) => replyTo({ ...event, message: value } as never, text('x'), { quote: true }),
  'reply(event)': (value) => reply(client(), value as never, text('x')),
  'reply(content)': (value) => reply(client(), event as never, value as never),
  'reply(options)': (value) => reply(client(), event as never, text('x'), value as never),
  'reply(event.phoneNumberId)': (value) => reply(client(), { ...event, phoneNumberId: value } as never, text('x')),
  'readSignupRedirect(url)': (value) => readSignupRedirect(value as never, { state: 'x' }),
  'freeTier(entries)': (value) => freeTier(value as never),
  'freeTier(entries of)': (value) => freeTier([value as never]),
  parseAwsEnvelope: (value) => parseAwsEnvelope(value),
  'parseAwsEnvelope(Records)': (value) => parseAwsEnvelope({ Records: [{ Sns: value }] }),
  'parseAwsEnvelope(entry)': (value) => parseAwsEnvelope({ whatsAppWebhookEntry: value }),
  'runPreflight(parameters)': (value) => runPreflight(client(), value as never),
  createSignupState: (value) => (createSignupState as (value: unknown) => string)(value),
};

test.each(Object.entries(calls))(
  '%s with a hostile value fails with an error of the library that has no secret, or does no harm',
  async (name, call) => {
    for (const value of hostileValues) expectTyped(await failureOf(() => call(value())), `${name} = ${inspect(value)}`);
  },
);

test('parseJson fails with a SyntaxError that quotes nothing for every value that is no JSON text', () => {
  for (const value of [...hostileValues, () => undefined, () => '{"a":EAAGcanaryToken0001}']) {
    try {
      parseJson(value() as string);
    } catch (error) {
      expect(error, inspect(value)).toBeInstanceOf(SyntaxError);
      expect(inspect(error)).not.toContain('EAAGcanary');
    }
  }
});
