import PQueue from 'p-queue';
import { createSender, sendMessage } from 'wa-coexist';
import { answeringClient, cpuMsOf, messageOf, noLimit } from './backlog/backlog.ts';
import type { Figure } from './harness/figure.ts';

const count = 1_000_000;
const concurrency = 64;

/** The cost of recipient queues, pacing and outcomes, compared to p-queue with one closure per message. */
export const figure: Figure = {
  name: 'CPU a message of 10⁶ to 10⁵ recipients, beside bare closures in p-queue',
  target: { atMost: 1 },
  async run() {
    const client = answeringClient();
    const ours = async (): Promise<void> => {
      const sender = createSender({ client, throughput: noLimit, concurrency });
      await Promise.all(Array.from({ length: count }, (_, index) => sender.send(messageOf(index, count))));
      await sender.close();
    };
    const bare = async (): Promise<void> => {
      const queue = new PQueue({ concurrency });
      await Promise.all(
        Array.from({ length: count }, (_, index) => {
          const message = messageOf(index, count);
          return queue.add(() => sendMessage(client, message, { maxRetries: 0 }));
        }),
      );
    };
    const ofBare = await cpuMsOf(bare);
    const ofOurs = await cpuMsOf(ours);
    return {
      value: ofOurs / ofBare,
      unit: '×',
      details: { 'µs a message': (ofOurs * 1_000) / count, 'µs of p-queue': (ofBare * 1_000) / count },
    };
  },
};
