import { describe, expect, test } from 'vitest';
import { AuthenticationError, createClient, GraphApiError, InvalidResponseError, NetworkError } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { graphError } from 'wa-coexist/errors';
import { rawServer, json } from '../meta/raw-server.js';
import { recordingClient } from '../meta/recorder.js';

describe('a path', () => {
  test.each([
    ['digits', ['106540352242922', 'media'], '/106540352242922/media'],
    ['what is part of a segment', ['upload:MTph=+'], '/upload:MTph=+'],
    ['what is not', ['a/b?c#d e%', 'ü'], '/a%2Fb%3Fc%23d%20e%25/%C3%BC'],
  ])("can't contain %s", async (_what, path, expected) => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, {});
    });
    await createClient({ accessToken: 'token', baseUrl }).request({ method: 'GET', path });
    expect(requests[0]?.url).toBe(`/v26.0${expected}`);
  });

  test('has no version at another host of Meta', async () => {
    const { client, requests } = recordingClient();
    await client.request({ method: 'POST', host: 'api.facebook.com', path: ['1', 'message_templates', 'archive'] });
    expect(requests[0]?.url).toBe('api.facebook.com/1/message_templates/archive');
  });
});

describe('a body', () => {
  test.each<[string, object, string, string]>([
    ['of fields goes out as JSON', { a: [1, null] }, 'application/json', '{"a":[1,null]}'],
    ['of a list as well', [1, 2], 'application/json', '[1,2]'],
    [
      'of search parameters as a form',
      new URLSearchParams({ key: '-----BEGIN A+B/C=\n' }),
      'application/x-www-form-urlencoded;charset=UTF-8',
      'key=-----BEGIN+A%2BB%2FC%3D%0A',
    ],
    ['of a file as it is', new Blob(['{}'], { type: 'image/png' }), 'image/png', '{}'],
    ['of bytes as they are', new TextEncoder().encode('{}'), '', '{}'],
  ])('%s', async (_name, body, type, text) => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, {});
    });
    await createClient({ accessToken: 'token', baseUrl }).request({ method: 'POST', path: ['1'], body });
    expect(requests[0]?.headers['content-type'] ?? '').toBe(type);
    expect(requests[0]?.body.toString()).toBe(text);
  });

  test('is sent with a DELETE, too', async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, {});
    });
    await createClient({ accessToken: 'token', baseUrl }).request({ method: 'DELETE', path: ['1'], body: { a: 1 } });
    expect(requests[0]).toMatchObject({ method: 'DELETE' });
    expect(requests[0]?.body.toString()).toBe('{"a":1}');
  });
});

describe('a partial success', () => {
  const request = { method: 'POST', path: ['1'], partial: 'done' } as const;

  test.each([
    ['with success: false', { success: false, done: [1] }, 200],
    ['with success: false and status 400', { success: false, done: [] }, 400],
  ])('%s is a result', async (_how, body, status) => {
    const { client } = recordingClient(() => Response.json(body, { status }));
    expect(await client.request(request)).toEqual(body);
  });

  test('with an error is a result that contains the error', async () => {
    const { client } = recordingClient(() => Response.json({ done: [1], error: { code: 139100, message: 'some' } }, { status: 400 }));
    const answer = await client.request<{ done: number[]; error: GraphApiError }>(request);
    expect(answer.done).toEqual([1]);
    expect(answer.error).toBeInstanceOf(GraphApiError);
  });

  test.each([
    ['without the member', { success: false }, 200, GraphApiError],
    ['without the member, with an error', { error: { code: 100, message: 'wrong' } }, 400, GraphApiError],
    ['without anything', {}, 500, InvalidResponseError],
  ])('%s is no partial success', async (_how, body, status, kind) => {
    const { client } = recordingClient(() => Response.json(body, { status }), { maxRetries: 0 });
    await expect(client.request(request)).rejects.toThrow(kind);
  });

  test("is rejected if the action doesn't allow it", async () => {
    const { client } = recordingClient({ done: [1], success: false });
    await expect(client.request({ method: 'POST', path: ['1'] })).rejects.toThrow(GraphApiError);
  });
});

describe('a transfer', () => {
  test('uses the token of the target, and a new one after it expired', async () => {
    let asked = 0;
    const client = createClient({ accessToken: ({ wabaId }) => `${wabaId}-${asked++}` }).for({ wabaId: '9' });
    const seen: string[] = [];
    const result = await client.transfer('read', async ({ token }) => {
      seen.push(token);
      if (seen.length === 1) throw graphError({ code: 190, message: 'expired' });
      return 'done';
    });
    expect([result, seen]).toEqual(['done', ['9-0', '9-1']]);
    await expect(client.transfer('read', async () => Promise.reject(graphError({ code: 190 })))).rejects.toThrow(AuthenticationError);
  });

  test('is retried like any read, within the limits of the call', async () => {
    const clock = fakeClock();
    const client = createClient({ accessToken: 'token', clock });
    let tries = 0;
    const read = async (): Promise<string> => {
      tries += 1;
      if (tries < 3) throw new NetworkError('broke off', 'unknown');
      return 'done';
    };
    const reading = client.transfer('read', read);
    await clock.advance(60_000);
    expect(await reading).toBe('done');
    tries = 0;
    await expect(client.transfer('read', read, { maxRetries: 0 })).rejects.toThrow(NetworkError);
  });

  test('receives the settings of the client', async () => {
    const client = createClient({
      accessToken: 'token',
      baseUrl: 'http://127.0.0.1:9/',
      mediaHosts: ['files.example.net'],
      timeoutMs: 7,
      fetch,
    });
    expect(await client.transfer('read', async (connection) => connection)).toEqual({
      token: 'token',
      baseUrl: 'http://127.0.0.1:9',
      mediaHosts: ['files.example.net'],
      timeoutMs: 7,
      fetch,
    });
    expect(await client.transfer('read', async ({ timeoutMs }) => timeoutMs, { timeoutMs: 3 })).toBe(3);
  });

  test('has its own operation in traces', async () => {
    const operations: string[] = [];
    const client = createClient({
      accessToken: 'token',
      instrument: (operation, run) => {
        operations.push(operation);
        return run();
      },
    });
    await client.transfer('read', async () => 1);
    expect(operations).toEqual(['graph.transfer']);
  });
});
