import type { FakeAttempt, FakeDelivery } from './fake-delivery.js';
import { signatureOf } from './sha-256.js';
import { encodeWebhook } from './webhook-encoding.js';
import { entriesOf, type Change } from './webhook-values.js';

/** A delivery. Its bytes are created on demand, because most dropped ones never need them. */
export class DeliveryRecord implements FakeDelivery {
  readonly id: number;
  readonly fields: readonly string[];
  readonly attempts: FakeAttempt[] = [];
  state: FakeDelivery['state'];
  reason?: NonNullable<FakeDelivery['reason']>;
  duplicateOf?: number;
  readonly #secret: string;
  #content: readonly Change[] | string;
  #signature: string | undefined;

  constructor(id: number, state: FakeDelivery['state'], fields: readonly string[], content: readonly Change[] | string, secret: string) {
    this.id = id;
    this.state = state;
    this.fields = fields;
    this.#content = content;
    this.#secret = secret;
  }

  get body(): string {
    if (typeof this.#content !== 'string') {
      this.#content = encodeWebhook({ object: 'whatsapp_business_account', entry: entriesOf(this.#content) });
    }
    return this.#content;
  }

  get signature(): string {
    return (this.#signature ??= signatureOf(this.body, this.#secret));
  }

  /** What a spread or JSON shows: getters are on the prototype. */
  toJSON(): FakeDelivery {
    const { id, fields, body, signature, duplicateOf, attempts, state, reason } = this;
    return {
      id,
      fields,
      body,
      signature,
      ...(duplicateOf !== undefined && { duplicateOf }),
      attempts,
      state,
      ...(reason !== undefined && { reason }),
    };
  }
}
