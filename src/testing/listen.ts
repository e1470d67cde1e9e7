import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeCloudApi } from './fake/fake-cloud-api.js';
import { serveGraph } from './serve-graph.js';

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
    serveGraph(fake, request, response).catch(() => {
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
