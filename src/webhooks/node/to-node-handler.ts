import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Webhooks } from '../webhooks-options.js';
import { readOptions } from '../../errors/check-options.js';
import { systemClock } from '../../runtime/clock.js';
import { readNodeStream, type BodyRead } from '../../runtime/read-body.js';
import { sharedTimeout, type ExpireAfter } from '../../runtime/shared-timeout.js';
import { nodeFrameworkOf, rememberFramework } from '../framework.js';
import { findReceiver, type IncomingDelivery, type MissingBody } from '../incoming-delivery.js';
import { toWebRequest } from './to-web-request.js';

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
  const expireAfter = readOptions('toNodeHandler', webhooks, ({ uploadTimeoutMs }) =>
    // The socket of an open upload keeps the process alive.
    sharedTimeout(systemClock, uploadTimeoutMs, { timer: 'background' }),
  );
  return async (incoming, outgoing) => {
    // An error of a broken socket must not end the process.
    outgoing.on('error', ignore);
    try {
      const { maxBytes } = webhooks;
      const receive = incoming.method === 'POST' ? findReceiver(webhooks.fetch) : undefined;
      if (receive) {
        const { status, text } = await receive(deliveryOf(incoming, outgoing, maxBytes, expireAfter));
        respond(incoming, outgoing, status, text === undefined ? undefined : { 'content-type': 'text/plain; charset=utf-8' }, text);
        return;
      }
      const request = incoming.method === 'POST' ? await readRequest(incoming, outgoing, maxBytes, expireAfter) : toWebRequest(incoming);
      const answer = request instanceof Response ? request : await webhooks.fetch(request);
      const text = answer.body ? await answer.text() : undefined;
      respond(incoming, outgoing, answer.status, Object.fromEntries(answer.headers), text);
    } catch {
      // The connection broke, or a framework has already responded.
      outgoing.destroy();
    }
  };
}

function ignore(): void {
  // Used as a listener for errors that need no handling.
}

function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> | undefined,
  text: string | undefined,
): void {
  if (incoming.complete || incoming.readableEnded) {
    outgoing.writeHead(status, headers).end(text);
    return;
  }
  // Doesn't wait for the rest of an incomplete body.
  outgoing.writeHead(status, { ...headers, connection: 'close' });
  outgoing.end(text, () => {
    incoming.destroy();
  });
}

/** Returns a delivery for the pipeline of a receiver. */
function deliveryOf(incoming: IncomingMessage, outgoing: ServerResponse, maxBytes: number, expireAfter: ExpireAfter): IncomingDelivery {
  const signature: string | readonly string[] | undefined = incoming.headers['x-hub-signature-256'];
  return {
    signature: typeof signature === 'string' ? signature : (signature?.join(', ') ?? null),
    read: () => readBody(incoming, outgoing, maxBytes, expireAfter),
    toRequest: () => toWebRequest(incoming),
  };
}

/** Reads the raw body. */
function readBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  maxBytes: number,
  expireAfter: ExpireAfter,
): ReturnType<IncomingDelivery['read']> {
  const kept = keptBody(incoming);
  if (kept !== undefined) return kept.byteLength > maxBytes ? { type: 'too-large' } : { type: 'complete', bytes: kept };
  if (incoming.readableDidRead) return { type: 'missing', framework: nodeFrameworkOf(incoming, outgoing) };
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return { type: 'too-large' };
  return readNodeStream(incoming, { maxBytes, expireAfter });
}

/** Returns the request for a `fetch` of the caller, or the response to a body that can't be read. */
async function readRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  maxBytes: number,
  expireAfter: ExpireAfter,
): Promise<Request | Response> {
  const read: BodyRead | MissingBody = await readBody(incoming, outgoing, maxBytes, expireAfter);
  if (read.type === 'complete') return toWebRequest(incoming, read.bytes);
  if (read.type === 'missing') {
    const gone = toWebRequest(incoming, '-');
    if (read.framework) rememberFramework(gone, read.framework);
    // A Request whose body was read tells the receiver that the raw body is missing.
    await gone.text();
    return gone;
  }
  if (read.type === 'timed-out') return new Response(null, { status: 408 });
  const announced = toWebRequest(incoming);
  announced.headers.set('content-length', String(maxBytes + 1));
  return announced;
}

/** Returns the raw body that a framework has preserved. */
function keptBody(incoming: IncomingMessage): Uint8Array<ArrayBuffer> | undefined {
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
    // The text has the original bytes if they were UTF-8, as Meta's are.
    if (typeof kept === 'string') return new TextEncoder().encode(kept);
    if (kept instanceof Uint8Array) return new Uint8Array(kept);
  }
  return undefined;
}
