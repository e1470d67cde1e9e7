import { bundleFigure } from './harness/bundle.ts';
import type { Figure } from './harness/figure.ts';

export const figure: Figure = bundleFigure('bundle that verifies, gzip', 'wa-coexist/webhooks', ['verifySignature'], 1);
