/**
 * One sender in four processes: this one queues and hears webhooks, three send. One of them is killed on the way.
 *
 *   npm run build && node examples/many-processes/main.ts
 *     against a fake Cloud API on this machine, with a redis-server of its own, or the Redis of REDIS_URL
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { createClient } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { createBullSender } from 'wa-coexist/bullmq';
import { createFakeCloudApi, listen, type FakeReadyNumber } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { openRedis } from './redis.ts';
import type { News, Orders } from './worker.ts';

const messagesOfNumber = 50;

await using redis = await openRedis();
if (redis) await send(redis.url);
else console.log('Left out: there is no redis-server here. Install one, or set REDIS_URL.');

async function send(redisUrl: string): Promise<void> {
  const fake = createFakeCloudApi();
  await using graph = await listen(fake);
  const numbers = Array.from({ length: 6 }, () => fake.coexistenceNumber());
  const prefix = `many-processes-${process.pid}`;
  const orders: Orders = { redisUrl, prefix, graphUrl: graph.url, tokens: tokensOf(numbers) };

  const sentBy = [0, 0, 0];
  const unknown = new Set<string>();
  let settled = 0;
  const workers = await Promise.all(
    sentBy.map((_, index) =>
      startWorker(orders, (news) => {
        if (news.type === 'sent') sentBy[index]! += 1;
        if (news.type === 'unknown') unknown.add(news.key);
        if (news.type === 'settled') settled += 1;
      }),
    ),
  );

  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken });
  fake.deliverTo(webhooks.fetch);
  // `numbers: 0`: it queues and sends nothing itself, as a web server does.
  const client = createClient({ accessToken: 'not needed', baseUrl: graph.url });
  const sender = createBullSender({ client, throughput: 'coexistence', connection, prefix, numbers: 0, webhooks });
  sender.on('settled', () => {
    settled += 1;
  });
  const recipients = numbers.flatMap(({ phoneNumberId }, number) =>
    Array.from({ length: messagesOfNumber }, (_, index) => ({ from: phoneNumberId, to: `1555${number}${100_000 + index}` })),
  );
  // Every message has a key, here the recipient: run again it would send nobody a second one.
  await Promise.all(recipients.map(({ from, to }) => sender.enqueue({ to, ...template('hello_world', 'en_US') }, { from, key: to })));
  console.log(`${recipients.length} messages of ${numbers.length} numbers are queued`);

  const told = (): number => new Set([...fake.sent.map(({ to }) => to), ...unknown]).size;
  await until(() => sentBy[0]! >= 20);
  workers[0]!.kill('SIGKILL');
  const killedAtMs = performance.now();
  console.log(`process 1 is killed after ${sentBy[0]!} messages`);
  await until(() => told() === recipients.length);
  console.log(`all is sent ${((performance.now() - killedAtMs) / 1_000).toFixed(1)} s later`);
  await fake.settled();
  await sender.close();
  for (const worker of workers.slice(1)) {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }
  await connection.quit();

  for (const [index, count] of sentBy.entries()) console.log(`process ${index + 1} sent ${count}`);
  const doubled = fake.sent.length - new Set(fake.sent.map(({ to }) => to)).size;
  console.log(
    `Meta has ${fake.sent.length} messages, ${doubled} of them twice, at most ${fake.maxInOneSecond()} of one number in a second`,
  );
  console.log(`unknown, as they were under way in process 1: ${unknown.size}; settled by their statuses: ${settled}`);
  await fake.close();
}

function tokensOf(numbers: readonly FakeReadyNumber[]): Orders['tokens'] {
  return Object.fromEntries(numbers.map(({ phoneNumberId, accessToken }) => [phoneNumberId, accessToken]));
}

async function startWorker(orders: Orders, onNews: (news: News) => void): Promise<ChildProcess> {
  const worker = fork(new URL('./worker.ts', import.meta.url));
  worker.send(orders);
  await once(worker, 'message');
  worker.on('message', onNews);
  return worker;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
