import { createHmac } from 'node:crypto';
import { createWebhooks } from 'wa-coexist/webhooks';
import { compare } from './harness/compare.ts';
import { appSecret, receiveAll, requestOf, textDelivery } from './harness/deliveries.ts';
import type { Figure } from './harness/figure.ts';

const batch = 250;
const rounds = 60;
/** Rounds until the code is compiled. The compiler threads run in parallel and count. */
const warmUpRounds = 100;

/** A text from the request to its handler, compared to the minimum work with its bytes and its text. */
export const figure: Figure = {
  name: 'a text through webhooks.fetch, to HMAC + JSON.parse alone',
  target: { atMost: 4 },
  async run() {
    const webhooks = createWebhooks({ appSecret, verifyToken: 'verify-token' });
    let handled = 0;
    webhooks.on('message', () => {
      handled += 1;
    });
    let made = 0;
    const make = () => Array.from({ length: batch }, () => textDelivery((made += 1)));
    const medians = await compare(
      {
        alone: () => {
          const deliveries = make();
          return () => {
            for (const { bytes, text } of deliveries) {
              createHmac('sha256', appSecret).update(bytes).digest('hex');
              JSON.parse(text);
            }
          };
        },
        fetch: () => {
          const requests = make().map(requestOf);
          return () => receiveAll(webhooks.fetch, requests);
        },
      },
      { rounds, warmUpRounds },
    );
    if (handled !== (rounds + warmUpRounds) * batch) throw new Error('Events were lost.');
    return {
      value: medians.fetch / medians.alone,
      unit: '×',
      details: { 'alone µs': (medians.alone / batch) * 1000, 'fetch µs': (medians.fetch / batch) * 1000 },
    };
  },
};
