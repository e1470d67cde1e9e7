import { parseWebhook, verifySignature } from 'wa-coexist/webhooks';
import { compare } from './harness/compare.ts';
import { appSecret, historyDelivery } from './harness/deliveries.ts';
import type { Figure } from './harness/figure.ts';

const messages = 11_500;

/** Parsing a large history delivery from its bytes to its event, compared to the minimum work with its text. */
export const figure: Figure = {
  name: 'verify + parse of a 2.7 MB history delivery, to JSON.parse alone',
  target: { atMost: 2 },
  async run() {
    const { text, bytes, signature } = historyDelivery(messages);
    const decoder = new TextDecoder();
    const parsed: unknown = JSON.parse(text);
    const [event] = parseWebhook(parsed);
    const found = event?.type === 'history.chunk' ? event.threads.flatMap((thread) => thread.messages) : [];
    if (found.length !== messages || found.some(({ message }) => message.type === 'unknown')) throw new Error('Messages were lost.');
    const medians = await compare(
      {
        alone: () => () => JSON.parse(text) as unknown,
        whole: () => () => {
          if (verifySignature(bytes, signature, appSecret) !== 0) throw new Error('The signature did not match.');
          return parseWebhook(JSON.parse(decoder.decode(bytes)));
        },
        verify: () => () => verifySignature(bytes, signature, appSecret),
        decode: () => () => decoder.decode(bytes),
        parse: () => () => parseWebhook(parsed),
      },
      { rounds: 60, warmUpRounds: 20 },
    );
    return {
      value: medians.whole / medians.alone,
      unit: '×',
      details: {
        messages,
        megabytes: bytes.length / 1e6,
        'JSON.parse ms': medians.alone,
        'verifySignature ×': medians.verify / medians.alone,
        'decode ×': medians.decode / medians.alone,
        'parseWebhook ×': medians.parse / medians.alone,
      },
    };
  },
};
