import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createClient, downloadMedia, FileTransferError } from 'wa-coexist';
import { recordMeta } from '../meta/recorder.js';
import { hostileUrls, metaUrls } from './hostile-urls.js';

const bytes = new TextEncoder().encode('the file');
const sha256 = createHash('sha256').update(bytes).digest('hex');

/** A client whose `fetch` records every request with the token, except the Graph API requests for the URL. */
function capturing(answer: (url: URL) => Response, options: { mediaHosts?: readonly string[]; baseUrl?: string } = {}) {
  const requests: { href: string; authorization: string | null }[] = [];
  const client = createClient({
    accessToken: 'CANARYTOKEN',
    maxRetries: 0,
    ...options,
    fetch: recordMeta(({ href, headers }) => {
      const url = new URL(href);
      if (!/\/v\d+\.0\/1003383421387256$/.test(url.pathname)) requests.push({ href, authorization: headers.get('authorization') });
      return answer(url);
    }).fetch,
  });
  return { client, requests };
}

test('all 150 addresses differ', () => {
  expect(new Set(hostileUrls).size).toBeGreaterThanOrEqual(150);
});

describe.each(hostileUrls)('%j', (url) => {
  test.each([
    ['given with the id, as by a webhook', { mediaId: '1003383421387256', url }],
    ['told by Meta', { mediaId: '1003383421387256' }],
  ])('%s gets neither the token nor a request', async (_way, parameters) => {
    const { client, requests } = capturing(() => Response.json({ id: '1003383421387256', url }));
    await expect(downloadMedia(client, parameters)).rejects.toMatchObject({ reason: 'untrusted-url' });
    expect(requests).toEqual([]);
  });
});

test.each(metaUrls)('%j gets the token', async (url) => {
  const { client, requests } = capturing(() => new Response(bytes));
  const file = await downloadMedia(client, { mediaId: '1003383421387256', url, sha256 });
  expect(await file.bytes()).toEqual(bytes);
  expect(requests).toEqual([{ href: new URL(url).href, authorization: 'Bearer CANARYTOKEN' }]);
});

describe('a redirect is not followed', () => {
  test.each([301, 302, 303, 307, 308])('%i to another host', async (status) => {
    const { client, requests } = capturing(() => new Response(null, { status, headers: { location: 'https://evil.example/file' } }));
    const download = downloadMedia(client, { mediaId: '1003383421387256', url: 'https://lookaside.fbsbx.com/file' });
    await expect(download).rejects.toMatchObject({ reason: 'redirected', httpStatus: status });
    expect(requests.map(({ href }) => href)).toEqual(['https://lookaside.fbsbx.com/file']);
  });

  test("to another host of Meta isn't followed either", async () => {
    const { client, requests } = capturing(
      () => new Response(null, { status: 302, headers: { location: 'https://graph.facebook.com/file' } }),
    );
    await expect(downloadMedia(client, { mediaId: '1003383421387256', url: 'https://lookaside.fbsbx.com/file' })).rejects.toThrow(
      FileTransferError,
    );
    expect(requests).toHaveLength(1);
  });
});

describe('the list of media hosts', () => {
  const url = 'https://scontent.example.net/file';

  test('can be set by the caller, and https and port 443 are still required', async () => {
    const { client, requests } = capturing(() => new Response(bytes), { mediaHosts: ['scontent.example.net'] });
    await downloadMedia(client, { mediaId: '1003383421387256', url });
    for (const wrong of [
      'http://scontent.example.net/file',
      'https://scontent.example.net:8443/file',
      'https://lookaside.fbsbx.com/file',
    ]) {
      await expect(downloadMedia(client, { mediaId: '1003383421387256', url: wrong })).rejects.toMatchObject({ reason: 'untrusted-url' });
    }
    expect(requests.map(({ href }) => href)).toEqual([url]);
  });

  test('contains the origin of an explicit base URL with any protocol and port, and no similar host', async () => {
    const { client, requests } = capturing(() => new Response(bytes), { baseUrl: 'http://127.0.0.1:8080/graph' });
    await downloadMedia(client, { mediaId: '1003383421387256', url: 'http://127.0.0.1:8080/media/1' });
    for (const wrong of [
      'http://127.0.0.1:8081/media/1',
      'https://127.0.0.1:8080/media/1',
      'http://user@127.0.0.1:8080/media/1',
      'http://127.1:8080/media/1',
    ]) {
      await expect(downloadMedia(client, { mediaId: '1003383421387256', url: wrong })).rejects.toMatchObject({ reason: 'untrusted-url' });
    }
    expect(requests).toHaveLength(1);
  });
});
