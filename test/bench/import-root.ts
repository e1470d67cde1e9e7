import { importFigure } from './harness/cold-import.ts';
import type { Figure } from './harness/figure.ts';

export const figure: Figure = importFigure('wa-coexist', ['ky', 'p-queue', 'eventemitter3', 'node:buffer', 'node:crypto'], 1.4);
