/** A receiver with a mirror in its own process, which the test kills. Reports its port to its parent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sqliteMirror } from 'wa-coexist/sqlite';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

const [file = ''] = process.argv.slice(2);
const mirror = sqliteMirror(file);
// Stores nothing, so redelivered events are handled again and must change nothing.
const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
webhooks.on('*', mirror.handle);
const handle = toNodeHandler(webhooks);
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => {
  // A TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => {
  process.exit();
});
