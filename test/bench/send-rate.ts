import ky from 'ky';
import { Pool } from 'undici';
import { createClient, sendMessage } from 'wa-coexist';
import { child, messageOf } from './harness/child.ts';
import { compare, type Contender } from './harness/compare.ts';
import type { Figure } from './harness/figure.ts';

const batch = 100;
const concurrency = 20;
const rounds = 30;
const warmUpRounds = 10;

/**
 * Texts with `sendMessage` over real HTTP, compared to the same bytes with plain ky. `fetch` and undici show the cost
 * of the transport.
 */
export const figure: Figure = {
  name: 'sends a second through sendMessage, to bare ky',
  target: { above: 0.95 },
  async run() {
    const server = child(new URL('./send-rate/server.ts', import.meta.url), []);
    try {
      const origin = `http://127.0.0.1:${await messageOf<number>(server)}`;
      const pool = new Pool(origin, { connections: concurrency });
      const path = '/v26.0/339900112233445/messages';
      const message = { to: '15550100987', type: 'text', text: { body: 'Your order is ready.' } } as const;
      const json = { messaging_product: 'whatsapp', ...message };
      const headers = { authorization: 'Bearer token' };
      const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', baseUrl: origin });

      const posted = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
      const medians = await compare(
        {
          sendMessage: sends(() => sendMessage(client, message)),
          ky: sends(() => ky.post(`${origin}${path}`, { json, headers, retry: 0 }).json()),
          fetch: sends(async () => (await fetch(`${origin}${path}`, { ...posted, body: JSON.stringify(json) })).json()),
          undici: sends(async () => {
            const { body } = await pool.request({ ...posted, method: 'POST', path, body: JSON.stringify(json) });
            return body.json();
          }),
        },
        { rounds, warmUpRounds },
      );
      await pool.close();
      const perSecond = (ms: number): number => batch / (ms / 1000);
      return {
        value: medians.ky / medians.sendMessage,
        unit: '×',
        details: {
          'sendMessage a second': perSecond(medians.sendMessage),
          'ky a second': perSecond(medians.ky),
          'fetch a second': perSecond(medians.fetch),
          'undici a second': perSecond(medians.undici),
        },
      };
    } finally {
      server.kill();
    }
  },
};

/** A batch with as many requests in flight as the sender of a fast number. */
function sends(send: () => PromiseLike<unknown>): Contender {
  return () => async () => {
    let left = batch;
    const lane = async (): Promise<void> => {
      for (; left > 0;) {
        left -= 1;
        await send();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
  };
}
