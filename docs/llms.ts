/**
 * Writes `llms.txt` (a map of the documentation), `llms-full.txt` (the README and all pages of the guide in one file) and the Markdown of each
 * page of the guide next to the site, for readers that are programs. Run by `npm run docs`, after VitePress.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { groups, readPage } from './.vitepress/pages.ts';

const root = join(import.meta.dirname, '..');
const site = join(import.meta.dirname, 'site');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const { entryPoints } = JSON.parse(read('typedoc.json')) as { entryPoints: string[] };
const { description, exports } = JSON.parse(read('package.json')) as {
  description: string;
  exports: Record<string, unknown>;
};

const sections = groups.map(({ text, pages }) => ({
  text,
  pages: pages.map((name) => {
    const { title, body } = readPage(name);
    // The first paragraph that is prose describes the page.
    const about = body.split(/\n{2,}/).find((block) => /^(?:[A-Z]|`\w|\*\*)/.test(block)) ?? '';
    return { title, body, file: `guide/${name}.md`, about: about.replaceAll('\n', ' ').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1') };
  }),
}));
const modules = entryPoints.map((file) => {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(read(file))?.[1] ?? '';
  const name = /@module (\S+)/.exec(comment)?.[1] ?? 'wa-coexist';
  const about = comment
    .replace(/@module[\s\S]*/, '')
    .replaceAll(/^\s*\* ?/gm, '')
    .trim()
    .replaceAll('\n', ' ');
  return { name, about };
});
for (const name of Object.keys(exports)) {
  const specifier = name.replace(/^\./, 'wa-coexist');
  if (name !== './package.json' && !modules.some((module) => module.name === specifier))
    throw new Error(`typedoc.json lacks ${specifier}.`);
}

const map = [
  '# wa-coexist',
  '',
  `> ${description}`,
  '',
  ...sections.flatMap(({ text, pages }) => [
    `## ${text}`,
    '',
    ...pages.map(({ title, file, about }) => `- [${title}](${file}): ${about}`),
    '',
  ]),
  '## Entry points',
  '',
  ...modules.map(({ name, about }) => `- \`${name}\`: ${about}`),
  '',
  '## Everything in one file',
  '',
  '- [llms-full.txt](llms-full.txt): README and guide',
  '',
].join('\n');
const pages = sections.flatMap((section) => section.pages);
cpSync(join(root, 'docs/guide/images'), join(site, 'guide/images'), { recursive: true });
for (const { file, body } of pages) writeFileSync(join(site, file), body);
writeFileSync(join(site, 'llms.txt'), map);
writeFileSync(join(site, 'llms-full.txt'), [read('README.md'), ...pages.map(({ body }) => body)].join('\n\n'));
