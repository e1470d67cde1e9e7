import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createClient, type GraphRequest } from 'wa-coexist';
import { graphError, recordMeta } from '../meta/recorder.js';

/** Paths with segments that must not appear in errors, and the text that may appear. */
const paths: readonly (readonly [path: readonly string[], operation: string | undefined, shown: string])[] = [
  [['EAAGsecretTokenInThePath01', 'settings'], undefined, 'GET /{id}/settings'],
  [['106540352242922', 'settings'], undefined, 'GET /106540352242922/settings'],
  [['me', 'secret+15550100987', 'message_templates'], undefined, 'GET /me/{id}/message_templates'],
  [['oauth', 'secret:with=signs'], undefined, 'GET /oauth/{id}'],
  [['US.secret90000000001', 'Secret_Words_Of_A_Person'], undefined, 'GET /{id}/{id}'],
  [['106540352242922', 'settings'], 'GET settings of a shop', 'GET settings of a shop'],
  [['106540352242922', 'settings'], 'GET /{phone-number-id}/settings', 'GET /106540352242922/settings'],
  [['106540352242922', 'US.90000000000000000001'], 'GET /{phone-number-id}/anything', 'GET /106540352242922/anything'],
];

const failures: readonly (readonly [name: string, fetch: typeof globalThis.fetch])[] = [
  ['an error of Meta', recordMeta(() => graphError(100, { message: 'Invalid parameter' })).fetch],
  ['a page', recordMeta(() => new Response('<html>', { status: 502 })).fetch],
  ['a broken connection', recordMeta(({ href }) => Promise.reject(new TypeError(`fetch of ${href} failed`))).fetch],
  ['an echo', recordMeta(({ href }) => graphError(100, { message: decodeURIComponent(href) })).fetch],
  // Failures that only a broken `fetch` can cause, not a server.
  [
    'a fetch that throws',
    () => {
      throw new Error('no fetch');
    },
  ],
  ['no response', () => Promise.resolve({} as Response)],
  ['an abort', recordMeta(() => new Promise(() => undefined)).fetch],
];

describe.each(paths)('a request with the path %j and the operation %j', (path, operation, shown) => {
  test.each(failures)('shows no other segment after %s, in errors, logs and spans', async (name, fetch) => {
    const lines: string[] = [];
    const write = (...line: unknown[]): void => void lines.push(inspect(line, { depth: 9 }));
    const client = createClient({
      accessToken: 'token-of-the-client',
      maxRetries: 1,
      fetch,
      logger: { debug: write, info: write, warn: write, error: write },
      instrument: (span, run) => {
        lines.push(span);
        return run();
      },
    });
    const request: GraphRequest = { method: 'GET', path, ...(operation !== undefined && { operation }) };
    const options = name === 'an abort' ? { signal: AbortSignal.timeout(5) } : {};
    const error: unknown = await client.request(request, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(inspect([error, lines], { depth: 9 })).not.toMatch(/secret/i);
    if (name === 'an error of Meta') expect(String(error)).toContain(`[${shown}]`);
  });

  test('shows no segment if the token is missing or a parameter is wrong', async () => {
    const request: GraphRequest = { method: 'GET', path, ...(operation !== undefined && { operation }) };
    const missing: unknown = await createClient()
      .request(request)
      .catch((reason: unknown) => reason);
    const wrong: unknown = await createClient({ accessToken: 'token' })
      .request({ ...request, query: { a: Number.NaN } })
      .catch((reason: unknown) => reason);
    for (const error of [missing, wrong]) {
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 9 })).not.toMatch(/secret/i);
    }
  });
});

describe('remedies', () => {
  const failWith = async (error: object, request: GraphRequest): Promise<string> => {
    const { fetch } = recordMeta(() => Response.json({ error }, { status: 400 }));
    const thrown: unknown = await createClient({ accessToken: 'token', maxRetries: 0, fetch })
      .request(request)
      .catch((reason: unknown) => reason);
    return String(thrown);
  };
  const missing = { code: 100, error_subcode: 33, message: "Unsupported get request. Object with ID '15550100123' does not exist" };

  test.each([
    ['POST /{phone-number-id}/messages', ['15550100123', 'messages'], true],
    ['POST /{phone-number-id}/messages', ['106540352242922', 'messages'], false],
    ['GET /{waba-id}/phone_numbers', ['15550100123', 'phone_numbers'], false],
    ['GET /{media-id}', ['15550100123'], false],
    ['GET /{waba-id}/x/{phone-number-id}', ['15550100123', 'x', '106540352242922'], false],
    [undefined, ['15550100123', 'messages'], false],
  ] as const)('for %s with the path %j mention a phone number: %j', async (operation, path, isMentioned) => {
    const text = await failWith(missing, { method: 'GET', path, ...(operation && { operation }) });
    expect(text.includes('looks like a phone number')).toBe(isMentioned);
  });

  test('for a signup code depend on the subcode only', async () => {
    const request: GraphRequest = { method: 'GET', path: ['oauth', 'access_token'] };
    const remedy = 'A signup code works only once';
    for (const error_subcode of [36007, 36009]) {
      expect(await failWith({ code: 100, error_subcode, message: 'Code abgelaufen' }, request)).toContain(remedy);
    }
    for (const other of [{}, { error_subcode: 36008 }, { error_subcode: 33 }]) {
      const error = { code: 100, message: 'The country code 49 is already used or has expired.', ...other };
      expect(await failWith(error, request)).not.toContain(remedy);
    }
    expect(await failWith({ code: 190, error_subcode: 36007, message: 'x' }, request)).not.toContain(remedy);
  });
});
