import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Patterns of code about phone numbers and people. Only `src/identity` may contain them. */
const patterns: readonly (readonly [string, RegExp])[] = [
  ['removes characters that are no digits', /replace(All)?\(\s*\/(\\D|\[\^(0-9|\\d)\])[+*]?\/[gu]*\s*,/],
  ['compares the last digits of numbers', /slice\(\s*-\s*(8|stableDigits)\s*\)/],
  ['chooses an ID of a person', /\bwaId \?\?(?!=)/],
  ['chooses an ID of a customer', /\?\? (\w+\.)*customer\??\.(userId|waId|parentUserId)\b/],
];

/**
 * Files whose code chooses an ID for another reason than to identify a person, or is a separate implementation on
 * purpose.
 */
const exceptions: readonly RegExp[] = [
  /^src\/identity\//,
  // The fake has its own rules, so that tests find errors in those of the library.
  /^src\/testing\//,
];

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // An example may have been installed and built. Its packages link to this folder.
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : filesIn(path);
    const isSource = entry.isFile() && /\.(ts|tsx|md|mjs)$/.test(entry.name);
    return isSource && !exceptions.some((exception) => exception.test(path)) ? [path] : [];
  });
}

test.each(['src', 'examples', 'docs/guide'])('only src/identity decides in %s who a person is', (folder) => {
  const found = filesIn(folder).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        patterns.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${path}:${String(index + 1)} ${what}`),
      ),
  );
  expect(found).toEqual([]);
});
