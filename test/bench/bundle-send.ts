import { bundleFigure } from './harness/bundle.ts';
import type { Figure } from './harness/figure.ts';

/** Into one file, with the checks of other types, which are loaded when they are needed; decision 0011 tells why it is not 12. */
export const figure: Figure = bundleFigure('bundle that sends a text, gzip', 'wa-coexist', ['createClient', 'sendMessage'], 12);
