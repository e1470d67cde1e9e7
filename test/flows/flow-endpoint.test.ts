import { constants, createCipheriv, createDecipheriv, generateKeyPairSync, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { FlowRequestError } from 'wa-coexist';
import { createFlowEndpoint, decryptFlowRequest, type FlowEndpointOptions, type FlowRequest } from 'wa-coexist/flows';
import { signWebhook } from 'wa-coexist/testing';
import { verifySignature } from 'wa-coexist/webhooks';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

interface Envelope {
  encrypted_flow_data: string;
  encrypted_aes_key: string;
  initial_vector: string;
}

/**
 * Encrypts a request like WhatsApp: with a new AES key and vector, and the key encrypted with the business's public
 * key.
 */
function whatsapp(request: unknown, key: KeyObject = publicKey) {
  const aesKey = randomBytes(16);
  const vector = randomBytes(16);
  const cipher = createCipheriv('aes-128-gcm', aesKey, vector);
  const envelope: Envelope = {
    encrypted_flow_data: Buffer.concat([cipher.update(JSON.stringify(request)), cipher.final(), cipher.getAuthTag()]).toString('base64'),
    encrypted_aes_key: publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, aesKey).toString('base64'),
    initial_vector: vector.toString('base64'),
  };
  const read = (answer: string): unknown => {
    const bytes = Buffer.from(answer, 'base64');
    const decipher = createDecipheriv('aes-128-gcm', aesKey, Buffer.from(vector.map((byte) => byte ^ 0xff)));
    decipher.setAuthTag(bytes.subarray(-16));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString()) as unknown;
  };
  return { envelope, read };
}

const exchange: FlowRequest = { version: '3.0', action: 'data_exchange', screen: 'START', data: { name: 'Zoë' }, flow_token: 'unused' };

describe('a request', () => {
  test('is decrypted, and WhatsApp can decrypt the response', () => {
    const { envelope, read } = whatsapp(exchange);
    const { request, encrypt } = decryptFlowRequest(envelope, { privateKey });
    expect(request).toEqual(exchange);
    expect(read(encrypt({ screen: 'SUCCESS', data: { text: 'größer 👍' } }))).toEqual({ screen: 'SUCCESS', data: { text: 'größer 👍' } });
  });

  test.each(['pkcs1', 'pkcs8'] as const)('is decrypted with an encrypted PEM (%s) and its passphrase', (type) => {
    const pem = privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }).toString();
    expect(decryptFlowRequest(whatsapp(exchange).envelope, { privateKey: pem, passphrase: 'open sesame' }).request).toEqual(exchange);
    const withWrong = (): unknown => decryptFlowRequest(whatsapp(exchange).envelope, { privateKey: pem, passphrase: 'wrong' });
    expect(withWrong).toThrow(expect.not.objectContaining({ kind: 'flow-request' }));
  });

  const failures: [string, unknown][] = [
    ['under another key', whatsapp(exchange, other.publicKey).envelope],
    [
      'with the key of another request',
      { ...whatsapp(exchange).envelope, encrypted_aes_key: whatsapp(exchange).envelope.encrypted_aes_key },
    ],
    ['with the vector of another request', { ...whatsapp(exchange).envelope, initial_vector: whatsapp(exchange).envelope.initial_vector }],
    ['without a vector', { ...whatsapp(exchange).envelope, initial_vector: '' }],
    ['without a text', { ...whatsapp(exchange).envelope, encrypted_flow_data: '' }],
    ['with a text that is too short', { ...whatsapp(exchange).envelope, encrypted_flow_data: 'AAAA' }],
    ['with numbers for texts', { encrypted_flow_data: 1, encrypted_aes_key: 2, initial_vector: 3 }],
    ['of nothing', undefined],
    ['of null', null],
    ['of a list', []],
    ['that holds no object', whatsapp('text').envelope],
    ['that holds no action', whatsapp({ version: '3.0' }).envelope],
  ];
  test.each(failures)('%s fails in the same way as all others', (_what, body) => {
    expect.assertions(2);
    try {
      decryptFlowRequest(body, { privateKey });
    } catch (error) {
      expect(error).toBeInstanceOf(FlowRequestError);
      expect(error).toEqual(new FlowRequestError());
    }
  });

  test('with a changed byte is never accepted', () => {
    const { envelope } = whatsapp(exchange);
    const field = fc.constantFrom('encrypted_flow_data', 'encrypted_aes_key', 'initial_vector' as const);
    fc.assert(
      fc.property(
        field,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'grow'),
        (name, position, change, how) => {
          const bytes = Buffer.from(envelope[name], 'base64');
          const at = position % bytes.length;
          const tampered =
            how === 'flip'
              ? Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ change : byte)))
              : how === 'cut'
                ? bytes.subarray(0, at)
                : Buffer.concat([bytes, Buffer.from([change])]);
          expect(() => decryptFlowRequest({ ...envelope, [name]: tampered.toString('base64') }, { privateKey })).toThrow(FlowRequestError);
        },
      ),
      { numRuns: process.env.WA_COEXIST_LONG ? 20_000 : 1_000 },
    );
  });
});

