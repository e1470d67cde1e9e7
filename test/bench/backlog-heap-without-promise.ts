import type * as Jobs from '../../src/sender/queue/job.ts';
import type * as Lanes from '../../src/sender/queue/lanes.ts';
import { heapInUse, messageOf } from './backlog/backlog.ts';
import type { Figure } from './harness/figure.ts';

const count = 1_000_000;

/** The heap that the backlog itself needs per message, with one callback for the outcomes of all messages. */
export const figure: Figure = {
  name: 'heap a message of 10⁶ in the lanes of 10⁵ recipients, beyond the payload',
  target: { atMost: 110 },
  async run() {
    // Uses internal modules of the built package, because the public API creates a promise or a source item per
    // message.
    const { createLanes } = (await import(built('queue/lanes'))) as typeof Lanes;
    const { createJob } = (await import(built('queue/job'))) as typeof Jobs;
    const messages = Array.from({ length: count }, (_, index) => messageOf(index, count));
    const before = heapInUse();
    const lanes = createLanes<Jobs.Job>((paidUntilMs: number) => paidUntilMs);
    const onResult = (): void => undefined;
    for (const message of messages) lanes.add(message.to ?? '', createJob(message, 'low', onResult, {}), 0);
    const bytes = (heapInUse() - before) / count;
    return { value: bytes, unit: 'B', details: { recipients: lanes.recipients, messages: messages.length } };
  },
};

function built(part: string): string {
  return new URL(`../../dist/sender/${part}.js`, import.meta.url).href;
}
