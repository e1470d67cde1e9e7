/** Measures what one file is about, in a process of its own, so that none leaves a heap or compiled code to the next. */
import type { ComparedRow, Comparison } from './comparison.ts';
import type { Figure, Row } from './figure.ts';

/** What a file found: a figure, or rows of the table of libraries; `later` where it takes too long for a run of all. */
export type Found = { readonly figure: Row } | { readonly compared: readonly ComparedRow[] } | { readonly later: true };

const [file = '', which = ''] = process.argv.slice(2);
// Every file exports one of the two under its name.
const measured = (await import(file)) as { readonly figure: Figure } | { readonly comparison: Comparison };
process.send?.(await find());

async function find(): Promise<Found> {
  if (!('figure' in measured)) return { compared: await measured.comparison.run() };
  const { name, target, also, onlyInFull } = measured.figure;
  if (onlyInFull && which === 'quick') return { later: true };
  return { figure: { name, target, ...(also && { also }), ...(await measured.figure.run()) } };
}
