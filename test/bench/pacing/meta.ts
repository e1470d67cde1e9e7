/**
 * A Graph API with Meta's rule on a clock of its own: no more than so many messages are accepted in any trailing second, the others get 130429.
 * Tells its parent the port, and when asked what it saw. It is a bare server instead of the fake Cloud API, because the benchmark measures speed.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as travel } from 'node:timers/promises';

/** What a server is to be. */
export interface MetaSettings {
  /** Messages in any trailing second. */
  readonly cap: number;
  /** Each way takes 0 to so long. */
  readonly jitterMs: number;
  /** What uses up the limit: the harder reading of Meta's rule counts what it refuses, too. */
  readonly counts: 'accepted' | 'received';
  /** The limit falls, so long after the first message. */
  readonly fall?: { readonly to: number; readonly afterMs: number };
}

/** What came in. */
export interface Seen {
  /** When each message was accepted, in milliseconds. */
  readonly acceptedAtMs: readonly number[];
  /** Accepted for a recipient that had been written to before; in these benchmarks each is written to once. */
  readonly doubled: number;
  readonly refused: number;
  /** Refused since the limit fell, and accepted since then. */
  readonly afterFall: { readonly refused: number; readonly accepted: number };
}

// The parent wrote it.
const { cap, jitterMs, counts, fall } = JSON.parse(process.argv[2] ?? '') as MetaSettings;
const acceptedAtMs: number[] = [];
const recipients = new Set<string>();
/** What counts, the oldest that still does first. */
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
      // What the benchmark sent.
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
