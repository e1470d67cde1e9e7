/** Measures what one file is about, in a process of its own, so that none leaves a heap or compiled code to the next. */
import type { ComparedRow, Comparison } from './comparison.ts';
import type { Figure, Row } from './figure.ts';

/** What a file found: a figure, or rows of the table of libraries. */
export type Found = { readonly figure: Row } | { readonly compared: readonly ComparedRow[] };

const [file = ''] = process.argv.slice(2);
// Every file exports one of the two under its name.
const measured = (await import(file)) as { readonly figure: Figure } | { readonly comparison: Comparison };
const found: Found =
  'figure' in measured
    ? { figure: { name: measured.figure.name, target: measured.figure.target, ...(await measured.figure.run()) } }
    : { compared: await measured.comparison.run() };
process.send?.(found);
