import { createHash } from 'node:crypto';
import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import {
  AbortedError,
  createClient,
  deleteMedia,
  downloadMedia,
  FileTransferError,
  getMedia,
  GraphApiError,
  InvalidArgumentError,
  InvalidResponseError,
  NetworkError,
  TimeoutError,
  uploadMedia,
  type ClientOptions,
  type RequestOptions,
} from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { type ActionCase, expectedOf, recordingClient, recordMeta, runAction } from '../meta/recorder.js';

const mediaId = '1003383421387256';
const url = 'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1003383421387256';
const bytes = new TextEncoder().encode('the bytes of the file');
const hex = createHash('sha256').update(bytes).digest('hex');
const base64 = createHash('sha256').update(bytes).digest('base64');
const facts = { messaging_product: 'whatsapp', id: mediaId, url, mime_type: 'image/jpeg', sha256: hex, file_size: '21' };

const cases: Record<string, ActionCase> = {
  getMedia: { call: (client) => getMedia(client, { mediaId }), request: `GET /${mediaId}`, answer: facts },
  'getMedia of one number': {
    call: (client) => getMedia(client, { mediaId, phoneNumberId: '339900112233445' }),
    request: `GET /${mediaId}`,
    query: { phone_number_id: '339900112233445' },
    answer: facts,
  },
  deleteMedia: {
    call: (client) => deleteMedia(client, { mediaId, phoneNumberId: '339900112233445' }),
    request: `DELETE /${mediaId}`,
    query: { phone_number_id: '339900112233445' },
  },
  uploadMedia: {
    call: (client) => uploadMedia(client, { file: new File(['hello'], 'note.txt', { type: 'text/plain' }) }),
    request: 'POST /339900112233445/media',
    body: { messaging_product: 'whatsapp', type: 'text/plain', file: { name: 'note.txt', type: 'text/plain', text: 'hello' } },
    answer: { id: '4490709327384033' },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

/** A client whose `fetch` returns the URL and the file, and counts both requests. */
function download(file: (attempt: number) => Response | Promise<Response>, told: object = facts, options: ClientOptions = {}) {
  const counts = { addresses: 0, files: 0 };
  const client = createClient({
    accessToken: 'token',
    maxRetries: 0,
    fetch: recordMeta(({ url }) => {
      if (url.startsWith('graph.facebook.com/')) {
        counts.addresses += 1;
        return told;
      }
      counts.files += 1;
      return file(counts.files);
    }).fetch,
    ...options,
  });
  return { client, counts };
}

describe('a download', () => {
  test('requests the address and returns the type, the size and the bytes', async () => {
    const { client, counts } = download(() => new Response(bytes, { headers: { 'x-page': '1' } }));
    const { data, response } = await downloadMedia(client, { mediaId }).withResponse();
    expect(data).toMatchObject({ mimeType: 'image/jpeg', sizeBytes: 21 });
    expect(await data.bytes()).toEqual(bytes);
    expect(response.headers.get('x-page')).toBe('1');
    expect(counts).toEqual({ addresses: 1, files: 1 });
  });

  test('requests no address if the caller passes one', async () => {
    const { client, counts } = download(() => new Response(bytes, { headers: { 'content-type': 'image/png', 'content-length': '21' } }));
    expect(await downloadMedia(client, { mediaId, url })).toMatchObject({ mimeType: 'image/png', sizeBytes: 21 });
    expect(counts).toEqual({ addresses: 0, files: 1 });
  });

  test.each([401, 403, 404, 410])('requests a fresh address, once, after %i', async (status) => {
    const { client, counts } = download((attempt) => (attempt === 1 ? new Response('gone', { status }) : new Response(bytes)));
    const file = await downloadMedia(client, { mediaId, url });
    expect(await file.bytes()).toEqual(bytes);
    expect(counts).toEqual({ addresses: 1, files: 2 });
  });

  test("rejects if the fresh address doesn't work either", async () => {
    const { client, counts } = download(() => new Response('gone', { status: 404 }));
    await expect(downloadMedia(client, { mediaId })).rejects.toMatchObject({
      name: 'FileTransferError',
      reason: 'expired',
      httpStatus: 404,
    });
    expect(counts).toEqual({ addresses: 2, files: 2 });
  });

  test('of a deleted ID makes one request', async () => {
    const { client, requests } = recordingClient(() =>
      Response.json({ error: { message: 'Unsupported get request', code: 100, error_subcode: 33 } }, { status: 400 }),
    );
    await expect(downloadMedia(client, { mediaId })).rejects.toThrow(GraphApiError);
    expect(requests).toHaveLength(1);
  });

  test('is retried after a 5xx, like any read', async () => {
    const clock = fakeClock();
    const { client, counts } = download((attempt) => (attempt < 3 ? new Response('busy', { status: 503 }) : new Response(bytes)), facts, {
      clock,
      maxRetries: 2,
    });
    const file = downloadMedia(client, { mediaId, url });
    await clock.advance(60_000);
    expect(await (await file).bytes()).toEqual(bytes);
    expect(counts.files).toBe(3);
    const broken = download(() => new Response('busy', { status: 503 }));
    await expect(downloadMedia(broken.client, { mediaId, url })).rejects.toThrow(InvalidResponseError);
  });

  test('with any other status is unavailable', async () => {
    const { client } = download(() => new Response('slow down', { status: 429 }));
    await expect(downloadMedia(client, { mediaId, url })).rejects.toMatchObject({ reason: 'unavailable', httpStatus: 429 });
  });

  test('1,000 downloads with addresses of any age succeed with at most two look-ups each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 600 }), fc.boolean(), async (ageSeconds, isGiven) => {
        const { client, counts } = download((attempt) =>
          ageSeconds > 300 && attempt === 1 ? new Response(null, { status: 404 }) : new Response(bytes),
        );
        const file = await downloadMedia(client, isGiven ? { mediaId, url } : { mediaId });
        expect(await file.bytes()).toEqual(bytes);
        expect(counts.addresses).toBeLessThanOrEqual(2);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the checksum', () => {
  test.each([
    ['in hex', hex],
    ['in hex, upper case', hex.toUpperCase()],
    ['in base64', base64],
  ])('%s is correct', async (_form, sha256) => {
    const { client } = download(() => new Response(bytes));
    expect(await (await downloadMedia(client, { mediaId, url, sha256 })).bytes()).toEqual(bytes);
  });

  test.each([
    ['told with the id', { mediaId, url, sha256: createHash('sha256').update('another').digest('base64') }, facts],
    ['told by Meta', { mediaId }, { ...facts, sha256: createHash('sha256').update('another').digest('hex') }],
  ])('%s is wrong: the stream fails at its end', async (_who, parameters, told) => {
    const { client } = download(() => new Response(bytes), told);
    const file = await downloadMedia(client, parameters);
    await expect(file.bytes()).rejects.toMatchObject({ name: 'FileTransferError', reason: 'corrupt' });
  });

  test('in an invalid format is rejected before the network', () => {
    const { client, counts } = download(() => new Response(bytes));
    expect(() => downloadMedia(client, { mediaId, sha256: 'abc' })).toThrow(InvalidArgumentError);
    expect(counts).toEqual({ addresses: 0, files: 0 });
  });

  test("in Meta's own other format is ignored", async () => {
    const { client } = download(() => new Response(bytes), { ...facts, sha256: '<HASH>' });
    expect(await (await downloadMedia(client, { mediaId })).bytes()).toEqual(bytes);
  });

  test('detects any single wrong byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const wrong = bytes.map((byte, index) => (index === at ? byte ^ change : byte));
        const { client } = download(() => new Response(wrong));
        await expect((await downloadMedia(client, { mediaId })).bytes()).rejects.toMatchObject({ reason: 'corrupt' });
      }),
    );
  });
});

