import type { Figure } from './harness/figure.ts';
import { compareToBareServer } from './webhooks/per-second.ts';

/** The same in mode `inbox`: each delivery is in SQLite before the response, and its handler runs afterwards. */
export const figure: Figure = {
  name: 'webhooks a second over HTTP in mode inbox on SQLite, to a bare server that verifies and parses',
  target: { above: 0.5 },
  run: () => compareToBareServer('inbox'),
};
