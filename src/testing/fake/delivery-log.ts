import { DeliveryRecord } from './delivery-record.js';
import type { FakeDelivery } from './fake-delivery.js';
import type { Change } from './webhook-values.js';

/** Deliveries as plain values. */
export interface SavedDeliveries {
  readonly deliveries: readonly FakeDelivery[];
  readonly callbackUrls: Readonly<Record<number, string>>;
  readonly waiting: readonly Change[];
}

/** Options of {@link DeliveryLog}. */
export interface DeliveryLogOptions {
  readonly secret: string;
  /** The oldest deliveries above this number are removed. */
  readonly maxDeliveries: number;
  readonly saved: SavedDeliveries | undefined;
  /** Called after each change of a delivery. */
  readonly onChange: (delivery: FakeDelivery) => void;
  /** Called before a delivery is dropped that wasn't finished. */
  readonly onDrop: (deliveryId: number) => void;
}

/** The deliveries of a fake, with the callbacks that replace the app's. */
export class DeliveryLog {
  readonly deliveries: DeliveryRecord[];
  /** Callbacks that replace the app's, by delivery. */
  readonly callbackUrls: Map<number, string>;
  readonly #options: DeliveryLogOptions;
  #removeAbove: number;

  constructor(options: DeliveryLogOptions) {
    const { saved, secret, maxDeliveries } = options;
    this.#options = options;
    this.#removeAbove = maxDeliveries * 1.1;
    this.callbackUrls = new Map(Object.entries(saved?.callbackUrls ?? {}).map(([id, url]) => [Number(id), url]));
    this.deliveries = (saved?.deliveries ?? []).map(({ id, state, fields, body, attempts, reason, duplicateOf }) => {
      const delivery = new DeliveryRecord(id, state, fields, body, secret);
      delivery.attempts.push(...attempts);
      if (reason !== undefined) delivery.reason = reason;
      if (duplicateOf !== undefined) delivery.duplicateOf = duplicateOf;
      return delivery;
    });
  }

  find(deliveryId: number): DeliveryRecord | undefined {
    return this.deliveries.find(({ id }) => id === deliveryId);
  }

  /** Adds the delivery of changes. */
  record(changes: readonly Change[], state: FakeDelivery['state'], reason?: FakeDelivery['reason']): DeliveryRecord {
    const fields = changes.map(({ field }) => field);
    const made = new DeliveryRecord(this.#nextId(), state, fields, changes, this.#options.secret);
    if (reason !== undefined) made.reason = reason;
    this.deliveries.push(made);
    this.#removeOldest();
    this.#options.onChange(made);
    return made;
  }

  /** Adds a duplicate of a delivery. */
  copy(original: DeliveryRecord, body: string = original.body): DeliveryRecord {
    const copy = new DeliveryRecord(this.#nextId(), 'waiting', original.fields, body, this.#options.secret);
    copy.duplicateOf = original.id;
    this.deliveries.push(copy);
    const callbackUrl = this.callbackUrls.get(original.id);
    if (callbackUrl !== undefined) this.callbackUrls.set(copy.id, callbackUrl);
    this.#options.onChange(copy);
    return copy;
  }

  /** Drops a delivery that isn't finished. */
  drop(delivery: DeliveryRecord): void {
    this.#options.onDrop(delivery.id);
    delivery.state = 'dropped';
    delivery.reason = 'too-many';
    this.#options.onChange(delivery);
  }

  #nextId(): number {
    return (this.deliveries.at(-1)?.id ?? 0) + 1;
  }

  /** Removes the oldest deliveries, finished ones first. It removes a tenth at a time, because it looks at all of them. */
  #removeOldest(): void {
    if (this.deliveries.length <= this.#removeAbove) return;
    let surplus = this.deliveries.length - this.#options.maxDeliveries;
    const removed = new Set<DeliveryRecord>();
    for (const isFinished of [true, false]) {
      for (const delivery of this.deliveries) {
        if (surplus <= 0) break;
        if ((delivery.state !== 'waiting') !== isFinished || removed.has(delivery)) continue;
        surplus -= 1;
        removed.add(delivery);
        this.callbackUrls.delete(delivery.id);
        // For receivers that hang or fail for a long time.
        if (!isFinished) this.drop(delivery);
      }
    }
    const remaining = this.deliveries.filter((delivery) => !removed.has(delivery));
    this.deliveries.length = 0;
    for (const delivery of remaining) this.deliveries.push(delivery);
    this.#removeAbove = remaining.length + this.#options.maxDeliveries * 0.1;
  }
}
