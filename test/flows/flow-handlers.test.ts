import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from '../fast-check.js';
import * as z from 'zod';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createClient, InvalidArgumentError, setEncryptionKey } from 'wa-coexist';
import {
  completeFlow,
  createFlowEndpoint,
  decryptFlowRequest,
  flowHandler,
  verifyFlowTokenSignature,
  type FlowEndpointOptions,
  type FlowRequest,
} from 'wa-coexist/flows';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { whatsapp } from './whatsapp.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const appSecret = 'app-secret';

async function ask(request: FlowRequest, options: Partial<FlowEndpointOptions>) {
  const lines: string[] = [];
  const keep = (message: string): void => void lines.push(message);
  const endpoint = createFlowEndpoint({
    privateKey,
    appSecret,
    logger: { debug: keep, info: keep, warn: keep, error: keep },
    ...options,
  });
  const { body, signature, read } = whatsapp(request, publicKey, appSecret);
  const response = await endpoint.fetch(
    new Request('https://example.com/flow', { method: 'POST', body, headers: { 'x-hub-signature-256': signature } }),
  );
  const text = await response.text();
  return { status: response.status, answer: text === '' ? undefined : read(text), lines };
}

const request = (more: Partial<FlowRequest> = {}): FlowRequest => ({
  version: '4.0',
  action: 'data_exchange',
  flow_token: 'token-1',
  ...more,
});

describe('handlers', () => {
  const screens = {
    DETAILS: () => ({ screen: 'TIME', data: { from: 'DETAILS' } }),
    TIME: { data_exchange: () => ({ screen: 'END', data: {} }), BACK: () => ({ screen: 'DETAILS', data: { from: 'BACK' } }) },
  };
  test.each([
    ['a submitted screen', { screen: 'DETAILS' }, 'TIME'],
    ['a submitted screen by its action', { screen: 'TIME' }, 'END'],
    ['the way back', { screen: 'TIME', action: 'BACK' }, 'DETAILS'],
    ['the start', { action: 'INIT' }, 'START'],
    ['anything else', { screen: 'OTHER' }, 'REST'],
    ['the way back from a screen that only has a function', { screen: 'DETAILS', action: 'BACK' }, 'REST'],
    ['a screen with the name of a member of all objects', { screen: 'constructor' }, 'REST'],
    ['an action with the name of a member of all objects', { screen: 'TIME', action: 'toString' }, 'REST'],
  ])('respond to %s', async (_what, more, screen) => {
    const options = { screens, init: () => ({ screen: 'START', data: {} }), handle: () => ({ screen: 'REST', data: {} }) };
    expect(await ask(request(more), options)).toMatchObject({ status: 200, answer: { screen }, lines: [] });
  });

  test('a request without a handler gets 500, and the log names the screen', async () => {
    expect(await ask(request({ screen: 'OTHER' }), { screens })).toEqual({
      status: 500,
      answer: undefined,
      lines: ['flow.handler_missing'],
    });
  });

  test('health checks and error reports need no handler', async () => {
    expect(await ask(request({ action: 'ping' }), { screens })).toMatchObject({ status: 200, answer: { data: { status: 'active' } } });
    const report = request({ data: { error: 'timeout_error', error_message: 'late' } });
    expect(await ask(report, { screens })).toMatchObject({ status: 200, answer: { data: { acknowledged: true } } });
  });

  test('an invalid signature gets 432', async () => {
    expect(await ask(request(), { screens, appSecret: 'other' })).toMatchObject({ status: 432 });
    expect(await ask(request({ screen: 'DETAILS' }), { screens, appSecret: ['new', appSecret] })).toMatchObject({ status: 200 });
  });

  test.each<[string, object]>([
    ['no app secret and no verify', { appSecret: undefined, handle: () => ({}) }],
    ['an empty app secret', { appSecret: '', handle: () => ({}) }],
    ['an empty list of secrets', { appSecret: [], handle: () => ({}) }],
    ['no handler', {}],
    ['a screen that is no handler', { screens: { ONE: 'x' } }],
    ['an action that is no handler', { screens: { ONE: { BACK: 1 } } }],
    ['an unknown check of tokens', { tokenSignature: 'maybe', screens: {} }],
    ['a check of tokens without a secret', { appSecret: undefined, verify: () => true, tokenSignature: 'required', screens: {} }],
  ])('%s is an error', (_what, options) => {
    expect(() => createFlowEndpoint({ privateKey, appSecret, ...options })).toThrow(InvalidArgumentError);
  });
});

