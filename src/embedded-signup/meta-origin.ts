import { parseUrl } from '../runtime/parse-url.js';

/**
 * Reports whether Meta posted a message to the page. The origin must use https on the default port and be
 * `facebook.com` or one of its subdomains. Other domains that end in `facebook.com` are rejected, although the check in
 * Meta's own sample accepts them. {@link onSessionEvent} uses it.
 *
 * Source: Meta, Embedded Signup implementation (20 Feb 2026).
 *
 * @param origin - The `origin` of a message event.
 * @param extraOrigins - Additional trusted origins, compared as a whole. Use them for an emulator or a test page, never
 * in production.
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
  // All sandboxed frames and files have the origin "null", so that trusting one would trust all.
  if (origin === 'null') return false;
  if (extraOrigins.includes(origin)) return true;
  // A browser writes each origin in one way. Reject an origin that parses to another one.
  const url = parseUrl(origin);
  if (!url) return false;
  const { protocol, hostname, origin: written } = url;
  return (
    written === origin && protocol === 'https:' && written === `https://${hostname}` && /^(?:[a-z0-9-]+\.)*facebook\.com$/.test(hostname)
  );
}
