import type { Figure } from './harness/figure.ts';
import { takeHistory } from './mirror/history.ts';

const messages = 200_000;

/** Writing a whole history to the mirror, compared to plain inserts of its rows. */
export const figure: Figure = {
  name: 'history of 200,000 messages into the SQLite mirror, to plain inserts of its rows',
  target: { atMost: 4 },
  async run() {
    const { mirrorMs, plainMs } = await takeHistory(messages);
    return {
      value: mirrorMs / plainMs,
      unit: '×',
      details: { messages, 'mirror ms': mirrorMs, 'plain ms': plainMs, 'messages a second': (messages * 1000) / mirrorMs },
    };
  },
};