const appSecret = 'an app secret';

/** Sends a request to an endpoint and reads the response, like WhatsApp. */
async function ask(request: unknown, options: Partial<FlowEndpointOptions> = {}, header?: string | null) {
  const endpoint = createFlowEndpoint({
    privateKey,
    verify: (body, signature) => verifySignature(body, signature, appSecret) >= 0,
    handle: ({ screen }) => ({ screen: 'NEXT', data: { from: screen ?? null } }),
    ...options,
  });
  const { envelope, read } = whatsapp(request);
  const body = JSON.stringify(envelope);
  const signature = header === undefined ? signWebhook(body, appSecret) : header;
  const response = await endpoint.fetch(
    new Request('https://example.com/flow', {
      method: 'POST',
      body,
      ...(signature !== null && { headers: { 'x-hub-signature-256': signature } }),
    }),
  );
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), answer: text === '' ? undefined : read(text) };
}

describe('a Flow endpoint', () => {
  test('responds with a screen', async () => {
    expect(await ask(exchange)).toEqual({ status: 200, type: 'text/plain', answer: { screen: 'NEXT', data: { from: 'START' } } });
  });

  test('answers health checks automatically', async () => {
    const handle = (): never => {
      throw new Error('not asked');
    };
    expect(await ask({ version: '3.0', action: 'ping' }, { handle })).toMatchObject({
      status: 200,
      answer: { data: { status: 'active' } },
    });
  });

  test('reports an error of the Flow to onError', async () => {
    const lines: unknown[] = [];
    const keep = (message: string, facts?: object): void => void lines.push([message, facts]);
    const logger = { debug: keep, info: keep, warn: keep, error: keep };
    const report = { ...exchange, data: { error: 'INVALID_SCREEN_TRANSITION', error_message: 'no such screen' } };
    expect(await ask(report, { logger })).toMatchObject({ status: 200, answer: { data: { acknowledged: true } } });
    expect(lines).toEqual([['flow.error_reported', { action: 'data_exchange', screen: 'START', error: 'INVALID_SCREEN_TRANSITION' }]]);
  });

  test("reports a Flow token that isn't valid anymore", async () => {
    const handle = (): { tokenExpired: string } => ({ tokenExpired: 'The order is placed already.' });
    expect(await ask(exchange, { handle })).toMatchObject({ status: 427, answer: { error_msg: 'The order is placed already.' } });
  });

  test.each([
    ['none', null],
    ['a wrong one', `sha256=${'0'.repeat(64)}`],
    ['that of another secret', signWebhook('{}', 'another')],
  ])('rejects the signature %s', async (_what, header) => {
    expect(await ask(exchange, {}, header)).toEqual({ status: 432, type: null, answer: undefined });
  });

  test("responds with 421 if it can't decrypt the request", async () => {
    expect(await ask(exchange, { privateKey: other.privateKey })).toEqual({ status: 421, type: null, answer: undefined });
    const endpoint = createFlowEndpoint({ privateKey, verify: () => true, handle: () => ({}) });
    for (const body of ['', 'no json', '[]', '{}']) {
      expect((await endpoint.fetch(new Request('https://example.com/', { method: 'POST', body }))).status).toBe(421);
    }
  });

  test('responds with 500 if the handler fails, and logs the error', async () => {
    const lines: string[] = [];
    const keep = (message: string): void => void lines.push(message);
    const handle = (): Promise<never> => Promise.reject(new Error('the database is away'));
    expect(await ask(exchange, { handle, logger: { debug: keep, info: keep, warn: keep, error: keep } })).toEqual({
      status: 500,
      type: null,
      answer: undefined,
    });
    expect(lines).toEqual(['flow.handler_failed']);
  });

  test('rejects an invalid key when it is created', () => {
    const verify = (): boolean => true;
    expect(() => createFlowEndpoint({ privateKey: 'no key', verify, handle: () => ({}) })).toThrow();
  });

  test("doesn't reveal the key", () => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const endpoint = createFlowEndpoint({ privateKey: pem, verify: () => true, handle: () => ({}) });
    expect(inspect(endpoint, { depth: 9, showHidden: true })).not.toContain('PRIVATE KEY');
  });
});

