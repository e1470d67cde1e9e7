import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

/** A row of the benchmark: the name by which it is asked for, and the file that measures it. */
export interface Registered {
  readonly row: string;
  readonly file: URL;
}

/** What is in this folder and measures nothing. */
const others: ReadonlySet<string> = new Set(['main.ts', 'registry.ts']);

/**
 * The rows, each a file of this folder that exports a `figure` or a `comparison`; with words those alone that have such a name, or one that
 * begins with a word and a dash.
 *
 * @throws `RangeError` for a word that no row is named by.
 */
export async function registered(words: readonly string[]): Promise<readonly Registered[]> {
  const files = await readdir(import.meta.dirname);
  const rows = files
    .filter((file) => file.endsWith('.ts') && !others.has(file))
    .sort()
    .map((file) => ({ row: basename(file, '.ts'), file: new URL(file, import.meta.url) }));
  const isNamed = (row: string, word: string): boolean => row === word || row.startsWith(`${word}-`);
  for (const word of words) {
    if (!rows.some(({ row }) => isNamed(row, word)))
      throw new RangeError(`No row is named ${word}. There are: ${rows.map(({ row }) => row).join(', ')}.`);
  }
  return words.length === 0 ? rows : rows.filter(({ row }) => words.some((word) => isNamed(row, word)));
}
