import type { FilteredOn } from './filters/filtered-handler.js';
import type { Clock } from '../runtime/clock.js';
import type { Subscribable } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { WebhookCredential } from './credential-source.js';
import type { DeadLetters } from './dead-letters.js';
import type { InboxRetryOptions } from './inbox-deliveries.js';
import type { WebhookEvents } from './received-event.js';
import type { WebhookStats } from './stats.js';

/** The number and the WABA of an event. */
export interface RouteTarget {
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
}

/** Returns the tenant of an event, or `undefined` if it isn't known yet. */
export type Route<Tenant> = (target: RouteTarget) => Tenant | undefined | Promise<Tenant | undefined>;

/** A verified delivery for your archive. */
export interface ArchivedDelivery {
  /** Equal for equal bytes. */
  readonly id: string;
  readonly receivedAt: Date;
  /** The exact bytes that Meta sent. `wa-coexist replay` can post them again. */
  readonly bytes: Uint8Array;
}

/** Options of every receiver. See {@link createWebhooks}. */
export interface WebhooksBaseOptions<Tenant = never> {
  /** Secret of the Meta app, which signs deliveries. Pass a list during a rotation, newest first, or a function that returns them. */
  readonly appSecret: WebhookCredential | undefined;
  /**
   * Verify token of the app's webhook settings. Pass a list if apps share the endpoint, or a function that returns the
   * tokens for a request. The receiver also accepts tokens of overrides that `subscribeApp` sets in this process.
   */
  readonly verifyToken: WebhookCredential | undefined;
  /**
   * Stores the keys of handled events for 8 days, to detect duplicates, and the inbox. Processes can share a store.
   * @defaultValue the memory of this receiver, which is lost when the process ends
   */
  readonly store?: Store | undefined;
  /**
   * Returns the tenant of an event by number and WABA. Handlers receive it as `event.tenant`. If it returns `undefined`,
   * the receiver stores the event and calls it again, because your row may be written after the first webhook. After
   * `parkMs`, it calls the handlers of `unrouted`.
   */
  readonly route?: Route<Tenant> | undefined;
  /** Milliseconds during which the receiver retries an event without a tenant. @defaultValue 900 000 (15 minutes) */
  readonly parkMs?: number | undefined;
  /** Receives each verified delivery first, and is awaited. If it fails, Meta redelivers. */
  readonly archive?: ((delivery: ArchivedDelivery) => void | Promise<void>) | undefined;
  /** Maximum bytes of a delivery. Meta's limit is 3 MB. @defaultValue 3 MiB */
  readonly maxBytes?: number | undefined;
  /**
   * Milliseconds in which the body of a request must have arrived. Later uploads get the status 408, whether they stall or arrive slowly.
   * @defaultValue 30 000
   */
  readonly uploadTimeoutMs?: number | undefined;
  /** Retries of the inbox, which also stores events without a tenant. */
  readonly retry?: InboxRetryOptions | undefined;
  /**
   * Maximum milliseconds of a handler, `route`, `archive` or `enqueue`. Afterwards, the event counts as failed and is
   * retried, and the next event of the same customer is handled. A late handler continues to run, so its work can happen
   * twice. Set this above the time of your slowest handler.
   * @defaultValue 60 000 (1 minute)
   */
  readonly handlerTimeoutMs?: number | undefined;
  /**
   * Maximum milliseconds of one call of `store`, or of a function in `appSecret` or `verifyToken`. Afterwards, it counts
   * as failed, and Meta redelivers.
   * @defaultValue 10 000
   */
  readonly storeTimeoutMs?: number | undefined;
  /** Milliseconds for which `close()` waits for running handlers. @defaultValue 4 000 */
  readonly closeTimeoutMs?: number | undefined;
  /** @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /**
   * Receives an entry for each failed handler (`webhook.handler_failed`), and once a minute for requests with a wrong signature or verify
   * token. `console` is one; `silentLogger` turns logs off.
   * @defaultValue prints each kind of warning and error once to stderr
   */
  readonly logger?: Logger | undefined;
  /** Wraps the handling of each event (`webhooks.handle`). @defaultValue runs it */
  readonly instrument?: Instrument | undefined;
}

