import type { LibraryName } from '../peers/library.ts';

/** A cell: a number in the unit of its row, or a word. Absent if the library has no such feature. */
export type Cell = number | string | undefined;

/** One row of the comparison of libraries. */
export interface ComparedRow {
  readonly name: string;
  readonly unit: string;
  readonly cells: Readonly<Partial<Record<LibraryName, Cell>>>;
}

/** A comparison of libraries, which a file exports as `comparison`. */
export interface Comparison {
  run(): Promise<readonly ComparedRow[]>;
}
