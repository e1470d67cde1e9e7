import { parseUrl } from '../runtime/parse-url.js';

/**
 * Whether a message that was posted to a page came from Meta: over https, on the usual port, from `facebook.com` or a host under it. A host
 * that merely ends in `facebook.com`, as the check in Meta's own sample lets through, is not Meta's.
 *
 * `extraOrigins` are trusted beside it, and compared as a whole: for an emulator or a test page, never in production.
 *
 * Source: Meta, Embedded Signup implementation (20 Feb 2026), for what its popup posts.
 *
 * @example
 * ```ts
 * import { isMetaOrigin } from 'wa-coexist/embedded-signup';
 *
 * isMetaOrigin('https://www.facebook.com'); // true
 * isMetaOrigin('https://evilfacebook.com'); // false
 * isMetaOrigin('http://127.0.0.1:4004', ['http://127.0.0.1:4004']); // true
 * ```
 */
export function isMetaOrigin(origin: string, extraOrigins: readonly string[] = []): boolean {
  // Sandboxed frames and files all have the origin "null": whoever trusts one trusts them all.
  if (origin === 'null') return false;
  if (extraOrigins.includes(origin)) return true;
  // An origin is written in one way only; what parses to another origin than itself was not made by a browser.
  const url = parseUrl(origin);
  if (!url) return false;
  const { protocol, hostname, origin: written } = url;
  return (
    written === origin && protocol === 'https:' && written === `https://${hostname}` && /^(?:[a-z0-9-]+\.)*facebook\.com$/.test(hostname)
  );
}
