import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { groups } from '../../docs/.vitepress/pages.ts';

const pages = readdirSync('docs/guide')
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/guide/${name}`);

test('every page of the guide is on the docs site', () => {
  const listed = groups.flatMap(({ pages: names }) => names.map((name) => `docs/guide/${name}.md`));
  expect(listed.sort()).toEqual([...pages].sort());
});

test.each(pages)('%s has a title for the sidebar', (page) => {
  expect(readFileSync(page, 'utf8')).toMatch(/^---\ntitle: .+\n---\n/);
});
