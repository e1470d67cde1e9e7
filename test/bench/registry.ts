import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

/** A row of the benchmark: its name and its file. */
export interface Registered {
  readonly row: string;
  readonly file: URL;
}

/** Files in this folder that measure nothing. */
const others: ReadonlySet<string> = new Set(['main.ts', 'registry.ts']);

/**
 * Returns the rows. Each is a file of this folder that exports a `figure` or a `comparison`. With words, returns only
 * the rows whose name is a word, or starts with a word and a dash.
 *
 * @throws `RangeError` for a word that matches no row.
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
