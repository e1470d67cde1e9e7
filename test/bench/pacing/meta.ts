/**
 * A Graph API with Meta's rate limit on its own clock: it accepts a maximum number of messages in any trailing second
 * and rejects the others with 130429. Reports its port to its parent, and its record on request. It is a plain server
 * instead of the fake Cloud API, because the benchmark measures speed.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as travel } from 'node:timers/promises';

/** The settings of the server. */
export interface MetaSettings {
  /** Maximum number of messages in any trailing second. */
  readonly cap: number;
  /** Each direction takes 0 to this many milliseconds. */
  readonly jitterMs: number;
  /** Which messages use the limit. In the stricter interpretation of Meta's rule, rejected messages also count. */
  readonly counts: 'accepted' | 'received';
  /** Lowers the limit this long after the first message. */
  readonly fall?: { readonly to: number; readonly afterMs: number };
}

/** The record of the server. */
export interface Seen {
  /** The time at which each message was accepted, in milliseconds. */
  readonly acceptedAtMs: readonly number[];
  /** Number of messages to a recipient that already had one. In these benchmarks, each recipient gets one message. */
  readonly doubled: number;
  readonly refused: number;
  /** Numbers of rejected and accepted messages after the limit was lowered. */
  readonly afterFall: { readonly refused: number; readonly accepted: number };
}

// The parent wrote it.
const { cap, jitterMs, counts, fall } = JSON.parse(process.argv[2] ?? '') as MetaSettings;
const acceptedAtMs: number[] = [];
const recipients = new Set<string>();
/** The times of messages that count, the oldest first. */
const inWindow: number[] = [];
let firstAtMs: number | undefined;
let doubled = 0;
let refused = 0;
const afterFall = { refused: 0, accepted: 0 };

function answer(to: string): object {
  const now = performance.now();
  firstAtMs ??= now;
  while (inWindow[0] !== undefined && inWindow[0] <= now - 1_000) inWindow.shift();
  const hasFallen = fall !== undefined && now - firstAtMs > fall.afterMs;
  const isRefused = inWindow.length >= (hasFallen ? fall.to : cap);
  if (!isRefused || counts === 'received') inWindow.push(now);
  if (hasFallen) afterFall[isRefused ? 'refused' : 'accepted'] += 1;
  if (isRefused) {
    refused += 1;
    return { error: { code: 130429, message: 'Rate limit hit', type: 'OAuthException' } };
  }
  acceptedAtMs.push(now);
  if (recipients.has(to)) doubled += 1;
  recipients.add(to);
  return { messaging_product: 'whatsapp', contacts: [], messages: [{ id: `wamid.EXAMPLE${acceptedAtMs.length}` }] };
}

const server = createServer((request, response) => {
  let text = '';
  request
    .setEncoding('utf8')
    .on('data', (part: string) => (text += part))
    .on('end', async () => {
      // The benchmark wrote this body.
      const { to } = JSON.parse(text) as { readonly to: string };
      await travel(Math.random() * jitterMs);
      const body = answer(to);
      await travel(Math.random() * jitterMs);
      response.writeHead('error' in body ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
});
process.on('message', () => {
  process.send?.({ acceptedAtMs, doubled, refused, afterFall } satisfies Seen);
});
server.listen(0, '127.0.0.1', () => {
  // A listening TCP server has an address with a port.
  process.send?.((server.address() as AddressInfo).port);
});
