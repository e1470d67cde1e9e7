import { once } from 'node:events';
import { connect } from 'node:net';
import type { Delivery } from './deliveries.ts';

/** Posts deliveries over several connections. Each connection waits for a response before the next request. */
export interface HttpConnections {
  readonly post: (requests: readonly Buffer[]) => Promise<void>;
  readonly close: () => void;
}

/** Returns the bytes of Meta's request. They are created in advance, so the client is never slower than the server. */
export function requestBytes({ bytes, signature }: Delivery): Buffer {
  const head = [
    'POST /webhooks HTTP/1.1',
    'Host: 127.0.0.1',
    'Accept: */*',
    'Content-Type: application/json',
    `X-Hub-Signature-256: ${signature}`,
    `Content-Length: ${String(bytes.length)}`,
    '\r\n',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n')), bytes]);
}

/** Opens connections to a server on this machine. Its responses have no body. */
export async function openConnections(port: number, connections: number): Promise<HttpConnections> {
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      const post = (left: Buffer[]): Promise<void> =>
        new Promise((resolve, reject) => {
          const end = (): void => {
            socket.removeAllListeners();
            resolve();
          };
          const next = (): void => {
            const request = left.pop();
            if (request) socket.write(request);
            else end();
          };
          socket.on('error', reject);
          socket.on('data', (response: Buffer) => {
            if (response.toString('latin1', 0, 12) === 'HTTP/1.1 200') next();
            else reject(new Error(`The server responded with ${response.toString('latin1', 0, 40)}.`));
          });
          next();
        });
      const close = (): void => {
        socket.destroy();
      };
      return { post, close };
    }),
  );
  return {
    async post(requests) {
      const left = [...requests];
      await Promise.all(clients.map((client) => client.post(left)));
    },
    close() {
      for (const client of clients) client.close();
    },
  };
}
