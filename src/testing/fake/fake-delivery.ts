/** The receiver of webhooks: a URL, or a function such as `webhooks.fetch`. */
export type FakeReceiver = string | URL | ((request: Request) => Promise<Response>);

/** Options for the delivery of webhooks. Random decisions depend on the fake's seed. */
export interface FakeDeliveryOptions {
  /** Delivers waiting webhooks in random order. @defaultValue `false` */
  readonly shuffle?: boolean | undefined;
  /** Share of the requests that are delivered twice, from 0 to 1. @defaultValue 0 */
  readonly duplicateShare?: number | undefined;
  /** Maximum number of changes in one request. @defaultValue 1 */
  readonly batch?: number | undefined;
  /** Maximum number of requests in flight. @defaultValue 8 */
  readonly concurrency?: number | undefined;
  /** Milliseconds before the first attempt: a fixed delay, or a minimum and a maximum. @defaultValue no delay */
  readonly delayMs?: number | readonly [least: number, most: number] | undefined;
  /**
   * The callback URL that `GET /{app-id}/subscriptions` reports if the receiver is a function. Requests aren't sent to it.
   * @defaultValue `'https://receiver.example/webhooks'`
   */
  readonly callbackUrl?: string | undefined;
}

/** One attempt of a delivery. */
export interface FakeAttempt {
  readonly at: Date;
  /** HTTP status of the receiver's response. Absent if there was no response. */
  readonly status?: number;
  /** Beginning of the response's body. Missing for a 200 and for an empty body. */
  readonly responseText?: string;
}

/** A webhook request, or one that was dropped. */
export interface FakeDelivery {
  /** Counted from 1. */
  readonly id: number;
  /** The webhook fields of its changes. */
  readonly fields: readonly string[];
  /** The exact body as ASCII text. Other characters are escaped, as Meta does it. */
  readonly body: string;
  /** Value of `X-Hub-Signature-256`. */
  readonly signature: string;
  /** The delivery that this one repeats: a random duplicate, or a call of `fake.redeliver`. */
  readonly duplicateOf?: number;
  readonly attempts: readonly FakeAttempt[];
  /** `dropped`: never sent, see `reason`. `abandoned`: no 200 within 7 days. */
  readonly state: 'waiting' | 'delivered' | 'abandoned' | 'dropped';
  /**
   * Why it was dropped: no receiver, a missing subscription, or more unfinished deliveries than `maxMessages` allows.
   */
  readonly reason?: 'no-receiver' | 'field-not-subscribed' | 'waba-not-subscribed' | 'too-many';
}
