import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeCloudApi } from './fake/fake-cloud-api.js';

/** Answers one request of a server as the fake does; a cut connection is cut. */
export async function serveGraph(fake: FakeCloudApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const answer = await fake.answer({
    method: request.method ?? 'GET',
    url: `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`,
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    fileOffset: String(request.headers.file_offset ?? 0),
    body,
  });
  if (answer.cut) {
    request.socket.destroy();
    return;
  }
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
  response.end(bytes);
}

/** The whole body of a request. */
export function readBody(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
    });
    request.on('end', () => {
      const [first] = chunks;
      resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks));
    });
    request.on('error', reject);
  });
}
