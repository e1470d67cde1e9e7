/**
 * Parses a URL, relative to `base` if there is one. Older browsers and runtimes lack `URL.parse`.
 *
 * @returns `undefined` if the URL is invalid.
 */
export function parseUrl(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}
