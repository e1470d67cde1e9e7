import { createClient, createSender } from 'wa-coexist';
import { child, messageOf } from './harness/child.ts';
import type { Figure } from './harness/figure.ts';
import type { Seen } from './pacing/meta.ts';

const cap = 20;
const messages = 200;

/** In real time over sockets: what share of the requests a server refuses that keeps Meta's limit in every trailing second. */
export const figure: Figure = {
  name: 'refused of 200 messages at 20 a second, 0 to 50 ms each way',
  target: { atMost: 1 },
  async run() {
    const meta = child(new URL('./pacing/meta.ts', import.meta.url), [String(cap)]);
    try {
      const baseUrl = `http://127.0.0.1:${await messageOf<number>(meta)}`;
      const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', baseUrl });
      const sender = createSender({ client, throughput: cap });
      const { accepted } = await sender.sendAll(
        Array.from({ length: messages }, (_, index) => ({
          to: `1555${1_000_000 + index}`,
          type: 'text',
          text: { body: 'Your order is ready.' },
        })),
      );
      await sender.close();
      meta.send('what did you see?');
      const { acceptedAtMs, refused } = await messageOf<Seen>(meta);
      // Whole seconds from the first acceptance on, so that neither a burst nor a ragged end flatters.
      const [first = 0] = acceptedAtMs;
      const seconds = Math.max(1, Math.floor(((acceptedAtMs.at(-1) ?? 0) - first) / 1_000));
      const within = acceptedAtMs.filter((atMs) => atMs < first + seconds * 1_000).length;
      return {
        value: (refused / (refused + acceptedAtMs.length)) * 100,
        unit: '%',
        details: {
          'accepted at Meta': acceptedAtMs.length,
          'told accepted': accepted,
          refused,
          '% of the limit used': (within / seconds / cap) * 100,
        },
      };
    } finally {
      meta.kill();
    }
  },
};