/** A body that yields chunks on demand, and records whether it was cancelled. */
function pieces(next: (index: number) => Uint8Array | undefined | Promise<never>) {
  const state = { cancelled: false, given: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await next(state.given);
        if (piece === undefined) controller.close();
        else {
          state.given += 1;
          controller.enqueue(piece);
        }
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

describe('the body', () => {
  test("above the limit isn't read", async () => {
    const endless = pieces(() => new Uint8Array(1000));
    const { client } = download(() => new Response(endless.body), { ...facts, sha256: '' });
    const file = await downloadMedia(client, { mediaId, maxBytes: 10_500 });
    await expect(file.bytes()).rejects.toMatchObject({ reason: 'too-large' });
    expect(endless.state.given).toBe(11);
    expect(endless.state.cancelled).toBe(true);
  });

  test('with a declared length above the limit is rejected immediately', async () => {
    const { client } = download(() => new Response(bytes, { headers: { 'content-length': '21' } }));
    await expect(downloadMedia(client, { mediaId, maxBytes: 20 })).rejects.toMatchObject({ reason: 'too-large' });
    const exact = await downloadMedia(client, { mediaId, maxBytes: 21 });
    expect(await exact.bytes()).toEqual(bytes);
  });

  test('is read on demand, and no further', async () => {
    const source = pieces((index) => (index < 5 ? new Uint8Array(10) : undefined));
    const { client } = download(() => new Response(source.body), { ...facts, sha256: '' });
    const reader = (await downloadMedia(client, { mediaId })).body.getReader();
    await reader.read();
    await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.state.given).toBe(2);
    await reader.cancel();
    expect(source.state.cancelled).toBe(true);
  });

  test('leaves no timer behind', async () => {
    const clock = fakeClock();
    const { client } = download(() => new Response(bytes), facts, { clock });
    await (await downloadMedia(client, { mediaId })).bytes();
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test('without data times out', async () => {
    const clock = fakeClock();
    const silent = pieces((index) => (index === 0 ? new Uint8Array(10) : new Promise<never>(() => undefined)));
    const { client } = download(() => new Response(silent.body), facts, { clock, timeoutMs: 5_000 });
    const file = await downloadMedia(client, { mediaId });
    const failure = file.bytes().catch((error: unknown) => error);
    await clock.advance(4_999);
    expect(silent.state.cancelled).toBe(false);
    await clock.advance(2);
    expect(await failure).toBeInstanceOf(TimeoutError);
    expect(silent.state.cancelled).toBe(true);
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test('that breaks off is a network error without the token', async () => {
    const broken = pieces((index) => {
      if (index === 0) return new Uint8Array(10);
      throw new TypeError('terminated CANARYTOKEN');
    });
    const { client } = download(() => new Response(broken.body), facts, { accessToken: 'CANARYTOKEN' });
    const error: unknown = await (await downloadMedia(client, { mediaId })).bytes().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NetworkError);
    expect(String((error as NetworkError).cause)).not.toContain('CANARYTOKEN');
  });

  test('of an aborted call is an AbortedError', async () => {
    const controller = new AbortController();
    const source = pieces((index) => {
      if (index === 1) {
        controller.abort(new Error('enough'));
        throw new DOMException('aborted', 'AbortError');
      }
      return new Uint8Array(10);
    });
    const { client } = download(() => new Response(source.body));
    const file = await downloadMedia(client, { mediaId }, { signal: controller.signal });
    await expect(file.bytes()).rejects.toThrow(AbortedError);
  });

  test('may be empty', async () => {
    const { client } = download(() => new Response(null), { ...facts, sha256: createHash('sha256').digest('hex') });
    expect(await (await downloadMedia(client, { mediaId })).bytes()).toHaveLength(0);
  });
});

describe('an upload accepts', () => {
  const sent = async (
    file: Parameters<typeof uploadMedia>[1]['file'],
    more: { type?: string; filename?: string } = {},
  ): Promise<unknown> => {
    const { client, requests } = recordingClient({ id: '1' });
    await uploadMedia(client, { file, ...more });
    return requests.at(-1)?.body;
  };
  const form = (type: string, text: string, name = 'file') => ({ messaging_product: 'whatsapp', type, file: { name, type, text } });

  test('a Blob with its type', async () => {
    expect(await sent(new Blob(['hello'], { type: 'text/plain' }))).toEqual(form('text/plain', 'hello'));
  });

  test('a File, whose name and type can be overridden', async () => {
    const file = new File(['hello'], 'note.txt', { type: 'text/plain' });
    expect(await sent(file, { type: 'application/pdf', filename: 'note.pdf' })).toEqual(form('application/pdf', 'hello', 'note.pdf'));
  });

  test('bytes, also a part of a larger buffer', async () => {
    const buffer = new TextEncoder().encode('xxhelloxx');
    expect(await sent(buffer.subarray(2, 7), { type: 'text/plain' })).toEqual(form('text/plain', 'hello'));
    expect(await sent(buffer.buffer, { type: 'text/plain' })).toEqual(form('text/plain', 'xxhelloxx'));
  });

  test('a web stream', async () => {
    expect(await sent(new Blob(['hello']).stream(), { type: 'text/plain' })).toEqual(form('text/plain', 'hello'));
  });

  test.each(['from the start', 'after a piece', 'in a generator'])(
    'a stream that hangs %s ends at the timeout of the call, and nothing is sent',
    async (when) => {
      const clock = fakeClock();
      const { client, requests } = recordingClient(() => ({ id: '1' }), { clock, timeoutMs: 20_000 });
      const hang = (): Promise<never> => new Promise(() => undefined);
      let wasEnded = false;
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          if (when === 'after a piece') controller.enqueue(new Uint8Array(1));
        },
        cancel() {
          wasEnded = true;
          throw new Error('cannot be cancelled');
        },
      });
      async function* produce(): AsyncGenerator<Uint8Array> {
        yield new Uint8Array(1);
        await hang();
      }
      const upload = (options?: RequestOptions) => {
        const file = when === 'in a generator' ? produce() : stream.locked ? produce() : stream;
        const uploading = Promise.resolve(uploadMedia(client, { file, type: 'text/plain' }, options));
        let result: unknown;
        uploading.catch((error: unknown) => (result = error));
        return () => result;
      };
      const byClient = upload();
      await clock.advance(19_000);
      expect(byClient()).toBeUndefined();
      await clock.advance(1_100);
      expect(byClient()).toMatchObject({ kind: 'file-transfer', reason: 'stalled' });
      if (when !== 'in a generator') expect(wasEnded).toBe(true);
      const byCall = upload({ timeoutMs: 500 });
      await clock.advance(600);
      expect(byCall()).toMatchObject({ kind: 'file-transfer', reason: 'stalled' });
      const controller = new AbortController();
      const aborted = upload({ signal: controller.signal });
      await clock.advance(100);
      controller.abort(new Error('enough'));
      await clock.advance(1);
      expect(aborted()).toMatchObject({ kind: 'aborted', delivery: 'not-sent' });
      expect(requests).toEqual([]);
    },
  );

  test('an iterable whose producer reuses its buffer', async () => {
    async function* produce(): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(1);
      for (const character of 'hello') {
        buffer[0] = character.charCodeAt(0);
        yield buffer;
      }
    }
    expect(await sent(produce(), { type: 'text/plain' })).toEqual(form('text/plain', 'hello'));
  });

  test('an address, which is fetched without the token', async () => {
    const { client, requests } = recordingClient((request) =>
      request.method === 'GET' ? new Response('hello', { headers: { 'content-type': 'text/plain; charset=utf-8' } }) : { id: '1' },
    );
    await uploadMedia(client, { file: new URL('https://files.example.net/note.txt') });
    expect(requests.map(({ method, url: to, headers }) => [method, to, headers.get('authorization')])).toEqual([
      ['GET', 'files.example.net/note.txt', null],
      ['POST', 'graph.facebook.com/v26.0/339900112233445/media', 'Bearer token'],
    ]);
    expect(requests[1]?.body).toEqual(form('text/plain; charset=utf-8', 'hello', 'note.txt'));
  });

  test.each([
    ['that points elsewhere', new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } }), 'redirected'],
    ['that is not there', new Response('no', { status: 404 }), 'unavailable'],
  ])('no address %s', async (_what, answer, reason) => {
    const { client, requests } = recordingClient(() => answer);
    await expect(uploadMedia(client, { file: new URL('https://files.example.net/note.txt'), type: 'text/plain' })).rejects.toMatchObject({
      reason,
    });
    expect(requests).toHaveLength(1);
  });

  test('no address with another protocol', async () => {
    const { client, requests } = recordingClient();
    for (const address of ['file:///etc/passwd', 'data:text/plain,hello', 'ftp://files.example.net/']) {
      await expect(uploadMedia(client, { file: new URL(address) })).rejects.toMatchObject({ reason: 'untrusted-url' });
    }
    expect(requests).toEqual([]);
  });

  test('no file without a type', async () => {
    const { client, requests } = recordingClient();
    await expect(uploadMedia(client, { file: new Uint8Array(3) })).rejects.toMatchObject({ name: 'InvalidArgumentError', field: 'type' });
    expect(requests).toEqual([]);
  });

  test("no more bytes than allowed, and doesn't read on", async () => {
    const { client, requests } = recordingClient(() => new Response('hello', { headers: { 'content-type': 'text/plain' } }));
    const endless = pieces(() => new Uint8Array(1000));
    const sources = [new Blob(['hello'], { type: 'text/plain' }), new Uint8Array(5), endless.body, new URL('https://files.example.net/')];
    for (const file of sources) {
      await expect(uploadMedia(client, { file, type: 'text/plain', maxBytes: 4 })).rejects.toThrow(FileTransferError);
    }
    expect(endless.state).toEqual({ cancelled: true, given: 1 });
    expect(requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('a second attempt with the same bytes, if Meta certainly rejected the first', async () => {
    const clock = fakeClock();
    const { client, requests } = recordingClient(
      (_request, index) => (index === 0 ? Response.json({ error: { code: 130429, message: 'slow' } }, { status: 400 }) : { id: '1' }),
      { clock },
    );
    const upload = uploadMedia(client, { file: new Blob(['hello'], { type: 'text/plain' }) });
    await clock.advance(60_000);
    expect(await upload).toEqual({ id: '1' });
    expect(requests.map(({ body }) => body)).toEqual([form('text/plain', 'hello'), form('text/plain', 'hello')]);
  });
});
