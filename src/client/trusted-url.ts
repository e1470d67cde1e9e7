import type { ClientConnection } from './client.js';
import { parseUrl } from '../runtime/parse-url.js';

/** Meta's media host. Source: Meta, Media (2 Dec 2025). Meta may use other hosts, so the list is an option. */
const defaultHosts: readonly string[] = ['lookaside.fbsbx.com'];

/** Host of the Graph API, which some media URLs use. */
const graphHost = 'graph.facebook.com';

/**
 * Returns the URL if the token may be sent there: the origin of `baseUrl`, or one of Meta's hosts by https on port 443.
 * It rejects URLs with a user name, and URLs whose host the parser changes.
 */
export function trustedUrl(
  address: string,
  { baseUrl, mediaHosts = defaultHosts }: Pick<ClientConnection, 'baseUrl' | 'mediaHosts'>,
): URL | undefined {
  const url = plainUrl(address);
  if (!url) return undefined;
  if (url.origin === new URL(baseUrl).origin) return url;
  return url.protocol === 'https:' && url.port === '' && [graphHost, ...mediaHosts].includes(url.hostname) ? url : undefined;
}

/** Returns the URL unless it has a user name, or a host that the parser changes. */
export function plainUrl(address: string): URL | undefined {
  // The client doesn't check responses of Meta field by field.
  const url = typeof address === 'string' ? parseUrl(address) : undefined;
  if (!url || url.username !== '' || url.password !== '') return undefined;
  const rest = address.slice(url.protocol.length + 2 + url.hostname.length);
  const isPlain = address.toLowerCase().startsWith(`${url.protocol}//${url.hostname}`) && /^(?:[/?#:]|$)/.test(rest);
  return isPlain ? url : undefined;
}
