/** Who takes the webhooks: an address, or a function such as `webhooks.fetch`. */
export type FakeReceiver = string | URL | ((request: Request) => Promise<Response>);

/** How webhooks are delivered. Everything drawn by lot comes from the fake's seed. */
export interface FakeDeliveryOptions {
  /** Delivers what waits in any order. @defaultValue `false` */
  readonly shuffle?: boolean | undefined;
  /** Share of the requests that come a second time, from 0 to 1. @defaultValue 0 */
  readonly duplicateShare?: number | undefined;
  /** The most changes that are put into one request, where several wait. @defaultValue 1 */
  readonly batch?: number | undefined;
  /** The most requests that are on their way at once. @defaultValue 8 */
  readonly concurrency?: number | undefined;
  /** Milliseconds that a change is held back before its first try: always so many, or at least and at most so many. @defaultValue none */
  readonly delayMs?: number | readonly [least: number, most: number] | undefined;
  /**
   * The callback URL that `GET /{app-id}/subscriptions` reports if the receiver is a function. Requests aren't sent to it.
   * @defaultValue `'https://receiver.example/webhooks'`
   */
  readonly callbackUrl?: string | undefined;
}

/** One try of a delivery. */
export interface FakeAttempt {
  readonly at: Date;
  /** HTTP status of the receiver's answer; absent where none came. */
  readonly status?: number;
  /** Beginning of the response's body. Missing for a 200 and for an empty body. */
  readonly responseText?: string;
}

/** A webhook request, or one that was not made. */
export interface FakeDelivery {
  /** Counted from 1. */
  readonly id: number;
  /** The webhook fields of its changes. */
  readonly fields: readonly string[];
  /** The exact bytes, as text: ASCII, with everything else escaped as Meta does it. */
  readonly body: string;
  /** Value of `X-Hub-Signature-256`. */
  readonly signature: string;
  /** The delivery that this one repeats: a duplicate by chance, or one of `fake.redeliver`. */
  readonly duplicateOf?: number;
  readonly attempts: readonly FakeAttempt[];
  /** `dropped`: never made, see `reason`; `abandoned`: no 200 within 7 days. */
  readonly state: 'waiting' | 'delivered' | 'abandoned' | 'dropped';
  /** Why it was dropped: no receiver, a missing subscription, or more unfinished deliveries than `maxMessages` allows. */
  readonly reason?: 'no-receiver' | 'field-not-subscribed' | 'waba-not-subscribed' | 'too-many';
}
