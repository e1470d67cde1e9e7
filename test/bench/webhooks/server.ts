/**
 * One of three servers: `bare` verifies the signature and parses the JSON, `handle` and `inbox` are receivers. Sends its parent the port, and its
 * processor milliseconds for each message that it receives.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sqliteStore } from 'wa-coexist/sqlite';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { appSecret } from '../harness/deliveries.ts';

const [kind = '', file = ''] = process.argv.slice(2);

const bare: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const expected = Buffer.from(`sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`);
    const sent = Buffer.from(String(request.headers['x-hub-signature-256']));
    const isVerified = sent.length === expected.length && timingSafeEqual(sent, expected);
    if (isVerified) JSON.parse(body.toString());
    response.writeHead(isVerified ? 200 : 401).end();
  });
};

function receiver(): RequestListener {
  const options = { appSecret, verifyToken: 'verify-token' };
  const webhooks =
    kind === 'inbox'
      ? createWebhooks({ ...options, mode: 'inbox', store: sqliteStore(file) })
      : createWebhooks({ ...options, mode: 'handle' });
  webhooks.on('message', () => undefined);
  const handler = toNodeHandler(webhooks);
  return (request, response) => void handler(request, response);
}

const server = createServer(kind === 'bare' ? bare : receiver());
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  // A TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1_000);
});
