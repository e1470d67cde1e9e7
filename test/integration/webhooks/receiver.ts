/**
 * A receiver in its own process, which the test kills. Reports its port to its parent. The effect of each event is a
 * line in a file.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { systemClock } from 'wa-coexist';
import { redisStore } from 'wa-coexist/redis';
import { sqliteStore } from 'wa-coexist/sqlite';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

const [address = '', effects = '', aheadMs = ''] = process.argv.slice(2);
const store = address.startsWith('redis:') ? redisStore(new Redis(address)) : sqliteStore(address);
// Ahead of the machine's clock by the time during which processes were down, so that the test doesn't have to wait.
const clock = { ...systemClock, now: () => Date.now() + Number(aheadMs) };
const webhooks = createWebhooks({
  appSecret: 'app-secret',
  verifyToken: 'verify-token',
  mode: 'inbox',
  store,
  clock,
  retry: { firstDelayMs: 50 },
});
webhooks.on('message', async ({ key, message }) => {
  await pause(Math.random() * 5);
  appendFileSync(effects, `${message.id} ${key}\n`);
  await pause(Math.random() * 5);
});

const handle = toNodeHandler(webhooks);
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => {
  // A TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => {
  process.exit();
});
