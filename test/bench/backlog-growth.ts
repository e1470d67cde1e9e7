import type { Took } from './backlog/sending.ts';
import { child, messageOf } from './harness/child.ts';
import type { Figure } from './harness/figure.ts';

/**
 * Ten times as many messages to the same number of recipients take about ten times as long, because no step scans the
 * backlog.
 */
export const figure: Figure = {
  name: 'CPU for 10⁶ messages to 10⁵ recipients, beside 10⁵ messages',
  target: { atMost: 11 },
  onlyInFull: true,
  async run() {
    const [small, large, queueSmall, queueLarge] = await messageOf<[Took, Took, Took, Took]>(
      child(new URL('./backlog/sending.ts', import.meta.url), [], ['--expose-gc']),
    );
    return {
      value: large.cpuMs / small.cpuMs,
      unit: '×',
      details: {
        'CPU ms for 10⁵': small.cpuMs,
        'CPU ms for 10⁶': large.cpuMs,
        'by the wall clock ×': large.wallMs / small.wallMs,
        'closures in p-queue ×': queueLarge.cpuMs / queueSmall.cpuMs,
      },
    };
  },
};
