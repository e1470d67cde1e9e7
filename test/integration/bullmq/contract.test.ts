import { Redis } from 'ioredis';
import { createBullSender } from 'wa-coexist/bullmq';
import { describe } from 'vitest';
import type { ContractBackend, ContractOptions, ContractSender } from '../../sender/contract/backend.js';
import { senderContract } from '../../sender/contract/contract.js';
import { durableContract } from '../../sender/contract/durable-contract.js';
import { redisInstalled, startRedis } from '../../stores/redis/server.js';

if (!redisInstalled) console.log('Left out: the contract of the sender on BullMQ, because there is no redis-server on the PATH.');

describe.runIf(redisInstalled)('on Redis', () => {
  senderContract('createBullSender', createBackend, (context) => {
    durableContract(context);
  });
});

async function createBackend(): Promise<ContractBackend> {
  const server = await startRedis('--appendonly', 'yes');
  const connections: Redis[] = [];
  const openWith =
    (numbers: number) =>
    (options: ContractOptions): ContractSender => {
      const connection = new Redis(server.url, { maxRetriesPerRequest: null });
      connection.on('error', () => undefined);
      connections.push(connection);
      return createBullSender({ ...options, connection, numbers });
    };
  return {
    open: openWith(100),
    openQueueing: openWith(0),
    isDurable: true,
    async close() {
      for (const connection of connections) connection.disconnect();
      await server.stop();
    },
  };
}
