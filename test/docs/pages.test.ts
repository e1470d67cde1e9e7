import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const pages = readdirSync('docs/guide')
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/guide/${name}`);

test('every page of the guide is on the docs site', () => {
  const { projectDocuments } = JSON.parse(readFileSync('typedoc.json', 'utf8')) as { readonly projectDocuments: readonly string[] };
  expect([...projectDocuments].sort()).toEqual([...pages].sort());
});

test.each(pages)('%s has a title for the sidebar', (page) => {
  expect(readFileSync(page, 'utf8')).toMatch(/^---\ntitle: .+\n---\n/);
});
