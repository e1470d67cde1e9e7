import type { IncomingMessage, ServerResponse } from 'node:http';
import { rememberFramework } from '../framework.js';
import type { Webhooks } from '../webhooks-options.js';
import { systemClock } from '../../runtime/clock.js';
import { readNodeStream } from '../../runtime/read-body.js';
import { parseUrl } from '../../runtime/parse-url.js';

/** A request listener of node:http, and a handler for Express and Connect. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Creates a handler for Node's HTTP server and for frameworks on top of it. The promise of the handler never rejects.
 *
 * Meta signs the raw body, so no parser can read it first. If a framework has read it, the handler uses
 * `request.rawBody`, or `request.body` if it contains bytes or text. Without the raw body, the response is 500. Its text
 * and a `RawBodyMissingError` in the log explain how to preserve the body in your framework.
 *
 * @param webhooks - A receiver of `createWebhooks`.
 * @returns the handler. See {@link NodeHandler}.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 * import { toNodeHandler } from 'wa-coexist/webhooks/node';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * const handle = toNodeHandler(webhooks);
 * createServer((request, response) => void handle(request, response)).listen(3000);
 * ```
 */
export function toNodeHandler(webhooks: Pick<Webhooks, 'fetch' | 'maxBytes' | 'uploadTimeoutMs'>): NodeHandler {
  return async (incoming, outgoing) => {
    // An error of a broken socket must not end the process.
    outgoing.on('error', () => undefined);
    try {
      const request = await requestOf(incoming, outgoing, webhooks);
      const answer = request instanceof Response ? request : await webhooks.fetch(request);
      await respond(incoming, outgoing, answer);
    } catch {
      // The connection broke, or a framework has already responded.
      outgoing.destroy();
    }
  };
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, answer: Response): Promise<void> {
  const text = answer.body ? await answer.text() : undefined;
  // The rest of a body that wasn't read in full is not waited for.
  const isUnread = !incoming.complete && !incoming.readableEnded;
  outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...(isUnread && { connection: 'close' }) });
  outgoing.end(text, () => {
    if (isUnread) incoming.destroy();
  });
}

/** The request for the receiver, or the response to a body that can't be read. */
async function requestOf(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  webhooks: Pick<Webhooks, 'maxBytes' | 'uploadTimeoutMs'>,
): Promise<Request | Response> {
  const { maxBytes, uploadTimeoutMs } = webhooks;
  // Express removes the path of a router from `url`.
  const { originalUrl = incoming.url ?? '' } = incoming as { readonly originalUrl?: string };
  const [, path = '', query = ''] = /^\/*([^?#]*)(\?.*)?/s.exec(originalUrl) ?? [];
  const origin = originOf(incoming);
  const address = parseUrl(`${origin}/${path}${query}`) ? `${origin}/${path}${query}` : `${origin}/${query}`;
  const headers = headersOf(incoming);
  if (incoming.method === 'GET') return new Request(address, { headers });
  // Every other method is rejected alike, and some cannot be written into a Request.
  if (incoming.method !== 'POST') return new Request(address, { method: 'PUT' });

  const kept = keptBody(incoming);
  if (kept !== undefined) return new Request(address, { method: 'POST', headers, body: kept });
  if (incoming.readableDidRead) {
    const gone = new Request(address, { method: 'POST', headers, body: '-' });
    // A request that was read is what the receiver knows a missing body by.
    rememberFramework(gone, incoming, outgoing);
    await gone.text();
    return gone;
  }
  const isAnnouncedTooLong = Number(incoming.headers['content-length'] ?? 0) > maxBytes;
  const read = isAnnouncedTooLong
    ? ({ type: 'too-large' } as const)
    : await readNodeStream(incoming, { maxBytes, timeoutMs: uploadTimeoutMs, clock: systemClock });
  if (read.type === 'complete') return new Request(address, { method: 'POST', headers, body: read.bytes });
  if (read.type === 'timed-out') return new Response(null, { status: 408 });
  headers.set('content-length', String(maxBytes + 1));
  return new Request(address, { method: 'POST', headers });
}

/** The origin that the client asked for, as functions of `verifyToken` and `appSecret` see it. A stranger may send any host. */
function originOf({ headers }: IncomingMessage): string {
  // HTTP/2 has `:authority`.
  const host = headers.host ?? headers[':authority'];
  const isHost = typeof host === 'string' && /^[\w.:[\]-]+$/.test(host) && parseUrl(`http://${host}`) !== undefined;
  return `http://${isHost ? host : 'localhost'}`;
}

/** Headers about the transfer of a body, which a Request around the bytes has of its own. */
const transferHeaders: readonly string[] = ['content-length', 'transfer-encoding', 'content-encoding', 'connection', 'expect'];

/** The headers that a Request can contain. */
function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || transferHeaders.includes(name)) continue;
    for (const one of [value].flat()) {
      try {
        headers.append(name, one);
      } catch {
        // Names such as `:path` of HTTP/2, and what a framework may have added.
      }
    }
  }
  return headers;
}

/** The raw body that a framework has kept. */
function keptBody(incoming: IncomingMessage): Uint8Array<ArrayBuffer> | string | undefined {
  // Express, NestJS, serverless adapters and Cloud Functions add these.
  const source = incoming as { readonly rawBody?: unknown; readonly body?: unknown };
  for (const name of ['rawBody', 'body'] as const) {
    let kept: unknown;
    try {
      kept = source[name];
    } catch {
      // Body parsers that run on access throw for a body they can't parse.
      continue;
    }
    // Text is printed as the bytes that it was read from, as long as they were UTF-8, and Meta's are.
    if (typeof kept === 'string') return kept;
    if (kept instanceof Uint8Array) return new Uint8Array(kept);
  }
  return undefined;
}
