import { importFigure } from './harness/cold-import.ts';
import type { Figure } from './harness/figure.ts';

export const figure: Figure = importFigure('wa-coexist/webhooks', ['zod', 'eventemitter3'], 1.2);
