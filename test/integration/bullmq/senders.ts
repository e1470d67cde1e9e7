import { Redis } from 'ioredis';
import { createClient, silentLogger } from 'wa-coexist';
import { createBullSender, type BullSender, type BullSenderOptions } from 'wa-coexist/bullmq';
import type { Recorder } from '../../meta/recorder.js';
import { startRedis, type RedisServer } from '../../stores/redis/server.js';

/** The business number of {@link startSenders}. */
export const from = '106540352242922';

/** Senders that share one Redis, like the senders of several processes. */
export interface Senders {
  readonly server: RedisServer;
  /** Opens a sender on its own connection. */
  readonly open: (options?: Partial<BullSenderOptions>) => BullSender;
  /** Opens a connection for the checks of a test. */
  readonly connect: () => Redis;
  /** Closes all senders and connections, and stops Redis. */
  readonly stop: () => Promise<void>;
}

/** Starts Redis for senders on a recorder. */
export async function startSenders({ fetch }: Pick<Recorder, 'fetch'>): Promise<Senders> {
  const server = await startRedis('--appendonly', 'yes');
  const senders: BullSender[] = [];
  const connections: Redis[] = [];
  const connect = (): Redis => {
    const connection = new Redis(server.url, { maxRetriesPerRequest: null });
    connection.on('error', () => undefined);
    connections.push(connection);
    return connection;
  };
  return {
    server,
    connect,
    open: (options = {}) => {
      const client = createClient({
        accessToken: 'EXAMPLE-TOKEN',
        phoneNumberId: from,
        logger: silentLogger,
        fetch,
      });
      const sender = createBullSender({ client, throughput: 200, connection: connect(), logger: silentLogger, ...options });
      senders.push(sender);
      return sender;
    },
    stop: async () => {
      await Promise.all(senders.map((sender) => sender.close()));
      for (const connection of connections) connection.disconnect();
      await server.stop();
    },
  };
}
