/**
 * Writes `llms.txt` (a map of the documentation) and `llms-full.txt` (the README and all pages of the guide in one file) beside the site,
 * for readers that are programs. Run by `npm run docs`, after typedoc.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const site = join(import.meta.dirname, 'site');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const { projectDocuments, entryPoints } = JSON.parse(read('typedoc.json')) as { projectDocuments: string[]; entryPoints: string[] };
const { description, exports } = JSON.parse(read('package.json')) as {
  description: string;
  exports: Record<string, unknown>;
};

const pages = projectDocuments
  .flatMap((pattern) => globSync(pattern, { cwd: root }).sort())
  .map((file) => {
    const text = read(file);
    const body = text.replace(/^---\n[\s\S]*?\n---\n+/, '');
    const title = /^title: (.+)$/m.exec(text)?.[1] ?? file;
    // The first paragraph that is prose says what the page is for.
    const about = body.split(/\n{2,}/).find((block) => /^[A-Z]/.test(block)) ?? '';
    return { title, body, file: `documents/${title.replaceAll(' ', '_')}.html`, about: about.replaceAll('\n', ' ') };
  });
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
  '## Guide',
  '',
  ...pages.map(({ title, file, about }) => `- [${title}](${file}): ${about}`),
  '',
  '## Entries',
  '',
  ...modules.map(({ name, about }) => `- \`${name}\`: ${about}`),
  '',
  '## Everything in one file',
  '',
  '- [llms-full.txt](llms-full.txt): README and guide',
  '',
].join('\n');
writeFileSync(join(site, 'llms.txt'), map);
writeFileSync(join(site, 'llms-full.txt'), [read('README.md'), ...pages.map(({ body }) => body)].join('\n\n'));
