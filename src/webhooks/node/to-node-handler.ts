import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Webhooks } from '../create-webhooks.js';
import { readChunks } from '../read-body.js';

/** A request listener of node:http; Express and Connect take it as a handler. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Serves webhooks through Node's HTTP server, or a framework on top of it. Never rejects.
 *
 * The signature is over the raw body, so nothing may parse it first. Where a framework has read it already, the raw bytes are taken from
 * `request.rawBody`, or from `request.body` if that holds bytes or text. If they are gone, the answer is 500 and says, as does a
 * `RawBodyMissingError` in the log, how to keep them in Express, Fastify, Next.js and others.
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
export function toNodeHandler(webhooks: Pick<Webhooks, 'fetch' | 'maxBytes'>): NodeHandler {
  return async (incoming, outgoing) => {
    let request: Request;
    try {
      request = await requestOf(incoming, webhooks.maxBytes);
    } catch {
      // The connection broke while the body was on its way: nobody is left to be answered.
      outgoing.destroy();
      return;
    }
    const answer = await webhooks.fetch(request);
    // What is left of a body that is too long is not waited for.
    const isUnread = answer.status === 413;
    outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), ...(isUnread && { connection: 'close' }) });
    outgoing.end(answer.body ? await answer.text() : undefined, () => {
      if (isUnread) incoming.destroy();
    });
  };
}

async function requestOf(incoming: IncomingMessage, maxBytes: number): Promise<Request> {
  // Only the query of the address matters, and a stranger may send any address.
  const query = /\?.*/s.exec(incoming.url ?? '')?.[0] ?? '';
  const address = `http://localhost/${query}`;
  if (incoming.method === 'GET') return new Request(address);
  // Every other method is refused alike, and some cannot be written into a Request.
  if (incoming.method !== 'POST') return new Request(address, { method: 'PUT' });

  const { 'x-hub-signature-256': signature, 'content-length': length } = incoming.headers;
  const headers: Record<string, string> = typeof signature === 'string' ? { 'x-hub-signature-256': signature } : {};
  const kept = keptBody(incoming);
  if (kept !== undefined) return new Request(address, { method: 'POST', headers, body: kept });
  if (incoming.readableDidRead) {
    const gone = new Request(address, { method: 'POST', headers, body: '-' });
    // A request that was read is what the receiver knows a missing body by.
    await gone.text();
    return gone;
  }
  const isAnnouncedTooLong = Number(length ?? 0) > maxBytes;
  const bytes = isAnnouncedTooLong ? undefined : await readChunks(incoming.iterator({ destroyOnReturn: false }), maxBytes);
  if (!bytes) return new Request(address, { method: 'POST', headers: { ...headers, 'content-length': String(maxBytes + 1) } });
  return new Request(address, { method: 'POST', headers, body: bytes as Uint8Array<ArrayBuffer> });
}

/** The raw body that a framework has kept. */
function keptBody(incoming: IncomingMessage): Uint8Array<ArrayBuffer> | string | undefined {
  // Express, NestJS, serverless adapters and Cloud Functions add these.
  const { rawBody, body } = incoming as { readonly rawBody?: unknown; readonly body?: unknown };
  for (const kept of [rawBody, body]) {
    // Text is printed as the bytes that it was read from, as long as they were UTF-8, and Meta's are.
    if (typeof kept === 'string') return kept;
    if (kept instanceof Uint8Array) return new Uint8Array(kept);
  }
  return undefined;
}