describe('flowHandler', () => {
  const schema = z.object({ guests: z.coerce.number('Enter a number.').max(12, 'We have 12 seats.') });

  test('passes the output of the schema', async () => {
    const handler = flowHandler(schema, (checked) => {
      expectTypeOf(checked.data).toEqualTypeOf<{ guests: number }>();
      return completeFlow(checked, { guests: checked.data.guests });
    });
    expect(await ask(request({ screen: 'ONE', data: { guests: '4' } }), { screens: { ONE: handler } })).toMatchObject({
      answer: { screen: 'SUCCESS', data: { extension_message_response: { params: { guests: 4, flow_token: 'token-1' } } } },
    });
  });

  test('shows the problems on the same screen, or what onInvalid returns', async () => {
    const never = (): never => {
      throw new Error('not asked');
    };
    const sent = request({ screen: 'ONE', data: { guests: 40 } });
    expect(await ask(sent, { screens: { ONE: flowHandler(schema, never) } })).toMatchObject({
      answer: { screen: 'ONE', data: { error_message: 'We have 12 seats.' } },
    });
    const onInvalid = (issues: readonly { message: string }[]) => ({ screen: 'FULL', data: { count: issues.length } });
    expect(await ask(sent, { screens: { ONE: flowHandler(schema, never, { onInvalid }) } })).toMatchObject({
      answer: { screen: 'FULL', data: { count: 1 } },
    });
  });

  test('rejects wrong arguments', () => {
    // @ts-expect-error it is no schema
    expect(() => flowHandler({}, () => ({}))).toThrow(InvalidArgumentError);
    // @ts-expect-error no function
    expect(() => flowHandler(schema, undefined)).toThrow(InvalidArgumentError);
  });
});

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function jwt(claims: object, secret = appSecret, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const content = `${base64url(header)}.${base64url(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

describe('flow_token_signature', () => {
  const signed = (signature: unknown): FlowRequest => request({ flow_token_signature: signature });
  test('is valid with the app secret, or one of several', () => {
    expect(verifyFlowTokenSignature(signed(jwt({ flow_token: 'token-1' })), appSecret)).toBe(true);
    expect(verifyFlowTokenSignature(signed(jwt({ flow_token: 'token-1' })), ['new', appSecret])).toBe(true);
    expect(verifyFlowTokenSignature(signed(jwt({ flow_token: 'token-1', exp: 2 })), appSecret, { nowMs: 1_999 })).toBe(true);
  });

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['another token', jwt({ flow_token: 'token-2' })],
    ['another secret', jwt({ flow_token: 'token-1' }, 'other')],
    ['no token', jwt({})],
    ['expired', jwt({ flow_token: 'token-1', exp: 1 })],
    ['no algorithm', jwt({ flow_token: 'token-1' }, appSecret, { alg: 'none' })],
    ['another algorithm', jwt({ flow_token: 'token-1' }, appSecret, { alg: 'HS512' })],
    ['no signature', jwt({ flow_token: 'token-1' }).replace(/[^.]+$/, '')],
    ['no JSON', `e30.e30.${createHmac('sha256', appSecret).update('e30.e30').digest('base64url')}`],
    ['four parts', `${jwt({ flow_token: 'token-1' })}.x`],
    ['an object', {}],
  ])('is invalid if it has: %s', async (_what, signature) => {
    expect(verifyFlowTokenSignature(signed(signature), appSecret)).toBe(false);
    const isMissing = signature === undefined;
    const options = { screens: {}, handle: () => ({ screen: 'ONE', data: {} }) };
    expect(await ask(signed(signature), options)).toMatchObject({ status: isMissing ? 200 : 432 });
    expect(await ask(signed(signature), { ...options, tokenSignature: 'required' })).toMatchObject({ status: 432 });
    expect(await ask(signed(signature), { ...options, tokenSignature: 'ignore' })).toMatchObject({ status: 200 });
  });

  test('never matches an empty secret', () => {
    expect(verifyFlowTokenSignature(signed(jwt({ flow_token: 'token-1' }, '')), '')).toBe(false);
  });

  test('is never accepted after a change', () => {
    const valid = jwt({ flow_token: 'token-1' });
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    fc.assert(
      fc.property(fc.nat(valid.length - 2), fc.nat(63), (at, letter) => {
        const changed = valid.slice(0, at) + alphabet.charAt(letter) + valid.slice(at + 1);
        expect(verifyFlowTokenSignature(signed(changed), appSecret)).toBe(changed === valid);
      }),
    );
  });
});

describe('a private key from the environment', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['as it is', pem],
    ['with the characters \\n', pem.replaceAll('\n', '\\n')],
    ['with the characters \\r\\n', pem.replaceAll('\n', '\\r\\n')],
    ['in double quotes', `"${pem.replaceAll('\n', '\\n')}"`],
    ['in single quotes', `'${pem}'`],
    ['with a space before it', `  ${pem}`],
    ['on one line', pem.trim().replaceAll('\n', ' ')],
    ['in base64', Buffer.from(pem).toString('base64')],
    ['in base64 with line breaks', Buffer.from(pem).toString('base64').replaceAll(/.{64}/g, '$&\n')],
    ['in base64 and quotes', `"${Buffer.from(pem).toString('base64')}"`],
    ['in base64 with the characters \\n inside', Buffer.from(pem.replaceAll('\n', '\\n')).toString('base64')],
  ];
  test.each(forms)('%s decrypts requests', (_form, text) => {
    const { envelope } = whatsapp(request(), publicKey, appSecret);
    expect(decryptFlowRequest(envelope, { privateKey: text }).request).toEqual(request());
  });

  test.each(['', 'x', 'AAAA', Buffer.from('hello').toString('base64'), pem.slice(0, 200)])('%j is an error without the text', (text) => {
    expect(() => createFlowEndpoint({ privateKey: text, appSecret, handle: () => ({}) })).toThrow(/privateKey.*PEM/);
  });

  test('the public key has the same forms', async () => {
    const text = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const fake = createFakeCloudApi();
    const client = createClient({ ...fake.coexistenceNumber(), fetch: fake.fetch });
    for (const form of [text, text.replaceAll('\n', '\\n'), text.trim().replaceAll('\n', ' '), Buffer.from(text).toString('base64')]) {
      expect(await setEncryptionKey(client, { publicKey: form })).toEqual({ success: true });
    }
    await fake.close();
  });
});

test('a key that cannot decrypt Flows is rejected when the endpoint is created', () => {
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys: readonly [FlowEndpointOptions['privateKey'], string][] = [
    [ec, 'must be a private RSA key, but is a private key of the type ec'],
    [ec.export({ type: 'pkcs8', format: 'pem' }).toString(), 'must be a private RSA key, but is a private key of the type ec'],
    [publicKey, 'must be a private RSA key, but is a public key'],
  ];
  for (const [wrong, message] of keys) {
    expect(() => createFlowEndpoint({ privateKey: wrong, appSecret, handle: () => ({ data: {} }) })).toThrow(message);
    expect(() => createFlowEndpoint({ privateKey: wrong, appSecret, handle: () => ({ data: {} }) })).toThrow(InvalidArgumentError);
  }
});

test('an expiry of a token signature that is no number is no valid signature', () => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (claims: object): FlowRequest => {
    const content = `${encode({ alg: 'HS256' })}.${encode({ flow_token: 'token-1', ...claims })}`;
    return request({ flow_token_signature: `${content}.${createHmac('sha256', appSecret).update(content).digest('base64url')}` });
  };
  expect(verifyFlowTokenSignature(sign({}), appSecret)).toBe(true);
  for (const exp of ['1', null, {}, false]) expect(verifyFlowTokenSignature(sign({ exp }), appSecret)).toBe(false);
});

test('wrong arguments of the check of a token signature are errors of the library', () => {
  for (const secrets of [undefined, null, 7, [undefined], [7]]) {
    expect(() => verifyFlowTokenSignature(request(), secrets as never)).toThrow(InvalidArgumentError);
  }
  for (const wrong of [undefined, null, 'x'])
    expect(() => verifyFlowTokenSignature(wrong as never, appSecret)).toThrow(InvalidArgumentError);
});

test.each([null, 'text', 7, [1]])('data that is no object (%j) never reaches a handler', async (data) => {
  const seen: unknown[] = [];
  const handle = (received: FlowRequest) => {
    seen.push(received.data);
    return { screen: 'X', data: {} };
  };
  expect(await ask({ ...request(), data } as never, { handle })).toMatchObject({ status: 200 });
  expect(seen).toEqual([undefined]);
});

test.each([undefined, null, 7, {}, { issues: 'x' }])('a schema that returns %j gets 500 and is named in the log', async (result) => {
  const schema = { '~standard': { version: 1 as const, vendor: 'test', validate: () => result as never } };
  const { status, lines } = await ask(request(), { handle: flowHandler(schema, () => ({ screen: 'X' })) });
  expect(status).toBe(500);
  expect(lines).toEqual(['flow.handler_failed']);
});
