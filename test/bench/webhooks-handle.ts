import type { Figure } from './harness/figure.ts';
import { compareToBareServer } from './webhooks/per-second.ts';

/** What checks, parsing, deduplication and handlers cost, compared to a server that does the least that every server has to. */
export const figure: Figure = {
  name: 'webhooks a second over HTTP in mode handle, to a bare server that verifies and parses',
  target: { above: 0.7 },
  run: () => compareToBareServer('handle'),
};
