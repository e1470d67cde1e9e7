import type { Clock } from '../runtime/clock.js';
import type { Subscribable } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { WebhookCredential } from './credential-source.js';
import type { DeadLetters } from './dead-letters.js';
import type { InboxRetryOptions } from './inbox.js';
import type { WebhookEvents } from './received-event.js';
import type { WebhookStats } from './stats.js';

/** Which number and WABA an event is for. */
export interface RouteTarget {
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
}

/** Finds whose an event is; `undefined` where nobody is known yet. */
export type Route<Tenant> = (target: RouteTarget) => Tenant | undefined | Promise<Tenant | undefined>;

/** A genuine delivery, for an archive of one's own. */
export interface ArchivedDelivery {
  /** The same for every copy of the same bytes. */
  readonly id: string;
  readonly receivedAt: Date;
  /** Exactly what Meta sent: what `wa-coexist replay` posts again. */
  readonly bytes: Uint8Array;
}

/** What every receiver takes. */
export interface WebhooksBaseOptions<Tenant = never> {
  /** The Meta app's secret, which signs deliveries. Several during a rotation, newest first, or a function that finds them for a request. */
  readonly appSecret: WebhookCredential | undefined;
  /**
   * The verify token from the app's webhook settings. Several if apps share the endpoint, or a function that finds them for a request. Tokens of
   * overrides that `subscribeApp` sets in the same process are accepted, too.
   */
  readonly verifyToken: WebhookCredential | undefined;
  /**
   * Remembers for 8 days which events were handled, so that copies are not handled again, and keeps the inbox. Processes that share a store
   * share both.
   * @defaultValue the memory of this receiver, which ends with the process
   */
  readonly store?: Store | undefined;
  /**
   * Finds whose an event is, by number and WABA; handlers get it as `event.tenant`. An event that it knows nobody for (`undefined`) is parked
   * and tried again, as the row may be written after the first webhook; when `parkMs` are over, the handlers of `unrouted` get it.
   */
  readonly route?: Route<Tenant> | undefined;
  /** Milliseconds for which an event without a tenant is tried again. @defaultValue 900 000 (15 minutes) */
  readonly parkMs?: number | undefined;
  /** Is handed every genuine delivery before anything else, and awaited; if it fails, Meta delivers again. */
  readonly archive?: ((delivery: ArchivedDelivery) => void | Promise<void>) | undefined;
  /** The most bytes of a delivery; Meta's limit is 3 MB. @defaultValue 3 MiB */
  readonly maxBytes?: number | undefined;
  /**
   * Milliseconds in which the body of a request must have arrived. Later uploads get the status 408, whether they stall or arrive slowly.
   * @defaultValue 30 000
   */
  readonly uploadTimeoutMs?: number | undefined;
  /** How the inbox, which also keeps parked events, tries again. */
  readonly retry?: InboxRetryOptions | undefined;
  /**
   * Milliseconds that a handler, `route`, `archive` or `enqueue` may take. After that the event counts as failed and is retried, and the next
   * event of the same customer is handled. A late handler keeps running, so its work may be done twice: set this above your slowest handler.
   * @defaultValue 60 000 (1 minute)
   */
  readonly handlerTimeoutMs?: number | undefined;
  /**
   * Milliseconds that one call of `store`, or of a function in `appSecret` or `verifyToken`, may take. After that it counts as failed, and Meta
   * delivers again. @defaultValue 10 000
   */
  readonly storeTimeoutMs?: number | undefined;
  /** Milliseconds that `close()` waits for running handlers. @defaultValue 4 000 */
  readonly closeTimeoutMs?: number | undefined;
  /** @defaultValue the machine's clock */
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
 * When Meta is told that a delivery arrived.
 *
 * - `handle`: once its handlers are done. For handlers that take well under a second.
 * - `inbox`: once it is durable in the store. A worker hands it on, tries again with back-off, and gives up into `deadLetters`.
 * - `enqueue`: once your own queue has it. A worker of yours calls `webhooks.process`.
 */
export type WebhooksMode =
  | {
      /** @defaultValue `'handle'` */
      readonly mode?: 'handle' | 'inbox' | undefined;
    }
  | {
      readonly mode: 'enqueue';
      /** Puts a delivery, which is plain JSON, into your queue (SQS, BullMQ, pg-boss, …), durably, before it resolves. */
      readonly enqueue: (delivery: WebhookDelivery) => void | Promise<void>;
      /** The most bytes of `body` as JSON. Larger deliveries are cut into several. @defaultValue no limit */
      readonly maxItemBytes?: number | undefined;
    };

/** Options of `createWebhooks`. */
export type WebhooksOptions<Tenant = never> = WebhooksBaseOptions<Tenant> & WebhooksMode;

/** A delivery whose signature was checked before, as a queue hands it over. It survives `JSON.stringify`. */
export interface WebhookDelivery {
  /** Meta's JSON, parsed. `process` reads a copy without keys that pollute prototypes and without values nested too deeply. */
  readonly body: unknown;
  /** Names it in its events. @defaultValue a random one */
  readonly id?: string | undefined;
  /** When it arrived: a date, or its ISO form. @defaultValue now */
  readonly receivedAt?: Date | string | undefined;
  /** Which app secret it was signed with. @defaultValue 0 */
  readonly secretIndex?: number | undefined;
}

/**
 * Receives webhooks and hands their events to handlers.
 *
 * Each event reaches its handlers at least once, and once per success: copies are told by `event.key`. Events of one customer are handled
 * in the order in which they arrived, customers side by side, and what is live never waits for history or contacts.
 */
export interface Webhooks<Tenant = never> extends Subscribable<WebhookEvents<Tenant>>, AsyncDisposable {
  /**
   * Answers a request of Meta's; for every framework that speaks `Request` and `Response`. May be passed around by itself.
   *
   * 200 once every event is handled (or, by `mode`, stored or queued); 500 if that failed, and then Meta delivers again, for up to 7 days
   * with falling frequency, and only the failed event is handled again; 401 for a wrong or missing signature; 413 beyond `maxBytes`, before
   * reading on; 408 for a body that takes longer than `uploadTimeoutMs`; 400 for what is no JSON; 403 for a handshake with another token; 405 for other methods; 503 once closed. Never rejects.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Handles a delivery that was received elsewhere, as by a worker of your own queue. Its signature must have been checked.
   * @throws `DeliveryNotHandledError` if some of its events must be handed over again: let the queue repeat the delivery.
   */
  process(delivery: WebhookDelivery): Promise<void>;
  /**
   * Events as an async iterator. An event counts as handled when the next one is asked for; those that the loop leaves behind come again.
   * The loop ends when the receiver is closed.
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
  /** Deliveries of the inbox that were given up on. */
  readonly deadLetters: DeadLetters;
  /** What became of everything so far. */
  stats(): WebhookStats;
  /** The most bytes of a delivery. */
  readonly maxBytes: number;
  /** Milliseconds in which the body of a request must have arrived. */
  readonly uploadTimeoutMs: number;
  /**
   * Rejects further deliveries (503) and waits for running handlers, for at most `closeTimeoutMs`. Events that are not handled by then are
   * not lost: their deliveries get 500, and Meta or the inbox repeats them. So handlers and loops may await `close()` themselves. What lies in
   * the inbox stays there; the store stays open.
   */
  close(): Promise<void>;
}
