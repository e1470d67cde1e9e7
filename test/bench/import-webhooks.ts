import { importFigure } from './harness/cold-import.ts';
import type { Figure } from './harness/figure.ts';

export const figure: Figure = importFigure('wa-coexist/webhooks', ['zod/v4/core', 'eventemitter3', 'node:buffer', 'node:crypto'], 1.2);
