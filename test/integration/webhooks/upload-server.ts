/** A receiver in its own process that reports its memory. */
import { createServer } from 'node:http';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', uploadTimeoutMs: 600_000 });
const handle = toNodeHandler(webhooks);
const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
setInterval(() => process.send?.({ rss: process.memoryUsage().rss }), 100);
