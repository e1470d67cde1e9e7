import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy to Redis that loses one response. */
export interface CuttingProxy {
  readonly url: string;
  /** Whether the response has been lost. */
  readonly hasCut: boolean;
  close(): void;
}

/**
 * Forwards everything to the Redis on `port`. The first request that contains all `marks` is executed, but its
 * connection breaks before the response.
 */
export async function startCuttingProxy(port: number, ...marks: readonly string[]): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let hasCut = false;
  const server = createServer((client) => {
    const redis = connect(port, '127.0.0.1');
    let cuts = false;
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    client.on('data', (data) => {
      const text = data.toString('latin1');
      if (!hasCut && marks.every((mark) => text.includes(mark))) hasCut = cuts = true;
      redis.write(data);
    });
    redis.on('data', (data) => {
      if (cuts) client.destroy();
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with a port.
  const { port: ownPort } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${String(ownPort)}`,
    get hasCut() {
      return hasCut;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
