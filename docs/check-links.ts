/** Checks that every link of the built site leads to a page, and every fragment to a place on it. Run by `npm run docs`, at the end. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const site = join(import.meta.dirname, 'site');
const pages = globSync('**/*.html', { cwd: site }).map((file) => join(site, file));
const contents = new Map(pages.map((page) => [page, readFileSync(page, 'utf8')]));
const anchors = new Map(
  [...contents].map(([page, html]) => [page, new Set([...html.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id = '']) => decoded(id)))]),
);

function decoded(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}

const broken: string[] = [];
let checked = 0;
for (const [page, html] of contents) {
  for (const [, attribute = ''] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
    const link = decoded(attribute);
    if (/^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('//')) continue;
    checked += 1;
    const [path = '', fragment] = link.split('#');
    const target = path === '' ? page : resolve(dirname(page), decodeURIComponent(path));
    const known = anchors.get(target);
    if (!known && !existsSync(target)) broken.push(`${relative(site, page)}: ${link}`);
    else if (known && fragment && !known.has(decodeURIComponent(fragment))) broken.push(`${relative(site, page)}: ${link} (no such place)`);
  }
}
for (const line of [...new Set(broken)].sort()) console.error(line);
console.log(`${String(checked)} links in ${String(pages.length)} pages checked, ${String(broken.length)} broken`);
process.exitCode = broken.length > 0 ? 1 : 0;
