/**
 * A Graph API with Meta's rule on a clock of its own: no more than so many messages are accepted in any trailing second, the others get 130429.
 * Each way takes 0 to 50 ms. Tells its parent the port, and when asked what it saw.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as travel } from 'node:timers/promises';

/** What came in. */
export interface Seen {
  /** When each message was accepted, in milliseconds. */
  readonly acceptedAtMs: readonly number[];
  readonly refused: number;
}

const cap = Number(process.argv[2]);
const jitterMs = 50;
const acceptedAtMs: number[] = [];
let refused = 0;

function answer(): object {
  const now = performance.now();
  if (acceptedAtMs.filter((atMs) => atMs > now - 1_000).length >= cap) {
    refused += 1;
    return { error: { code: 130429, message: 'Rate limit hit', type: 'OAuthException' } };
  }
  acceptedAtMs.push(now);
  return { messaging_product: 'whatsapp', contacts: [], messages: [{ id: `wamid.EXAMPLE${acceptedAtMs.length}` }] };
}

const server = createServer((request, response) => {
  request.resume().on('end', async () => {
    await travel(Math.random() * jitterMs);
    const body = answer();
    await travel(Math.random() * jitterMs);
    response.writeHead('error' in body ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});
process.on('message', () => {
  process.send?.({ acceptedAtMs, refused } satisfies Seen);
});
server.listen(0, '127.0.0.1', () => {
  // A listening TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
