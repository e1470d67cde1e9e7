/** Checks that every link of the built site leads to a page, and every fragment to an element. Run by `npm run docs`, at the end. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { env } from 'node:process';

const site = join(import.meta.dirname, 'site');
const base = env['DOCS_BASE'] ?? '/';
const pages = globSync('**/*.html', { cwd: site }).map((file) => join(site, file));
const contents = new Map(pages.map((page) => [page, readFileSync(page, 'utf8')]));
const anchors = new Map(
  [...contents].map(([page, html]) => [page, new Set([...html.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id = '']) => decoded(id)))]),
);

function decoded(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}

/** Returns the file that a web server sends for a path. */
function findFile(page: string, path: string): string | undefined {
  const target = path.startsWith(base) ? join(site, path.slice(base.length)) : resolve(dirname(page), path);
  return [target, `${target}.html`, join(target, 'index.html')].find((file) => anchors.has(file) || (existsSync(file) && file !== site));
}

const broken: string[] = [];
let checked = 0;
for (const [page, html] of contents) {
  for (const [, attribute = ''] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
    const link = decoded(attribute);
    if (/^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('//')) continue;
    checked += 1;
    const [path = '', fragment] = link.split('#');
    const target = path === '' ? page : findFile(page, decodeURIComponent(path));
    if (target === undefined) broken.push(`${relative(site, page)}: ${link}`);
    else if (fragment && anchors.get(target)?.has(decodeURIComponent(fragment)) === false)
      broken.push(`${relative(site, page)}: ${link} (no such element)`);
  }
}
for (const line of [...new Set(broken)].sort()) console.error(line);
console.log(`${String(checked)} links in ${String(pages.length)} pages checked, ${String(broken.length)} broken`);
process.exitCode = broken.length > 0 ? 1 : 0;
