import { describe, expect, test } from 'vitest';
import {
  createClient,
  createUpload,
  getUpload,
  InvalidArgumentError,
  NetworkError,
  PermissionError,
  sendUpload,
  uploadFile,
  uploadTemplateSample,
} from 'wa-coexist';
import { rawServer, json } from '../meta/raw-server.js';
import { expectedOf, recordingClient, runAction, type ActionCase } from '../meta/recorder.js';

const uploadId = 'upload:MTphdHRhY2htZW50Oi8rNT8=?sig=ARZqkGCA_uQ-Mx=';

const cases: Record<string, ActionCase> = {
  createUpload: {
    call: (client) => createUpload(client, { fileLength: 48211, fileType: 'image/jpeg', fileName: 'photo.jpg', appId: '123456789012345' }),
    request: 'POST /123456789012345/uploads',
    query: { file_length: '48211', file_type: 'image/jpeg', file_name: 'photo.jpg' },
    answer: { id: uploadId },
  },
  'createUpload with the app of the token': {
    call: (client) => createUpload(client, { fileLength: 1, fileType: 'image/png' }),
    request: 'POST /app/uploads',
    query: { file_length: '1', file_type: 'image/png' },
    answer: { id: uploadId },
  },
  getUpload: {
    call: (client) => getUpload(client, { uploadId }),
    request: 'GET /upload:MTphdHRhY2htZW50Oi8rNT8=',
    query: { sig: 'ARZqkGCA_uQ-Mx=' },
    answer: { id: uploadId, file_offset: 5 },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

test('an upload uses the app of the client', async () => {
  const { client, requests } = recordingClient({ id: uploadId }, { appId: '123456789012345' });
  await createUpload(client, { fileLength: 1, fileType: 'image/png' });
  expect(requests[0]?.url).toBe('graph.facebook.com/v26.0/123456789012345/uploads');
});

describe('over the wire', () => {
  test('an upload sends the ID, the scheme, the offset, the type and the bytes that Meta expects', async () => {
    const { baseUrl, requests } = await rawServer((_request, response) => {
      json(response, { h: '4::aW1hZ2U=' });
    });
    const client = createClient({ accessToken: 'token', baseUrl });
    const file = new Blob([new Uint8Array([0xff, 0xd8, 0x00, 0xff])], { type: 'image/jpeg' });
    expect(await sendUpload(client, { uploadId, file, fileOffset: 7 })).toEqual({ h: '4::aW1hZ2U=' });
    const [request] = requests;
    expect(request?.url).toBe('/v26.0/upload:MTphdHRhY2htZW50Oi8rNT8=?sig=ARZqkGCA_uQ-Mx%3D');
    expect(request?.headers).toMatchObject({
      authorization: 'OAuth token',
      file_offset: '7',
      'content-type': 'image/jpeg',
      'content-length': '4',
    });
    expect(request?.body).toEqual(Buffer.from([0xff, 0xd8, 0x00, 0xff]));
  });

  test("an interrupted upload continues at Meta's offset", async () => {
    const { baseUrl, requests } = await rawServer((request, response, index) => {
      if (index === 0) json(response, { id: uploadId });
      else if (index === 1) response.destroy();
      else if (request.method === 'GET') json(response, { id: uploadId, file_offset: 3 });
      else json(response, { h: '4::aW1hZ2U=' });
    });
    const client = createClient({ accessToken: 'token', baseUrl });
    const file = new File(['hello'], 'photo.png', { type: 'image/png' });
    expect(await uploadFile(client, { file })).toEqual({ h: '4::aW1hZ2U=' });
    expect(requests.map(({ method, headers, body }) => [method, headers.file_offset, body.toString()])).toEqual([
      ['POST', undefined, ''],
      ['POST', '0', 'hello'],
      ['GET', undefined, ''],
      ['POST', '3', 'lo'],
    ]);
  });

  test('an upload that is interrupted repeatedly rejects', async () => {
    const { baseUrl, requests } = await rawServer((request, response, index) => {
      if (index === 0 || request.method === 'GET') json(response, { id: uploadId, file_offset: 0 });
      else response.destroy();
    });
    const client = createClient({ accessToken: 'token', baseUrl });
    await expect(uploadFile(client, { file: new Blob(['hello'], { type: 'image/png' }) })).rejects.toThrow(NetworkError);
    expect(requests.filter(({ url, method }) => method === 'POST' && url.includes('upload:'))).toHaveLength(4);
  });

  test("a rejected upload isn't resumed", async () => {
    const { baseUrl, requests } = await rawServer((_request, response, index) => {
      if (index === 0) json(response, { id: uploadId });
      else json(response, { error: { message: 'no', code: 10 } }, 403);
    });
    const client = createClient({ accessToken: 'token', baseUrl });
    await expect(uploadFile(client, { file: new Blob(['hello'], { type: 'image/png' }) })).rejects.toThrow(PermissionError);
    expect(requests).toHaveLength(2);
  });
});

test.each(['', '123', 'upload:', 'upload:a/../b', 'upload:a%2f..', 'https://evil.example/upload:1', '/upload:1', 'upload:1#x', 'UPLOAD:1'])(
  '%j is rejected as the ID of an upload',
  (wrong) => {
    const { client, requests } = recordingClient();
    expect(() => getUpload(client, { uploadId: wrong })).toThrow(InvalidArgumentError);
    expect(() => sendUpload(client, { uploadId: wrong, file: new Blob([]) })).toThrow(InvalidArgumentError);
    expect(requests).toEqual([]);
  },
);

test('uploadTemplateSample returns the handle for header_handle', async () => {
  const { baseUrl, requests } = await rawServer((_request, response, index) => {
    json(response, index === 0 ? { id: uploadId } : { h: '4::aW1hZ2U=' });
  });
  const client = createClient({ accessToken: 'token', baseUrl });
  const file = new Blob(['hello']);
  expect(await uploadTemplateSample(client, file, { type: 'image/png', appId: '7', filename: 'shoe.png' })).toBe('4::aW1hZ2U=');
  expect(requests[0]?.url).toContain('/7/uploads?');
  expect(requests[0]?.url).toContain('shoe.png');
  await expect(uploadTemplateSample(client, file)).rejects.toThrow(InvalidArgumentError);
});

test.each<[string, Blob, string]>([
  [
    'a GIF',
    new Blob(['GIF89a'], { type: 'image/gif' }),
    'is image/gif, but Meta accepts for samples of templates image/jpeg, image/png, video/mp4, application/pdf',
  ],
  ['an empty file', new Blob([], { type: 'image/png' }), 'file is empty'],
])('uploadTemplateSample rejects %s before the upload', async (_name, file, message) => {
  const { client, requests } = recordingClient();
  await expect(uploadTemplateSample(client, file)).rejects.toThrow(InvalidArgumentError);
  await expect(uploadTemplateSample(client, file)).rejects.toThrow(message);
  expect(requests).toEqual([]);
});
