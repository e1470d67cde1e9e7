import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface ArrivedRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Responds to a request in any way that HTTP allows, or breaks the connection. */
export type RawRespond = (request: ArrivedRequest, response: ServerResponse, index: number) => void;

/** A raw server in place of Meta. */
export interface RawServer {
  readonly baseUrl: string;
  readonly requests: readonly ArrivedRequest[];
  /** All connections so far. */
  readonly sockets: ReadonlySet<Socket>;
  close(): void;
}

/**
 * Starts a raw HTTP server in place of Meta, for faults of the transport: broken connections, pages of proxies, slow bytes,
 * headers. It has no rules. Tests of Meta's behavior over HTTP use `listen` of the fake Cloud API.
 *
 * @param respond - Writes the response of each request.
 */
export async function startRawServer(respond: RawRespond): Promise<RawServer> {
  const requests: ArrivedRequest[] = [];
  const sockets = new Set<Socket>();
  // Without a keep-alive header, the idle time of connections is only the client's.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const arrived = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(arrived);
      respond(arrived, response, requests.length - 1);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${String(port)}`,
    requests,
    sockets,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts a raw server that closes at the end of the test. */
export async function rawServer(respond: RawRespond): Promise<RawServer> {
  const server = await startRawServer(respond);
  onTestFinished(server.close);
  return server;
}

/** Responds with JSON. */
export function json(response: ServerResponse, body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
