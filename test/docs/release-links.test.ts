import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findAddressProblems, toAbsoluteLinks, type Addresses } from '../../docs/release-links.ts';

const root = join(import.meta.dirname, '../..');
const repository = 'https://git.harbor-bakery.de/harbor/wa-coexist';
const complete: Addresses = {
  repository: { url: `git+${repository}.git` },
  homepage: 'https://wa-coexist.harbor-bakery.de/',
  bugs: { url: `${repository}/issues` },
};

test('real addresses pass the release check', () => {
  expect(findAddressProblems(complete)).toEqual([]);
});

test('a release without addresses is rejected', () => {
  expect(findAddressProblems({})).toEqual([
    'package.json: repository.url is missing. See docs/releasing.md.',
    'package.json: homepage is missing. See docs/releasing.md.',
    'package.json: bugs.url is missing. See docs/releasing.md.',
  ]);
});

test.each([
  'https://example.com/wa-coexist',
  'https://docs.example.org',
  'https://github.com/OWNER/wa-coexist',
  'https://github.com/your-org/wa-coexist',
  'https://github.com/<owner>/wa-coexist',
  'https://…',
  'https://localhost:3000',
  'http://wa-coexist.harbor-bakery.de',
  'TODO',
])('the placeholder %s is rejected in each member', (address) => {
  const problems = findAddressProblems({ repository: { url: `git+${address}.git` }, homepage: address, bugs: { url: address } });
  expect(problems.map((problem) => problem.split(' ')[1])).toEqual(['repository.url', 'homepage', 'bugs.url']);
});

test('the README of a release has absolute links to the site and to the files of the repository', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const released = toAbsoluteLinks(readme, complete);
  const links = (text: string): readonly string[] => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  const relative = links(readme).filter((link) => !link.startsWith('https:'));
  expect(relative.length).toBeGreaterThan(10);
  expect(relative.filter((link) => !existsSync(join(root, link.replace(/#.*/, ''))))).toEqual([]);
  expect(links(released).filter((link) => !URL.canParse(link))).toEqual([]);
  expect(released).toContain('](https://wa-coexist.harbor-bakery.de/guide/start#examples)');
  expect(released).toContain(`](${repository}/raw/HEAD/docs/guide/images/emulator-wide.png)`);
  expect(released).toContain(`](${repository}/blob/HEAD/examples/agent-inbox)`);
  expect(toAbsoluteLinks(released, complete)).toBe(released);
});
