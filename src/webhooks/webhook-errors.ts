import { WhatsAppError } from '../errors/whatsapp-error.js';
import { rawBodyRemedies, type WebhookFramework } from './framework.js';

/** Some events of a delivery weren't handled. If the delivery is repeated, only their handlers run again. */
export class DeliveryNotHandledError extends WhatsAppError {
  override readonly name = 'DeliveryNotHandledError';
  override readonly kind = 'webhook';
  /** Number of events whose handlers or store failed. `cause` contains the errors. */
  readonly failed: number;
  /** Number of events that another process is currently handling. */
  readonly pending: number;
  /** Number of events without a known tenant. */
  readonly unrouted: number;

  constructor(failed: number, pending: number, unrouted: number, options?: { readonly cause?: unknown }) {
    super(
      `The delivery was not fully handled: ${String(failed)} events failed, ${String(pending)} are being handled elsewhere, and ${String(unrouted)} have no tenant yet. Process it again later.`,
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

/** Returns whether a callback timed out. Handlers can throw anything, including a proxy that throws when it is read. */
export function isCallbackTimeout(failure: unknown): boolean {
  try {
    return failure instanceof CallbackTimeoutError;
  } catch {
    return false;
  }
}

/**
 * The raw body of a webhook is missing, because a body parser read the request first, or because the receiver got another object than a
 * `Request`. The signature can't be verified without it. The message explains the fix for your framework.
 */
export class RawBodyMissingError extends WhatsAppError {
  override readonly name = 'RawBodyMissingError';
  override readonly kind = 'webhook';
  /** The framework that the receiver detected. `undefined` if it doesn't know the framework. */
  readonly framework: WebhookFramework | undefined;

  constructor(framework?: WebhookFramework) {
    const remedies = framework === undefined ? Object.values(rawBodyRemedies).map((remedy) => `- ${remedy}`) : [rawBodyRemedies[framework]];
    super(`The raw body of the webhook is missing. A body parser read the request first, or it isn't a Request.\n${remedies.join('\n')}`);
    this.framework = framework;
  }
}
