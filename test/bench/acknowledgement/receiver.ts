/**
 * A server in its own process that acknowledges durable deliveries while its handlers sleep. Reports its port to its
 * parent, and on request the number of sleeping handlers.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sqliteStore } from 'wa-coexist/sqlite';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { appSecret } from '../harness/deliveries.ts';

const handlerSleepsMs = 30_000;

const [file = ''] = process.argv.slice(2);
const webhooks = createWebhooks({ appSecret, verifyToken: 'verify-token', mode: 'inbox', store: sqliteStore(file) });
let sleeping = 0;
webhooks.on('message', async () => {
  sleeping += 1;
  await new Promise((resolve) => setTimeout(resolve, handlerSleepsMs));
});

const server = createServer((request, response) => void toNodeHandler(webhooks)(request, response));
server.listen(0, '127.0.0.1', () => {
  // A TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
process.on('message', () => process.send?.(sleeping));
