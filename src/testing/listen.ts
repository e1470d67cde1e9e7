import { Buffer } from 'node:buffer';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeCloudApi } from './fake/fake-cloud-api.js';

/** Options of {@link listen}. */
export interface ListenOptions {
  /** @defaultValue 0: any free one */
  readonly port?: number;
  /** @defaultValue `'127.0.0.1'` */
  readonly host?: string;
}

/** A server that is running. */
export interface Listener extends AsyncDisposable {
  /** The client's `baseUrl`. */
  readonly url: string;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/**
 * Serves a fake Cloud API over HTTP, for clients that cannot take its `fetch` and for other processes.
 *
 * @example
 * ```ts
 * import { createClient } from 'wa-coexist';
 * import { createFakeCloudApi, listen } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi();
 * await using server = await listen(fake, { port: 4004 });
 * const { accessToken, phoneNumberId } = fake.coexistenceNumber();
 * const client = createClient({ accessToken, phoneNumberId, baseUrl: server.url });
 * ```
 */
export async function listen(fake: FakeCloudApi, options: ListenOptions = {}): Promise<Listener> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer((request, response) => {
    serve(fake, request, response).catch(() => {
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  // A listening TCP server has an address with a port; only pipes have a string.
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: `http://${host}:${String(port)}`, close, [Symbol.asyncDispose]: close };
}

async function serve(fake: FakeCloudApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request);
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

function read(request: IncomingMessage): Promise<Uint8Array> {
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
