import type * as Jobs from '../../src/sender/queue/job.ts';
import type * as RecipientQueues from '../../src/sender/queue/recipient-queues.ts';
import { heapInUse, messageOf } from './backlog/backlog.ts';
import type { Figure } from './harness/figure.ts';

const count = 1_000_000;

/** The heap that the backlog itself needs per message, with one callback for the outcomes of all messages. */
export const figure: Figure = {
  name: 'heap a message of 10⁶ in the queues of 10⁵ recipients, beyond the payload',
  target: { atMost: 110 },
  async run() {
    // Uses internal modules of the built package, because the public API creates a promise or a source item per
    // message.
    const { createRecipientQueues } = (await import(built('queue/recipient-queues'))) as typeof RecipientQueues;
    const { createJob } = (await import(built('queue/job'))) as typeof Jobs;
    const messages = Array.from({ length: count }, (_, index) => messageOf(index, count));
    const before = heapInUse();
    const queues = createRecipientQueues<Jobs.Job>((paidUntilMs: number) => paidUntilMs);
    const onResult = (): void => undefined;
    for (const message of messages) queues.add(message.to ?? '', createJob(message, 'low', onResult, {}), 0);
    const bytes = (heapInUse() - before) / count;
    return { value: bytes, unit: 'B', details: { recipients: queues.recipients, messages: messages.length } };
  },
};

function built(part: string): string {
  return new URL(`../../dist/sender/${part}.js`, import.meta.url).href;
}
