import { parseWebhook, verifySignature } from 'wa-coexist/webhooks';
import { compare } from './harness/compare.ts';
import { appSecret, historyDelivery } from './harness/deliveries.ts';
import type { Figure } from './harness/figure.ts';

const messages = 10_000;

/** From the bytes of a large history delivery to its event, beside the least that anybody must do with its text. */
export const figure: Figure = {
  name: 'verify + parse of a 2.7 MB history delivery, beside JSON.parse alone',
  target: { atMost: 2 },
  async run() {
    const { text, bytes, signature } = historyDelivery(messages);
    const decoder = new TextDecoder();
    const whole = (): unknown => {
      if (verifySignature(bytes, signature, appSecret) !== 0) throw new Error('The signature did not match.');
      return parseWebhook(JSON.parse(decoder.decode(bytes)));
    };
    const [event] = parseWebhook(JSON.parse(text));
    const parsed = event?.type === 'history.chunk' ? event.threads.flatMap((thread) => thread.messages) : [];
    if (parsed.length !== messages || parsed.some(({ message }) => message.type === 'unknown')) throw new Error('Messages were lost.');
    const once = { prepare: () => undefined };
    const medians = await compare(
      {
        alone: { ...once, run: () => JSON.parse(text) as unknown },
        whole: { ...once, run: whole },
        verify: { ...once, run: () => verifySignature(bytes, signature, appSecret) },
        decode: { ...once, run: () => decoder.decode(bytes) },
        parse: { prepare: () => JSON.parse(text) as never, run: parseWebhook },
      },
      { rounds: 60, warmUpRounds: 20 },
    );
    return {
      value: medians.whole / medians.alone,
      unit: '×',
      details: {
        megabytes: bytes.length / 1e6,
        messages,
        jsonParseMs: medians.alone,
        verifyRatio: medians.verify / medians.alone,
        decodeRatio: medians.decode / medians.alone,
        parseWebhookRatio: medians.parse / medians.alone,
      },
    };
  },
};
