import { WhatsAppError } from '../errors/whatsapp-error.js';

/** Not every event of a delivery was handled. Handing the delivery over again runs the handlers of those events alone. */
export class DeliveryNotHandledError extends WhatsAppError {
  override readonly name = 'DeliveryNotHandledError';
  override readonly kind = 'webhook';
  /** Events whose handlers, or whose store, failed; `cause` holds what they threw. */
  readonly failed: number;
  /** Events that another process is handling at this moment. */
  readonly pending: number;
  /** Events that `route` knows no tenant for yet. */
  readonly unrouted: number;

  constructor(failed: number, pending: number, unrouted: number, options?: { readonly cause?: unknown }) {
    super(
      `Of a delivery ${String(failed)} events failed, ${String(pending)} are still being handled elsewhere and ${String(unrouted)} have no tenant yet; hand it over again.`,
      options,
    );
    this.failed = failed;
    this.pending = pending;
    this.unrouted = unrouted;
  }
}

/** A callback of the receiver (a handler, `route`, `archive` or `enqueue`) did not finish within `handlerTimeoutMs`. Its events are retried. */
export class CallbackTimeoutError extends WhatsAppError {
  override readonly name = 'CallbackTimeoutError';
  override readonly kind = 'webhook';

  constructor(callback: string, timeoutMs: number) {
    super(`${callback} did not finish within ${String(timeoutMs)} ms. The event is retried. Raise handlerTimeoutMs if it needs more time.`);
  }
}

/** Whether a callback was late. Handlers can throw anything, also a proxy that throws when it is looked at. */
export function isCallbackTimeout(failure: unknown): boolean {
  try {
    return failure instanceof CallbackTimeoutError;
  } catch {
    return false;
  }
}

/** How to preserve the raw body, one line per framework. */
const remedies: readonly string[] = [
  '- Express: mount the receiver before express.json(), or give its route express.raw({ type: () => true, limit: "3mb" }).',
  '- NestJS: NestFactory.create(AppModule, { rawBody: true }), or mount the receiver in main.ts before app.listen().',
  '- Fastify: register the receiver in a scope of its own, and call scope.removeAllContentTypeParsers() there.',
  '- Koa, node:http: call the handler before any body parser.',
  '- Next.js: use a route handler with webhooks.fetch, or export const config = { api: { bodyParser: false } } from an API route.',
  '- Hono, Elysia (parse: "none") and other frameworks with fetch: call webhooks.fetch(request) before the body is read.',
  '- AWS Lambda: create the Request from event.body. If event.isBase64Encoded is set, use Buffer.from(event.body, "base64").',
];

/** The raw body of a webhook is missing, because a body parser read the request first. The signature can't be verified without it. */
export class RawBodyMissingError extends WhatsAppError {
  override readonly name = 'RawBodyMissingError';
  override readonly kind = 'webhook';

  constructor() {
    super(`The raw body of the webhook is missing, because a body parser read the request first.\n${remedies.join('\n')}`);
  }
}
