import type { BodyRead } from '../runtime/read-body.js';
import type { WebhookFramework } from './framework.js';
import type { Webhooks } from './webhooks-options.js';

/** A framework has read the body already, or the receiver was called with another object than a request. */
export interface MissingBody {
  readonly type: 'missing';
  readonly framework: WebhookFramework | undefined;
}

/** A POST request as the pipeline reads it. It doesn't depend on the server's classes. */
export interface IncomingDelivery {
  /** The header `X-Hub-Signature-256`. */
  readonly signature: string | null;
  /** Reads the body. */
  readonly read: () => BodyRead | MissingBody | Promise<BodyRead>;
  /** Makes the request for functions of `appSecret`. */
  readonly toRequest: () => Request;
}

/** The response of the pipeline, before it is made an object of the server's. */
export interface Reply {
  readonly status: number;
  /** Plain text. */
  readonly text?: string;
  /** The reason why the delivery failed. It never goes over the network. */
  readonly error?: unknown;
}

/** Receives a delivery. Never rejects. */
export type DeliveryReceiver = (delivery: IncomingDelivery) => Promise<Reply>;

const receivers = /* @__PURE__ */ new WeakMap<Webhooks['fetch'], DeliveryReceiver>();

/** Offers servers a way around `fetch`: a `Request` and a `Response` cost more than verifying, parsing and handling a delivery. */
export function offerReceiver(fetch: Webhooks['fetch'], receive: DeliveryReceiver): void {
  receivers.set(fetch, receive);
}

/** Finds the receiver behind a `fetch`. `undefined` for a function of the caller's. */
export function findReceiver(fetch: Webhooks['fetch']): DeliveryReceiver | undefined {
  return receivers.get(fetch);
}
