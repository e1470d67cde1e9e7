/** The addresses of a release: what `package.json` must contain, and the absolute links of the README. */

/** The members of `package.json` with addresses. */
export interface Addresses {
  readonly repository?: { readonly url?: string };
  readonly homepage?: string;
  readonly bugs?: { readonly url?: string };
}

/** Returns the address of the repository's pages, or `undefined` without a repository. */
export function findRepositoryUrl({ repository }: Addresses): string | undefined {
  return repository?.url?.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Returns a sentence for each address that is missing or is a placeholder. */
export function findAddressProblems(manifest: Addresses): readonly string[] {
  const addresses = { 'repository.url': findRepositoryUrl(manifest), homepage: manifest.homepage, 'bugs.url': manifest.bugs?.url };
  return Object.entries(addresses).flatMap(([name, address]) => {
    if (address === undefined || address === '') return [`package.json: ${name} is missing. See docs/releasing.md.`];
    return isPlaceholder(address) ? [`package.json: ${name} is a placeholder (${address}). See docs/releasing.md.`] : [];
  });
}

function isPlaceholder(address: string): boolean {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username !== '') return true;
  const isReserved = /(?:^|\.)(?:example|invalid|test|localhost|local)(?:\.(?:com|net|org))?$/.test(url.hostname);
  const words = address.toLowerCase().split(/[^a-z]+/);
  return isReserved || !url.hostname.includes('.') || /[<>{}…]|%3c|%7b/i.test(address) || words.some((word) => placeholderWords.has(word));
}

const placeholderWords: ReadonlySet<string> = new Set([
  'owner',
  'org',
  'username',
  'user',
  'todo',
  'placeholder',
  'changeme',
  'your',
  'yourname',
]);

/**
 * Makes the links of the README absolute, because npm shows it without the repository: pages of the guide lead to the site, and other
 * files to the repository.
 */
export function toAbsoluteLinks(readme: string, manifest: Addresses): string {
  const repository = findRepositoryUrl(manifest) ?? '';
  const site = (manifest.homepage ?? '').replace(/\/?(?:#.*)?$/, '');
  return readme.replaceAll(/(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)]+)\)/g, (_link, image: string, text: string, path: string) => {
    const page = /^docs\/(guide\/[^#]+)\.md(#.*)?$/.exec(path);
    if (page) return `[${text}](${site}/${page[1] ?? ''}${page[2] ?? ''})`;
    return `${image}[${text}](${repository}/${image ? 'raw' : 'blob'}/HEAD/${path})`;
  });
}
