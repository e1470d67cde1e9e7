import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AbortedError, createClient, downloadMedia, NetworkError, uploadMedia } from 'wa-coexist';
import { rawServer, json } from '../meta/raw-server.js';

test('a file is uploaded and downloaded unchanged', async () => {
  const bytes = new Uint8Array(randomBytes(300_000));
  const server = await rawServer((request, response) => {
    if (request.method === 'POST') json(response, { id: '1' });
    else if (request.url === '/v26.0/1') {
      json(response, {
        id: '1',
        url: `${server.baseUrl}/file`,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        file_size: bytes.length,
      });
    } else response.end(bytes);
  });
  const client = createClient({ accessToken: 'token', phoneNumberId: '2', baseUrl: server.baseUrl });
  await uploadMedia(client, { file: bytes, type: 'image/png', filename: 'a "quoted"\r\nname.png' });
  const form = await new Response(new Uint8Array(server.requests[0]?.body ?? []), {
    headers: { 'content-type': server.requests[0]?.headers['content-type'] ?? '' },
  }).formData();
  expect(new Uint8Array(await (form.get('file') as File).arrayBuffer())).toEqual(bytes);
  expect(server.requests[0]?.headers['content-length']).toBeDefined();

  const file = await downloadMedia(client, { mediaId: '1' });
  expect(file.sizeBytes).toBe(300_000);
  expect(await file.bytes()).toEqual(bytes);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token', 'Bearer token', 'Bearer token']);
});

test('the real fetch does not follow a redirect with the token', async () => {
  const elsewhere = await rawServer((_request, response) => response.end('the file'));
  const server = await rawServer((_request, response) => response.writeHead(302, { location: `${elsewhere.baseUrl}/file` }).end());
  const client = createClient({ accessToken: 'token', baseUrl: server.baseUrl });
  await expect(downloadMedia(client, { mediaId: '1', url: `${server.baseUrl}/file` })).rejects.toMatchObject({
    reason: 'redirected',
    httpStatus: 302,
  });
  expect(elsewhere.requests).toEqual([]);
});

test('a socket that is cut in the middle is a NetworkError', async () => {
  const server = await rawServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
    setImmediate(() => response.destroy());
  });
  const client = createClient({ accessToken: 'token', baseUrl: server.baseUrl, maxRetries: 0 });
  const download = downloadMedia(client, { mediaId: '1', url: `${server.baseUrl}/file` }).then((file) => file.bytes());
  await expect(download).rejects.toThrow(NetworkError);
});

test('a signal ends a download in progress', async () => {
  const server = await rawServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
  });
  const client = createClient({ accessToken: 'token', baseUrl: server.baseUrl, maxRetries: 0 });
  const controller = new AbortController();
  const file = await downloadMedia(client, { mediaId: '1', url: `${server.baseUrl}/file` }, { signal: controller.signal });
  const reading = file.bytes();
  controller.abort();
  await expect(reading).rejects.toThrow(AbortedError);
});

test('an aborted download leaves no file, with the real fetch and with one that ignores the signal', async () => {
  const server = await rawServer((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half');
  });
  const deaf: typeof fetch = (input, init) => fetch(input, { ...init, signal: null });
  for (const custom of [undefined, deaf]) {
    const folder = mkdtempSync(join(tmpdir(), 'wa-coexist-abort-'));
    const client = createClient({ accessToken: 'token', baseUrl: server.baseUrl, maxRetries: 0, fetch: custom });
    const controller = new AbortController();
    const saving = downloadMedia(client, { mediaId: '1', url: `${server.baseUrl}/file` }, { signal: controller.signal }).toFile(
      join(folder, 'a.pdf'),
      {
        onProgress: () => {
          controller.abort();
        },
      },
    );
    await expect(saving).rejects.toThrow(AbortedError);
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  }
});
