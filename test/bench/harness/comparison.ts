import type { LibraryName } from '../peers/library.ts';

/** A cell: a number of its row's unit, or a word; absent where a library has nothing that could be measured. */
export type Cell = number | string | undefined;

/** One line of the table of libraries. */
export interface ComparedRow {
  readonly name: string;
  readonly unit: string;
  readonly cells: Readonly<Partial<Record<LibraryName, Cell>>>;
}

/** The libraries side by side, exported as `comparison` by a file of its own. */
export interface Comparison {
  run(): Promise<readonly ComparedRow[]>;
}
