import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, createSender, memoryStore, recipientOf, sameMessage, silentLogger, type Client, type SettledSend } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { createBullSender, type BullSender } from 'wa-coexist/bullmq';
import { createFakeCloudApi, type FakeCustomer } from 'wa-coexist/testing';
import { createWebhooks, type StatusEvent, type Webhooks } from 'wa-coexist/webhooks';
import { redisInstalled, startRedis, type RedisServer } from '../stores/redis/server.js';

if (!redisInstalled) console.log('Left out: unknown sends on BullMQ, because there is no redis-server on the PATH.');

/** A number of the fake whose responses are lost, and whose statuses use the other spelling. */
function openNumber() {
  const fake = createFakeCloudApi({ messageIds: 'both-spellings' });
  const number = fake.coexistenceNumber();
  const client = createClient({
    accessToken: number.accessToken,
    phoneNumberId: number.phoneNumberId,
    fetch: fake.fetch,
    maxRetries: 0,
    logger: silentLogger,
  });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: 'verify-token' });
  fake.deliverTo(webhooks.fetch);
  const statuses: StatusEvent[] = [];
  webhooks.on('status', (event) => {
    statuses.push(event);
  });
  return { fake, number, client, webhooks, statuses };
}

/** The members that both senders have. */
type AnySender = Pick<BullSender, 'send' | 'on' | 'close'>;

/** Sends messages whose responses are lost, and returns how they were settled. */
async function sendAndLose(of: ReturnType<typeof openNumber>, sender: AnySender, customer: FakeCustomer, key: string, change: () => void) {
  const { fake, number, statuses } = of;
  customer.send(number.phoneNumberId, 'Hello');
  await fake.settled();
  customer.setOnline(false);
  fake.faults.add({ kind: 'lose-response', endpoint: 'messages', times: 1 });
  const recipient = recipientOf({ waId: customer.waId });
  const settled: SettledSend[] = [];
  sender.on('settled', (event) => {
    settled.push(event);
  });
  if (!recipient) throw new Error('no recipient');
  const result = await sender.send({ ...recipient, ...text('Your order is ready.') }, { key });
  change();
  customer.setOnline(true);
  await fake.settled();
  if (result.outcome !== 'unknown') throw new Error(`expected an unknown outcome, not ${result.outcome}`);
  const settlement = await result.settled;
  return { settlement, settled, statuses };
}

const connections: Redis[] = [];
const senders: readonly (readonly [string, (client: Client, webhooks: Webhooks, url: string) => AnySender, boolean])[] = [
  ['one process', (client, webhooks) => createSender({ client, throughput: 80, webhooks, store: memoryStore() }), true],
  [
    'many processes',
    (client, webhooks, url) => {
      const connection = new Redis(url, { maxRetriesPerRequest: null });
      connection.on('error', () => undefined);
      connections.push(connection);
      return createBullSender({ client, throughput: 80, webhooks, connection, logger: silentLogger });
    },
    redisInstalled,
  ],
];

describe.each(senders.filter(([, , isPossible]) => isPossible))('an unknown send of a sender for %s', (_name, open) => {
  let redis: RedisServer | undefined;
  beforeAll(async () => {
    if (redisInstalled) redis = await startRedis();
  });
  afterAll(async () => {
    for (const connection of connections.splice(0)) connection.disconnect();
    await redis?.stop();
  });

  test.each(['phone number', 'hidden number', 'new user ID'] as const)(
    'is settled by a status with the other wamid and another ID of the person: %s',
    async (kind) => {
      const shop = openNumber();
      const sender = open(shop.client, shop.webhooks, redis?.url ?? '');
      const customer = shop.fake.customer('15550100987', { name: 'Mara' });
      const { settlement, settled, statuses } = await sendAndLose(shop, sender, customer, kind, () => {
        if (kind === 'hidden number') customer.hideNumber();
        if (kind === 'new user ID') customer.changeUserId();
      });
      expect(settlement).toMatchObject({ outcome: 'accepted' });
      await expect.poll(() => settled).toMatchObject([{ outcome: 'accepted', key: kind }]);
      const ids = new Set(statuses.map(({ status }) => status.id));
      const messageId = settlement.outcome === 'accepted' ? settlement.messageId : '';
      expect([...ids].every((id) => sameMessage(id, messageId))).toBe(true);
      expect(customer.inbox).toHaveLength(1);
      await sender.close();
      await shop.webhooks.close();
    },
    30_000,
  );
});
