import type { Figure } from './harness/figure.ts';
import { compareToBareServer } from './webhooks/per-second.ts';

/** The cost of checks, parsing, deduplication and handlers, compared to a minimal server. */
export const figure: Figure = {
  name: 'webhooks a second over HTTP in mode handle, to a bare server that verifies and parses',
  target: { above: 0.7 },
  run: () => compareToBareServer('handle'),
};
