/**
 * A Graph API that accepts every message immediately. Reports its port to its parent. It is a plain server instead of
 * the fake Cloud API, because the benchmark measures speed.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const answer = JSON.stringify({
  messaging_product: 'whatsapp',
  contacts: [{ input: '15550100987', wa_id: '15550100987' }],
  messages: [{ id: 'wamid.EXAMPLE1' }],
});

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
