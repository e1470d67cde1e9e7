import type { BodyRead } from '../runtime/read-body.js';
import type { WebhookFramework } from './framework.js';
import type { Webhooks } from './webhooks-options.js';

/** A framework has already read the body, or the receiver was called with a value that is no request. */
export interface MissingBody {
  readonly type: 'missing';
  readonly framework: WebhookFramework | undefined;
}

/** A POST request for the pipeline. It doesn't depend on the classes of the server. */
export interface IncomingDelivery {
  /** The header `X-Hub-Signature-256`. */
  readonly signature: string | null;
  /** Reads the body. */
  readonly read: () => BodyRead | MissingBody | Promise<BodyRead>;
  /** Creates the request for functions in `appSecret`. */
  readonly toRequest: () => Request;
}

/** The response of the pipeline, before it is converted for the server. */
export interface Reply {
  readonly status: number;
  /** Plain text. */
  readonly text?: string;
  /** The reason why the delivery failed. It is never sent over the network. */
  readonly error?: unknown;
}

/** Receives a delivery. Never rejects. */
export type DeliveryReceiver = (delivery: IncomingDelivery) => Promise<Reply>;

const receivers = /* @__PURE__ */ new WeakMap<Webhooks['fetch'], DeliveryReceiver>();

/**
 * Lets servers bypass `fetch`, because creating a `Request` and a `Response` costs more than verifying, parsing and
 * handling a delivery.
 */
export function offerReceiver(fetch: Webhooks['fetch'], receive: DeliveryReceiver): void {
  receivers.set(fetch, receive);
}

/** Finds the receiver of a `fetch`. Returns `undefined` for a function of the caller. */
export function findReceiver(fetch: Webhooks['fetch']): DeliveryReceiver | undefined {
  return receivers.get(fetch);
}
