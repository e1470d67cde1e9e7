import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, downloadMedia, uploadFile, uploadMedia, type UploadMediaParameters } from 'wa-coexist';
import { startRawServer, type RawRespond, type RawServer } from '../meta/raw-server.js';
import { recordingClient, recordMeta } from '../meta/recorder.js';

let server: RawServer;
let origin = '';
let respond: RawRespond = () => undefined;
const agents: (string | undefined)[] = [];
beforeAll(async () => {
  server = await startRawServer((request, response, index) => {
    agents.push(request.headers['user-agent']);
    respond(request, response, index);
  });
  origin = server.baseUrl;
});
afterAll(() => {
  server.close();
});

/** Returns the file that Meta would receive. */
async function uploaded(parameters: UploadMediaParameters, validate = true): Promise<{ name: string; type: string; field: unknown }> {
  let sent = { name: '', type: '', field: undefined as unknown };
  const client = createClient({
    accessToken: 'token',
    phoneNumberId: '1',
    validate,
    fetch: recordMeta(({ href, headers, body }) => {
      if (href.startsWith(origin)) return fetch(href, { headers });
      const { file, type: field } = body as { readonly file: { readonly name: string; readonly type: string }; readonly type: unknown };
      sent = { name: file.name, type: file.type, field };
      return { id: '99' };
    }).fetch,
  });
  await uploadMedia(client, parameters);
  return sent;
}
const served = (path: string, headers: Record<string, string>): Promise<{ name: string; type: string }> => {
  respond = (_request, response) => {
    response.writeHead(200, headers).end('bytes');
  };
  return uploaded({ file: new URL(path, origin) });
};

describe('uploadMedia of an address', () => {
  test.each([
    ['/files/invoice-4711.pdf?signature=1', {}, 'invoice-4711.pdf'],
    ['/files/Rechnung%20M%C3%A4rz.pdf', {}, 'Rechnung März.pdf'],
    ['/files/100%.pdf', {}, '100%.pdf'],
    ['/', {}, 'file'],
    ['/d', { 'content-disposition': 'attachment; filename="Invoice 4711.pdf"' }, 'Invoice 4711.pdf'],
    ['/d', { 'content-disposition': 'attachment; filename=invoice.pdf; size=3' }, 'invoice.pdf'],
    ['/d', { 'content-disposition': 'ATTACHMENT; FileName="a \\"b\\"; c.pdf"' }, 'a "b"; c.pdf'],
    ['/d', { 'content-disposition': 'attachment; filename="EURO.pdf"; filename*=UTF-8\'\'%e2%82%ac%20rates.pdf' }, '€ rates.pdf'],
    ['/d', { 'content-disposition': "attachment; filename*=iso-8859-1'en'%A3%20rates.pdf" }, '£ rates.pdf'],
    ['/d', { 'content-disposition': "attachment; filename*=UTF-8''%FF.pdf; filename=plain.pdf" }, 'plain.pdf'],
    ['/d', { 'content-disposition': `attachment; filename="${Buffer.from('März.pdf').toString('latin1')}"` }, 'März.pdf'],
    ['/d', { 'content-disposition': 'attachment; filename="../../etc/passwd.pdf"' }, 'passwd.pdf'],
    ['/d.pdf', { 'content-disposition': 'inline' }, 'd.pdf'],
  ])('%s with %j has the name %j', async (path, headers, name) => {
    expect(await served(path, { 'content-type': 'application/pdf', ...headers })).toMatchObject({ name });
  });

  test('keeps the whole MIME type', async () => {
    const type = 'audio/ogg; codecs=opus';
    expect(await served('/voice.ogg', { 'content-type': type })).toEqual({ name: 'voice.ogg', type, field: type });
  });
});

