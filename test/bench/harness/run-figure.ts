/**
 * Measures the figure of one file in its own process, so that no measurement affects the heap or the compiled code of
 * the next.
 */
import type { ComparedRow, Comparison } from './comparison.ts';
import type { Figure, Row } from './figure.ts';

/** The result of a file: a figure, rows of the comparison, or `later` if it takes too long for a run of all files. */
export type Found = { readonly figure: Row } | { readonly compared: readonly ComparedRow[] } | { readonly later: true };

const [file = '', which = ''] = process.argv.slice(2);
// Every file exports one of the two.
const measured = (await import(file)) as { readonly figure: Figure } | { readonly comparison: Comparison };
process.send?.(await find());

async function find(): Promise<Found> {
  if (!('figure' in measured)) return { compared: await measured.comparison.run() };
  const { name, target, also, onlyInFull } = measured.figure;
  if (onlyInFull && which === 'quick') return { later: true };
  return { figure: { name, target, ...(also && { also }), ...(await measured.figure.run()) } };
}
