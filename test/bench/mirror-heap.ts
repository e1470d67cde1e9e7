import type { Figure } from './harness/figure.ts';
import { takeHistory } from './mirror/history.ts';

const messages = 200_000;

/** The memory must not grow with the history. */
export const figure: Figure = {
  name: 'heap growth while 200,000 messages of a history go into the SQLite mirror',
  target: { below: 120 },
  async run() {
    const { heapMb } = await takeHistory(messages);
    return { value: heapMb, unit: 'MB', details: { messages } };
  },
};
