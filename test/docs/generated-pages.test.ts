import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { generatePages } from '../../docs/generate-pages.ts';

const pages = await generatePages();

test.each([...pages].map(([file, text]) => [relative('', file), text] as const))(
  '%s lists the data of the package (`node docs/generate-pages.ts` writes it)',
  (file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);
