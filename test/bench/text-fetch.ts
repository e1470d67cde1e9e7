import { createHmac } from 'node:crypto';
import { createWebhooks } from 'wa-coexist/webhooks';
import { compare } from './harness/compare.ts';
import { appSecret, requestOf, textDelivery, type Delivery } from './harness/deliveries.ts';
import type { Figure } from './harness/figure.ts';

const batch = 250;

/** A text from the request to its handler, beside the least that anybody must do with its bytes and its text. */
export const figure: Figure = {
  name: 'a text through webhooks.fetch, beside HMAC + JSON.parse alone',
  target: { atMost: 4 },
  async run() {
    const webhooks = createWebhooks({ appSecret, verifyToken: 'verify-token' });
    let handled = 0;
    webhooks.on('message', () => {
      handled += 1;
    });
    let made = 0;
    const deliveries = (): Delivery[] => Array.from({ length: batch }, () => textDelivery((made += 1)));
    const medians = await compare(
      {
        alone: {
          prepare: deliveries,
          run: (all: readonly Delivery[]) => {
            for (const { bytes, text } of all) {
              createHmac('sha256', appSecret).update(bytes).digest('hex');
              JSON.parse(text);
            }
          },
        },
        fetch: {
          prepare: () => deliveries().map(requestOf),
          run: async (requests: readonly Request[]) => {
            for (const request of requests) {
              const { status } = await webhooks.fetch(request);
              if (status !== 200) throw new Error(`Refused: ${status}`);
            }
          },
        },
      },
      { rounds: 60, warmUpRounds: 20 },
    );
    if (handled !== 80 * batch) throw new Error('Events were lost.');
    return {
      value: medians.fetch / medians.alone,
      unit: '×',
      details: { aloneMicros: (medians.alone / batch) * 1000, fetchMicros: (medians.fetch / batch) * 1000 },
    };
  },
};
