import { bundleFigure } from './harness/bundle.ts';
import type { Figure } from './harness/figure.ts';

export const figure: Figure = bundleFigure(
  'bundle that verifies and parses, gzip',
  'wa-coexist/webhooks',
  ['verifySignature', 'parseWebhook'],
  9,
);
