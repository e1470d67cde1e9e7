import { createSender, type OutgoingMessage } from 'wa-coexist';
import { answeringClient, heapInUse, messageOf, noLimit } from './backlog/backlog.ts';
import type { Figure } from './harness/figure.ts';

const count = 1_000_000;
const lookEvery = 100_000;

/** A long source needs no more memory than a short one. */
export const figure: Figure = {
  name: 'heap growth of sendAll over 10⁶ messages from an async iterable',
  target: { below: 50 },
  async run() {
    const sender = createSender({ client: answeringClient(), throughput: noLimit, concurrency: 64 });
    let before = 0;
    let most = 0;
    async function* source(): AsyncGenerator<OutgoingMessage> {
      for (let index = 0; index < count; index += 1) {
        if (index === lookEvery) before = heapInUse();
        if (index > lookEvery && index % lookEvery === 0) most = Math.max(most, heapInUse() - before);
        yield await Promise.resolve(messageOf(index, count));
      }
    }
    const { accepted } = await sender.sendAll(source());
    await sender.close();
    return { value: most / 1_000_000, unit: 'MB', details: { accepted } };
  },
};
