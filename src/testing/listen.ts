import type * as NodeHttp from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkNumbers, checkObject } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { FakeCloudApi } from './fake/fake-cloud-api.js';
import { idleConnectionMs, serveGraph } from './serve-graph.js';

/** Options of {@link listen}. */
export interface ListenOptions {
  /** @defaultValue 0, which selects any free port */
  readonly port?: number | undefined;
  /** @defaultValue `'127.0.0.1'` */
  readonly host?: string | undefined;
}

/** A running server of {@link listen}. */
export interface Listener extends AsyncDisposable {
  /** The client's `baseUrl`. */
  readonly url: string;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/**
 * Serves a fake Cloud API over HTTP, for other processes and for clients that can't use its `fetch`. It needs Node, Bun
 * or Deno. A browser can import the module, but not call this function. Bodies above 4 MiB (104 MiB with a file) get 413.
 *
 * @param fake - The fake of {@link createFakeCloudApi}.
 * @param options - The port and the host. See {@link ListenOptions}.
 * @returns the running server.
 * @throws `InvalidArgumentError` if an option is invalid or the runtime has no servers, and the error of the system if
 * the port is in use.
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
  checkObject('listen', 'options', options);
  checkNumbers('listen', options, { port: { min: 0, max: 65_535 } });
  const { port: wantedPort = 0, host = '127.0.0.1' } = options;
  if (typeof host !== 'string' || host === '') throw new InvalidArgumentError('listen', 'host', 'must be a name or an address');
  const server = nodeHttp().createServer({ keepAliveTimeout: idleConnectionMs }, (request, response) => {
    serveGraph(fake, request, response).catch(() => {
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wantedPort, host, resolve);
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
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}`, close, [Symbol.asyncDispose]: close };
}

/** Loads Node's servers on demand, in a way that bundlers for browsers don't follow. */
function nodeHttp(): typeof NodeHttp {
  // Browsers have no `process`, and older runtimes lack the function.
  const runtime = globalThis as { readonly process?: { readonly getBuiltinModule?: NodeJS.Process['getBuiltinModule'] } };
  const http = runtime.process?.getBuiltinModule?.('node:http');
  if (!http) throw new InvalidArgumentError('listen', 'the runtime', 'must be Node, Bun or Deno; elsewhere use fake.fetch');
  return http;
}
