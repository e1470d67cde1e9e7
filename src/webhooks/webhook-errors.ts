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

/** The raw bytes of a webhook are gone, so that its signature cannot be checked: something parsed the body first. */
export class RawBodyMissingError extends WhatsAppError {
  override readonly name = 'RawBodyMissingError';
  override readonly kind = 'webhook';

  constructor() {
    super(
      'The raw body of the webhook is gone: a body parser ran first, and the signature cannot be checked on parsed JSON. ' +
        'node:http and Connect: let nothing read the request before. ' +
        'Express: register the webhook route before express.json(), or give that route express.raw({ type: () => true, limit: "3mb" }). ' +
        'Fastify: addContentTypeParser("application/json", { parseAs: "buffer", bodyLimit: 3145728 }, (request, body, done) => done(null, body)), ' +
        'then set request.raw.rawBody = request.body. ' +
        'Hono and other frameworks with fetch: call webhooks.fetch(request) before anything reads the request. ' +
        'Next.js: use a route handler with webhooks.fetch, or export const config = { api: { bodyParser: false } } from an API route. ' +
        'AWS Lambda: make the Request from event.body as it came, Buffer.from(event.body, "base64") where event.isBase64Encoded, never from a parsed object. ' +
        'NestJS: NestFactory.create(AppModule, { rawBody: true }). ' +
        'Firebase and Google Cloud Functions bring request.rawBody by themselves.',
    );
  }
}
