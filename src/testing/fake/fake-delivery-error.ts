import { DeliveryNotHandledError } from '../../webhooks/webhook-errors.js';

/**
 * `fake.settled()` rejects with it when the receiver did not respond to a delivery with 200 several times in a row.
 *
 * `cause` is the error of the handler or of the receiver, if the receiver runs in the same process as the fake.
 */
export class FakeDeliveryError extends Error {
  override readonly name = 'FakeDeliveryError';
  /** The delivery, as `fake.deliveries` counts them. */
  readonly deliveryId: number;
  /** The webhook fields of the delivery. */
  readonly fields: readonly string[];
  /** How often the receiver failed so far. */
  readonly attempts: number;
  /** HTTP status of the last response; `undefined` without a response. */
  readonly status: number | undefined;
  /** Beginning of the last response's body. */
  readonly responseText: string;

  constructor(facts: {
    readonly deliveryId: number;
    readonly fields: readonly string[];
    readonly attempts: number;
    readonly status: number | undefined;
    readonly responseText: string;
    readonly cause: unknown;
  }) {
    const { deliveryId, fields, attempts, status, responseText } = facts;
    const cause = handlerError(facts.cause);
    const what = status === undefined ? 'got no response' : `was answered ${String(status)}`;
    const text = responseText === '' ? '' : `: ${responseText}`;
    const reason = cause === undefined ? '' : ` ${describe(cause)}`;
    super(
      `Delivery #${String(deliveryId)} of \`${fields.join(', ')}\` ${what} in ${String(attempts)} attempts${text}.${reason}`,
      cause === undefined ? undefined : { cause },
    );
    this.deliveryId = deliveryId;
    this.fields = fields;
    this.attempts = attempts;
    this.status = status;
    this.responseText = responseText;
  }
}

/** The error that a handler threw: the receiver wraps it, together with those of other handlers. */
function handlerError(thrown: unknown): unknown {
  let innermost = thrown;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    if (innermost instanceof AggregateError && innermost.errors.length > 0) innermost = innermost.errors[0] as unknown;
    else if (innermost instanceof DeliveryNotHandledError && innermost.cause !== undefined) innermost = innermost.cause;
    else break;
  }
  return innermost;
}

const maxDepth = 8;

function describe(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : 'The receiver threw something that is not an error.';
}
