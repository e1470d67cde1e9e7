/**
 * A Graph API in its own process with Meta's limit for a number: it accepts a maximum number of messages in any
 * trailing second and rejects the others with 130429. Reports its port to its parent, and its record since the last
 * report on request. It is a plain server instead of the fake Cloud API, because the benchmark measures speed.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The record of the server. */
export interface ServerReport {
  readonly requests: number;
  readonly delivered: number;
}

const perSecond = 20;
const acceptedAtMs: number[] = [];
let requests = 0;
let delivered = 0;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const nowMs = performance.now();
    requests += 1;
    while (acceptedAtMs.length > 0 && acceptedAtMs[0]! <= nowMs - 1_000) acceptedAtMs.shift();
    const accepted = acceptedAtMs.length < perSecond;
    if (accepted) {
      acceptedAtMs.push(nowMs);
      delivered += 1;
    }
    const answer = accepted
      ? { messaging_product: 'whatsapp', contacts: [{ input: '1', wa_id: '1' }], messages: [{ id: `wamid.EXAMPLE${delivered}` }] }
      : { error: { message: '(#130429) Rate limit hit', type: 'OAuthException', code: 130429, fbtrace_id: 'EXAMPLE' } };
    response.writeHead(accepted ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  // A TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
process.on('message', () => {
  process.send?.({ requests, delivered } satisfies ServerReport);
  acceptedAtMs.length = 0;
  requests = 0;
  delivered = 0;
});