describe('an address that returns an HTML page instead of the file', () => {
  const page = { 'content-type': 'Text/HTML; charset=utf-8' };
  const recorded = () =>
    recordingClient(({ method }) =>
      method === 'GET' ? new Response('<html>Log in</html>', { headers: page }) : { id: 'upload:1?sig=2', h: '4::aW' },
    );
  const file = new URL('https://files.example.net/logo.png');

  test.each([undefined, 'image/png'])('rejects, and nothing is uploaded (type: %s)', async (type) => {
    const expected = { name: 'FileTransferError', reason: 'not-a-file', httpStatus: 200 };
    const { client, requests } = recorded();
    await expect(uploadMedia(client, { file, ...(type !== undefined && { type }) })).rejects.toMatchObject(expected);
    await expect(uploadFile(client, { file, appId: '7', ...(type !== undefined && { type }) })).rejects.toMatchObject(expected);
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  test('is uploaded if the caller says that the file is HTML', async () => {
    const { client, requests } = recorded();
    await uploadFile(client, { file, type: 'text/html', appId: '7' });
    expect(requests.at(-1)?.body).toBe('<html>Log in</html>');
  });
});

describe('a wrong type that the caller passes', () => {
  test.each([
    ['uploadMedia', 'image/heic'],
    ['uploadMedia', 'audio/ogg; codecs=vorbis'],
    ['uploadMedia', 'picture'],
    ['uploadFile', 'picture'],
  ])('%s with %s rejects before it reads the stream or the address', async (action, type) => {
    const { client, requests } = recordingClient();
    let reads = 0;
    async function* stream(): AsyncGenerator<Uint8Array> {
      reads += 1;
      yield new Uint8Array(1);
    }
    for (const file of [stream(), new URL('https://files.example.net/photo')]) {
      const upload = action === 'uploadMedia' ? uploadMedia(client, { file, type }) : uploadFile(client, { file, type, appId: '7' });
      await expect(upload).rejects.toMatchObject({ name: 'InvalidArgumentError', field: 'type' });
    }
    expect([reads, requests]).toEqual([0, []]);
  });
});

describe('uploadMedia of a type', () => {
  test.each([
    ['audio/opus', 'codecs=opus'],
    ['audio/webm;codecs=opus', 'codecs=opus'],
    ['audio/ogg', 'codecs=opus'],
    ['audio/ogg; codecs=vorbis', 'vorbis'],
    ['image/heic', 'image/jpeg'],
    ['IMAGE/GIF', 'video/mp4'],
    ['video/quicktime', 'video/mp4'],
    ['application/zip', 'application/pdf'],
  ])('%s rejects before the request, and the error names %s', async (type, remedy) => {
    const upload = uploaded({ file: new Blob(['x'], { type }) });
    await expect(upload).rejects.toMatchObject({ name: 'InvalidArgumentError', field: 'type' });
    await expect(upload).rejects.toThrow(remedy);
    expect(await uploaded({ file: new Blob(['x'], { type }) }, false)).toMatchObject({ type: type.toLowerCase() });
  });

  test.each(['audio/ogg; codecs=opus', 'audio/ogg;codecs="opus"', 'audio/mpeg', 'image/webp', 'video/3gpp', 'text/plain; charset=utf-8'])(
    '%s is sent unchanged',
    async (type) => {
      expect(await uploaded({ file: new Blob(['x'], { type }) })).toMatchObject({ type, field: type });
    },
  );

  test('audio/ogg gets its codec if the bytes are Opus', async () => {
    const head = new TextEncoder().encode('OpusHead');
    expect(await uploaded({ file: new Blob([new Uint8Array(28), head]), type: 'audio/ogg' })).toMatchObject({
      type: 'audio/ogg; codecs=opus',
    });
  });
});

describe('downloadMedia', () => {
  const download = (contentType: string, more: object = {}, mimeType = 'image/jpeg') => {
    const client = createClient({
      accessToken: 'token',
      fetch: recordMeta(({ url }) => {
        const isNode = url.startsWith('graph.facebook.com/');
        if (isNode) return { id: '5', url: 'https://lookaside.fbsbx.com/5', mime_type: mimeType };
        return new Response('<html>Log in</html>', { headers: { 'content-type': contentType } });
      }).fetch,
    });
    return downloadMedia(client, { mediaId: '5', ...more });
  };

  test.each(['text/html', 'TEXT/HTML; charset=utf-8', 'application/xhtml+xml'])('rejects %s instead of a file', async (type) => {
    const expected = { name: 'FileTransferError', reason: 'not-a-file' };
    await expect(download(type, { url: 'https://lookaside.fbsbx.com/5' })).rejects.toMatchObject(expected);
    await expect(download(type)).rejects.toMatchObject(expected);
  });

  test('returns a customer’s HTML file', async () => {
    const file = await download('text/html', {}, 'text/html');
    expect(new TextDecoder().decode(await file.bytes())).toBe('<html>Log in</html>');
  });
});

test('each request has the User-Agent of this version, unless the caller sets one', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const client = createClient({ accessToken: 'token', phoneNumberId: '1', baseUrl: origin });
  respond = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"5"}');
  };
  agents.length = 0;
  await client.request({ method: 'GET', path: ['5'] });
  await client.request({ method: 'GET', path: ['5'] }, { headers: { 'User-Agent': 'shop/1' } });
  await (await downloadMedia(client, { mediaId: '5', url: `${origin}/file` })).bytes();
  expect(agents).toEqual([`wa-coexist/${version}`, 'shop/1', `wa-coexist/${version}`]);
});

test('a media type with many spaces is checked in less than a second', async () => {
  const { client } = recordingClient({ id: '1' });
  const startedAtMs = performance.now();
  const type = `audio/ogg; codecs=${' '.repeat(200_000)}"opus"x`;
  await expect(uploadMedia(client, { file: new Blob(['x']), type })).rejects.toThrow();
  expect(performance.now() - startedAtMs).toBeLessThan(1_000);
});
