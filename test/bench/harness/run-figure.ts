/** Measures the figure of one file, in a process of its own, so that no figure leaves a heap or compiled code to the next. */
import type { Figure, Row } from './figure.ts';

const [file = ''] = process.argv.slice(2);
// Every file of a figure exports it under this name.
const { figure } = (await import(file)) as { readonly figure: Figure };
const row: Row = { name: figure.name, target: figure.target, ...(await figure.run()) };
process.send?.(row);
