import { child, messageOf } from './harness/child.ts';
import type { Figure } from './harness/figure.ts';

interface Report {
  readonly cpuMs: number;
  readonly perSecond: number;
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
}

const webhooks = 100_000;
const measure = (parts: 'receiver' | 'modules' | 'all'): Promise<Report> =>
  messageOf<Report>(child(new URL('./modules/receiver.ts', import.meta.url), [parts, String(webhooks)]));

/** The processor time of all modules and the mirror, compared to the receiver without them. */
export const figure: Figure = {
  name: 'processor time of 100,000 mixed webhooks with all modules and the mirror on SQLite, to the receiver alone',
  target: { atMost: 3 },
  also: { 'event loop delay p99, ms': { atMost: 50 } },
  onlyInFull: true,
  async run() {
    const receiver = await measure('receiver');
    const modules = await measure('modules');
    const all = await measure('all');
    return {
      value: all.cpuMs / receiver.cpuMs,
      unit: '×',
      details: {
        'receiver, ms a webhook': receiver.cpuMs,
        'modules, ms a webhook': modules.cpuMs,
        'modules and mirror, ms a webhook': all.cpuMs,
        'event loop delay p99, ms': all.loopDelayP99Ms,
        'event loop delay p99 of the receiver, ms': receiver.loopDelayP99Ms,
        'webhooks a second': all.perSecond,
      },
    };
  },
};
