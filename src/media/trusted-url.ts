import type { ClientConnection } from '../client/client.js';
import { parseUrl } from '../runtime/parse-url.js';

/** Meta's host of media files. Source: Meta, Media (2 Dec 2025). Others are said to be in use, so the list can be changed. */
const defaultHosts: readonly string[] = ['lookaside.fbsbx.com'];

/** The Graph API's own host, which some addresses of files have. */
const graphHost = 'graph.facebook.com';

/**
 * The address, if the token may go there: the origin of `baseUrl`, or one of Meta's hosts by https on port 443. An address with a user name, or
 * one that a parser has to rewrite before its host shows, is refused.
 */
export function trustedUrl(
  address: string,
  { baseUrl, mediaHosts = defaultHosts }: Pick<ClientConnection, 'baseUrl' | 'mediaHosts'>,
): URL | undefined {
  // Responses of Meta are not checked field by field.
  const url = typeof address === 'string' ? parseUrl(address) : undefined;
  if (!url || url.username !== '' || url.password !== '') return undefined;
  const rest = address.slice(url.protocol.length + 2 + url.hostname.length);
  const isPlain = address.toLowerCase().startsWith(`${url.protocol}//${url.hostname}`) && /^(?:[/?#:]|$)/.test(rest);
  if (!isPlain) return undefined;
  if (url.origin === new URL(baseUrl).origin) return url;
  return url.protocol === 'https:' && url.port === '' && [graphHost, ...mediaHosts].includes(url.hostname) ? url : undefined;
}
