import type { Figure } from './harness/figure.ts';
import { takeHistory } from './mirror/history.ts';

/** Twice the history takes about twice as long. */
export const figure: Figure = {
  name: 'time for a history of 200,000 messages into the SQLite mirror, to one of 100,000',
  target: { atMost: 2.3 },
  onlyInFull: true,
  async run() {
    const small = await takeHistory(100_000);
    const large = await takeHistory(200_000);
    return {
      value: large.mirrorMs / small.mirrorMs,
      unit: '×',
      details: { 'ms for 100,000': small.mirrorMs, 'ms for 200,000': large.mirrorMs },
    };
  },
};
