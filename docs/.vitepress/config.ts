/** The settings of the documentation site. `npm run docs` builds it from `docs/guide`, and from the reference that TypeDoc writes first. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { findRepositoryUrl, type Addresses } from '../release-links.ts';
import { groups, readPage } from './pages.ts';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Addresses & { description: string; version: string };
const { description, version } = manifest;
const repositoryUrl = findRepositoryUrl(manifest);

const guide: DefaultTheme.SidebarItem[] = groups.map(({ text, pages }) => ({
  text,
  items: pages.map((page) => ({ text: readPage(page).title, link: `/guide/${page}` })),
}));
guide.push({ text: 'Reference', items: [{ text: 'API reference', link: '/reference/' }] });

/** Returns the entries of the package with their categories, which are the headings of the page that TypeDoc writes for each entry. */
function readEntries(): DefaultTheme.SidebarItem[] {
  const overview = join(root, 'docs/reference/index.md');
  if (!existsSync(overview)) return [];
  return [...readFileSync(overview, 'utf8').matchAll(/\[(wa-coexist[^\]]*)\]\((.+?)index\.md\)/g)].map(([, text = '', folder = '']) => {
    const page = readFileSync(join(root, 'docs/reference', folder, 'index.md'), 'utf8');
    const categories = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
    const link = `/reference/${folder}`;
    const items = categories.map((title) => ({ text: title, link: `${link}#${toAnchor(title)}` }));
    return { text, link, ...(items.length > 1 && { items, collapsed: text !== 'wa-coexist' }) };
  });
}

/** Returns the fragment of a heading as GitHub does, so that a link works there and here. */
function toAnchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

export default defineConfig({
  title: 'wa-coexist',
  description,
  lang: 'en',
  // For a site that isn't at the root of its host.
  base: env['DOCS_BASE'] ?? '/',
  outDir: 'site',
  cacheDir: '../node_modules/.cache/vitepress',
  srcExclude: ['decisions/**', 'releasing.md', 'site/**'],
  metaChunk: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${env['DOCS_BASE'] ?? '/'}logo.svg` }]],
  vite: { build: { chunkSizeWarningLimit: 4_000 } },
  markdown: { anchor: { slugify: toAnchor } },
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath.startsWith('reference/')) Object.assign(frontmatter, { pageClass: 'reference', editLink: false });
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: [
      { text: 'Guide', link: '/guide/start', activeMatch: '^/guide/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
    ],
    sidebar: {
      '/reference/': [
        { text: `API reference ${version}`, link: '/reference/', items: readEntries() },
        { text: 'Guide', link: '/guide/start' },
      ],
      '/': guide,
    },
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // A page of the reference is found by its name and its first paragraphs, so that the guide isn't buried under lists of properties.
        _render: (text, pageEnv, md) => {
          const end = pageEnv.relativePath.startsWith('reference/') ? /^## /m : /^## Read more/m;
          return md.render(text.split(end)[0] ?? '', pageEnv);
        },
        miniSearch: {
          searchOptions: {
            boostDocument: (id: string) => (!id.includes('/reference/') ? 1 : /\/(?:functions|classes)\//.test(id) ? 0.5 : 0.3),
          },
        },
      },
    },
    ...(repositoryUrl !== undefined && {
      editLink: { pattern: `${repositoryUrl}/edit/main/docs/:path`, text: 'Edit this page' },
      socialLinks: [{ icon: 'github', link: repositoryUrl }],
    }),
    footer: { message: 'MIT License. Not affiliated with Meta or WhatsApp.' },
  },
});
