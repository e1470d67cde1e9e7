import { createSender } from 'wa-coexist';
import { answeringClient, heapInUse, messageOf, noLimit } from './backlog/backlog.ts';
import type { Figure } from './harness/figure.ts';

const count = 1_000_000;

/** The heap that a queued message needs in addition to the message itself, if its outcome is awaited as a promise. */
export const figure: Figure = {
  name: 'heap a message of 10⁶ queued ones with a promise each, beyond the payload',
  target: { atMost: 350 },
  async run() {
    const messages = Array.from({ length: count }, (_, index) => messageOf(index, count));
    const sender = createSender({ client: answeringClient(), throughput: noLimit });
    await sender.pause();
    const before = heapInUse();
    const promises = new Array<unknown>(count);
    const ofArray = heapInUse() - before;
    for (let index = 0; index < count; index += 1) promises[index] = sender.send(messages[index]!);
    const bytes = (heapInUse() - before - ofArray) / count;
    const { queued } = sender.stats();
    await sender.close();
    return { value: bytes, unit: 'B', details: { queued } };
  },
};