/**
 * The time at which the receiver returns 200.
 *
 * - `handle`: after the handlers finish. For handlers that need less than a second.
 * - `inbox`: after the delivery is stored. A worker calls the handlers and retries with back-off. A delivery that fails
 *   permanently moves to `deadLetters`.
 * - `enqueue`: after your own queue has the delivery. Your worker calls `webhooks.process`.
 */
export type WebhooksMode =
  | {
      /** @defaultValue `'handle'` */
      readonly mode?: 'handle' | 'inbox' | undefined;
    }
  | {
      readonly mode: 'enqueue';
      /** Adds a delivery, which is plain JSON, to your queue (SQS, BullMQ, pg-boss). It must be durable when the promise resolves. */
      readonly enqueue: (delivery: WebhookDelivery) => void | Promise<void>;
      /** Maximum size of `body` as JSON in bytes. The receiver splits larger deliveries. @defaultValue no limit */
      readonly maxItemBytes?: number | undefined;
    };

/** Options of `createWebhooks`. */
export type WebhooksOptions<Tenant = never> = WebhooksBaseOptions<Tenant> & WebhooksMode;

/** A verified delivery from your queue. It is plain JSON. */
export interface WebhookDelivery {
  /** Meta's JSON, parsed. `process` ignores keys that pollute prototypes and values that are nested too deeply. */
  readonly body: unknown;
  /** The ID in `event.delivery`. @defaultValue a random one */
  readonly id?: string | undefined;
  /** Time of arrival: a date, or its ISO form. @defaultValue now */
  readonly receivedAt?: Date | string | undefined;
  /** Index of the app secret that matched. @defaultValue 0 */
  readonly secretIndex?: number | undefined;
}

/**
 * Receives webhooks and calls the handlers of their events. {@link createWebhooks} creates it.
 *
 * Each event reaches its handlers at least once. The receiver detects duplicates by `event.key`. It handles events of
 * one customer in the order of arrival, and different customers in parallel. Live events never wait for history or
 * contacts.
 */
export interface Webhooks<Tenant = never> extends Subscribable<WebhookEvents<Tenant>>, AsyncDisposable {
  /** Registers a handler, optionally for messages that pass a filter. See {@link FilteredOn}. */
  readonly on: FilteredOn<Tenant>;
  /**
   * Responds to a request of Meta, in every framework with `Request` and `Response`. You can pass it as a function. It
   * never rejects.
   *
   * - 200: all events are handled, or stored or queued, depending on `mode`.
   * - 500: an event failed. Meta redelivers for up to 7 days, and only the failed event is handled again.
   * - 401: the signature is missing or wrong.
   * - 403: the handshake has another verify token.
   * - 400, 405, 408, 413: no JSON, another method, longer than `uploadTimeoutMs`, larger than `maxBytes`.
   * - 503: the receiver is closed.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Handles a verified delivery, for example in a worker of your own queue.
   *
   * @param delivery - The delivery that `enqueue` received.
   * @throws `DeliveryNotHandledError` if some events failed. Let the queue repeat the delivery.
   */
  process(delivery: WebhookDelivery): Promise<void>;
  /**
   * Returns events as an async iterator. An event counts as handled when you request the next one. Events that the loop
   * doesn't handle are redelivered. The loop ends when the receiver is closed.
   *
   * @example
   * ```ts
   * import { createWebhooks } from 'wa-coexist/webhooks';
   *
   * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', mode: 'inbox' });
   * for await (const event of webhooks.events('echo')) console.log('typed in the app', event.message.type);
   * ```
   */
  events<Name extends keyof WebhookEvents<Tenant>>(
    name: Name,
    options?: { readonly signal?: AbortSignal },
  ): AsyncGenerator<WebhookEvents<Tenant>[Name], void, undefined>;
  /** Deliveries of the inbox that failed permanently. */
  readonly deadLetters: DeadLetters;
  /** Returns the counters since the start. */
  stats(): WebhookStats;
  /** Maximum bytes of a delivery. */
  readonly maxBytes: number;
  /** Maximum milliseconds until the body of a request has arrived. */
  readonly uploadTimeoutMs: number;
  /**
   * Rejects new deliveries (503) and waits up to `closeTimeoutMs` for running handlers. Afterwards, the deliveries of
   * unfinished events get 500, and Meta or the inbox repeats them. Handlers and loops can await `close()`. Deliveries in
   * the inbox stay there. The store stays open.
   */
  close(): Promise<void>;
}
