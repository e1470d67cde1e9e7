import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to Redis that loses one answer. */
export interface CuttingProxy {
  readonly url: string;
  /** Whether the answer has been lost. */
  readonly hasCut: boolean;
  close(): void;
}

/** Passes everything on to the Redis on `port`; the first request that contains all `marks` is carried out, but its connection breaks before the answer. */
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
  // A server that listens on a port has such an address.
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
