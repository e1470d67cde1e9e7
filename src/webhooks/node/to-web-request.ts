import type { IncomingMessage } from 'node:http';
import { parseUrl } from '../../runtime/parse-url.js';

/** Converts a node:http request to a `Request`. `body` replaces the body in the stream. */
export function toWebRequest(incoming: IncomingMessage, body?: Uint8Array<ArrayBuffer> | string): Request {
  // Express removes the path of a router from `url`.
  const { originalUrl = incoming.url ?? '' } = incoming as { readonly originalUrl?: string };
  const [, path = '', query = ''] = /^\/*([^?#]*)(\?.*)?/s.exec(originalUrl) ?? [];
  const origin = originOf(incoming);
  const address = parseUrl(`${origin}/${path}${query}`) ? `${origin}/${path}${query}` : `${origin}/${query}`;
  const headers = headersOf(incoming);
  if (incoming.method === 'GET') return new Request(address, { headers });
  // All other methods are rejected in the same way, and a Request doesn't support some of them.
  if (incoming.method !== 'POST') return new Request(address, { method: 'PUT' });
  return new Request(address, { method: 'POST', headers, ...(body !== undefined && { body }) });
}

/**
 * Returns the requested origin for functions in `verifyToken` and `appSecret`. Unverified clients can send any host.
 */
function originOf({ headers }: IncomingMessage): string {
  // HTTP/2 has `:authority`.
  const host = headers.host ?? headers[':authority'];
  const isHost = typeof host === 'string' && /^[\w.:[\]-]+$/.test(host) && parseUrl(`http://${host}`) !== undefined;
  return `http://${isHost ? host : 'localhost'}`;
}

/** Headers about the transfer of a body. A Request with bytes sets them itself. */
const transferHeaders: readonly string[] = ['content-length', 'transfer-encoding', 'content-encoding', 'connection', 'expect'];

/** The headers that a Request supports. */
function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || transferHeaders.includes(name)) continue;
    for (const one of [value].flat()) {
      try {
        headers.append(name, one);
      } catch {
        // Names such as `:path` of HTTP/2, and values that a framework may have added.
      }
    }
  }
  return headers;
}