describe('an endpoint under misuse', () => {
  const post = (body: BodyInit): Request =>
    new Request('http://localhost/', { method: 'POST', body, duplex: 'half' } as RequestInit & { readonly duplex: 'half' });
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

  test('responds with 413 before it checks the signature of a body above the limit', async () => {
    let verified = 0;
    const endpoint = createFlowEndpoint({ privateKey, maxBytes: 10, verify: () => ((verified += 1), true), handle: () => ({}) });
    const chunks = new Blob(Array.from({ length: 11 }, () => new Uint8Array(1))).stream();
    expect((await endpoint.fetch(post(chunks))).status).toBe(413);
    expect((await endpoint.fetch(post('x'.repeat(11)))).status).toBe(413);
    expect(verified).toBe(0);
  });

  test('responds with 408 to an upload that never ends', async () => {
    const endpoint = createFlowEndpoint({ privateKey, uploadTimeoutMs: 20, verify: () => true, handle: () => ({}) });
    expect((await endpoint.fetch(post(new ReadableStream()))).status).toBe(408);
  });

  test.each([
    ['a promise of false', () => Promise.resolve(false), 432],
    ['a truthy value', () => 'yes' as unknown as boolean, 432],
    ['an error', () => Promise.reject(new Error('boom')), 500],
    ['nothing in time', () => new Promise<boolean>(() => undefined), 500],
  ] as const)('does not open if verify returns %s', async (_what, verify, status) => {
    const endpoint = createFlowEndpoint({ privateKey, handlerTimeoutMs: 20, logger: silent, verify, handle: () => ({}) });
    expect((await endpoint.fetch(post('{}'))).status).toBe(status);
  });

  test.each([
    ['privateKey', { privateKey: undefined }],
    ['privateKey', { privateKey: '' }],
    ['privateKey', { privateKey: 'SECRET-KEY-TEXT' }],
    ['verify', { verify: undefined }],
    ['handle', { handle: 1 }],
    ['maxBytes', { maxBytes: Number.NaN }],
    ['uploadTimeoutMs', { uploadTimeoutMs: Infinity }],
    ['handlerTimeoutMs', { handlerTimeoutMs: '5' }],
  ])('rejects a wrong %s when it is created, without quoting it: %o', (field, wrong) => {
    const options = { privateKey, verify: () => true, handle: () => ({}), ...wrong } as unknown as FlowEndpointOptions;
    expect(() => createFlowEndpoint(options)).toThrow(expect.objectContaining({ name: 'InvalidArgumentError', field }) as Error);
    expect(() => createFlowEndpoint(options)).not.toThrow(/SECRET-KEY-TEXT/);
  });

  test('reads a key whose line breaks are escaped, as in environment variables', () => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().replaceAll('\n', '\\n');
    expect(() => createFlowEndpoint({ privateKey: pem, verify: () => true, handle: () => ({}) })).not.toThrow();
  });
});
