import { systemClock, type Clock } from '../runtime/clock.js';
import { createEmitter, type Subscribable } from '../runtime/emitter.js';
import { noInstrument, type Instrument } from '../runtime/instrument.js';
import { silentLogger, type Logger } from '../runtime/logger.js';
import { memoryStore } from '../stores/memory.js';
import type { Store } from '../stores/store.js';
import { createDispatcher, type DispatchResult, type Route } from './dispatcher.js';
import { eventStream } from './event-stream.js';
import type { WebhookEvent } from './events/event.js';
import { digestOf } from './fields/event-key.js';
import type { DeadLetters } from './dead-letters.js';
import { createInbox, eventsOf, type InboxRetryOptions } from './inbox.js';
import type { InboxDelivery } from './inbox-records.js';
import { parseJsonBody } from './json-body.js';
import { memoryClaims } from './memory-claims.js';
import { parseWebhook } from './parse.js';
import { createReceiver, type GenuineDelivery } from './receiver.js';
import type { ReceivedDelivery, WebhookEvents } from './received-event.js';
import { splitDelivery } from './split-delivery.js';
import { storeClaims } from './store-claims.js';
import { createCounters, statsOf, type WebhookStats } from './stats.js';
import { DeliveryNotHandledError } from './webhook-errors.js';
import { workInHand } from './work-in-hand.js';

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
  /** The Meta app's secret, which signs deliveries; during a rotation several, newest first. */
  readonly appSecret: string | readonly string[] | undefined;
  /** The word that you gave Meta for the handshake. */
  readonly verifyToken: string | undefined;
  /**
   * Remembers for 8 days which events were handled, so that copies are not handled again, and keeps the inbox. Processes that share a store
   * share both.
   * @defaultValue the memory of this receiver, which ends with the process
   */
  readonly store?: Store;
  /**
   * Finds whose an event is, by number and WABA; handlers get it as `event.tenant`. An event that it knows nobody for (`undefined`) is parked
   * and tried again, as the row may be written after the first webhook; when `parkMs` are over, the handlers of `unrouted` get it.
   */
  readonly route?: Route<Tenant>;
  /** Milliseconds for which an event without a tenant is tried again. @defaultValue 900 000 (15 minutes) */
  readonly parkMs?: number;
  /** Is handed every genuine delivery before anything else, and awaited; if it fails, Meta delivers again. */
  readonly archive?: (delivery: ArchivedDelivery) => void | Promise<void>;
  /** The most bytes of a delivery; Meta's limit is 3 MB. @defaultValue 3 MiB */
  readonly maxBytes?: number;
  /** How the inbox, which also keeps parked events, tries again. */
  readonly retry?: InboxRetryOptions;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /** Is told of handlers that fail, and once a minute of deliveries with a wrong signature; `console` is one. @defaultValue writes nothing */
  readonly logger?: Logger;
  /** Wraps the handling of each event (`webhooks.handle`). @defaultValue runs it */
  readonly instrument?: Instrument;
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
      readonly mode?: 'handle' | 'inbox';
    }
  | {
      readonly mode: 'enqueue';
      /** Puts a delivery, which is plain JSON, into your queue (SQS, BullMQ, pg-boss, …), durably, before it resolves. */
      readonly enqueue: (delivery: WebhookDelivery) => void | Promise<void>;
      /** The most bytes of `body` as JSON; larger deliveries are cut into several. @defaultValue as large as they come */
      readonly maxItemBytes?: number;
    };

/** Options of {@link createWebhooks}. */
export type WebhooksOptions<Tenant = never> = WebhooksBaseOptions<Tenant> & WebhooksMode;

/** A delivery whose signature was checked before, as a queue hands it over. It survives `JSON.stringify`. */
export interface WebhookDelivery {
  /** Meta's JSON, parsed. */
  readonly body: unknown;
  /** Names it in its events. @defaultValue a random one */
  readonly id?: string;
  /** When it arrived: a date, or its ISO form. @defaultValue now */
  readonly receivedAt?: Date | string;
  /** Which app secret it was signed with. @defaultValue 0 */
  readonly secretIndex?: number;
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
   * reading on; 400 for what is no JSON; 403 for a handshake with another token; 405 for other methods; 503 once closed. Never rejects.
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
  /** Takes no more deliveries (503) and waits for the handlers that are running. What lies in the inbox stays there; the store stays open. */
  close(): Promise<void>;
}

/** A little above Meta's limit of 3 MB. Source: Meta, Webhooks overview (Nov 2025). */
const defaultMaxBytes = 3 * 1024 * 1024;
const defaultParkMs = 900_000;

/**
 * Makes a receiver of Meta's webhooks: one endpoint, however many numbers and WABAs.
 *
 * @throws `TypeError` if `appSecret` or `verifyToken` is empty, as when an environment variable is missing.
 *
 * @example
 * ```ts
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('message', (event) => {
 *   if (event.message.type === 'text') console.log(event.customer?.waId, 'wrote', event.message.text.body);
 * });
 * webhooks.on('echo', (event) => {
 *   console.log('somebody answered in the app', event.message.id);
 * });
 * export default { fetch: webhooks.fetch };
 *
 * const shops = new Map([['339900112233445', { name: 'Harbor Bakery' }]]);
 * const platform = createWebhooks({
 *   appSecret: 'app-secret',
 *   verifyToken: 'verify-token',
 *   route: ({ phoneNumberId }) => shops.get(phoneNumberId ?? ''),
 * });
 * platform.on('message', (event) => {
 *   console.log(event.tenant.name);
 * });
 * ```
 */
export function createWebhooks<Tenant = never>(options: WebhooksOptions<Tenant>): Webhooks<Tenant> {
  const { verifyToken, maxBytes = defaultMaxBytes, parkMs = defaultParkMs, clock = systemClock, logger = silentLogger } = options;
  const secrets = typeof options.appSecret === 'string' ? [options.appSecret] : [...(options.appSecret ?? [])];
  // Typed as strings, but an environment variable that is not set gets past that.
  if (secrets.length === 0 || secrets.some((secret) => !secret)) throw new TypeError('createWebhooks: appSecret is empty.');
  if (!verifyToken) throw new TypeError('createWebhooks: verifyToken is empty.');

  const emitter = createEmitter<WebhookEvents<unknown>>();
  // What route returns is what the handlers of this receiver are given.
  const subscribable = emitter as unknown as Subscribable<WebhookEvents<Tenant>>;
  const counters = createCounters();
  const work = workInHand();
  const store = options.store ?? memoryStore({ clock });
  const { instrument = noInstrument, route } = options;
  const claims = options.store ? storeClaims(options.store, clock, logger) : memoryClaims(clock);
  const dispatcher = createDispatcher({ emitter, route, claims, logger, instrument, counters });
  const inbox = createInbox({
    store,
    clock,
    logger,
    parkMs,
    retry: options.retry ?? {},
    read: ({ text, only }) => eventsOf(parseWebhook(parseJsonBody(text)), only),
    run: (events, { id, receivedAtMs, secretIndex }, isLast) =>
      dispatcher.handle(events, { id, receivedAt: new Date(receivedAtMs), secretIndex }, isLast),
  });

  const putIntoInbox = async (delivery: InboxDelivery, events: readonly WebhookEvent[]): Promise<void> => {
    if (!(await inbox.take(delivery, events))) counters.duplicate += events.length;
  };
  /** Leaves what has no tenant yet in the inbox. */
  const park = async ({ bytes, delivery }: GenuineDelivery, { unrouted }: DispatchResult): Promise<void> => {
    const only = unrouted.map(({ key }) => key);
    // By its events, too: a copy of the delivery may have others to park.
    const id = `${delivery.id}-parked-${digestOf(only)}`;
    await putIntoInbox(inboxDelivery(bytes, { ...delivery, id }, only), unrouted);
  };
  const handleNow = async (received: GenuineDelivery): Promise<void> => {
    const result = await dispatcher.handle(parseWebhook(received.body), received.delivery, false);
    if (result.unrouted.length > 0) await park(received, result);
    throwUnlessHandled({ ...result, unrouted: [] });
  };
  const enqueueNow = async ({ body, delivery }: GenuineDelivery): Promise<void> => {
    if (options.mode !== 'enqueue') return;
    const { enqueue, maxItemBytes = Infinity } = options;
    const parts = splitDelivery(body, maxItemBytes);
    for (const [index, part] of parts.entries()) {
      const id = parts.length === 1 ? delivery.id : `${delivery.id}-${String(index)}`;
      await enqueue({ body: part, id, receivedAt: delivery.receivedAt.toISOString(), secretIndex: delivery.secretIndex });
    }
  };
  const take = (received: GenuineDelivery): Promise<void> => {
    const { bytes, body, delivery } = received;
    if (options.mode === 'enqueue') return enqueueNow(received);
    if (options.mode === 'inbox') return putIntoInbox(inboxDelivery(bytes, delivery), parseWebhook(body));
    return handleNow(received);
  };
  const archiveAndTake = async (received: GenuineDelivery): Promise<void> => {
    const { bytes, delivery } = received;
    await options.archive?.({ id: delivery.id, receivedAt: delivery.receivedAt, bytes });
    await take(received);
  };
  const receive = createReceiver({
    ...{ secrets, verifyToken, maxBytes, clock, logger, counters, work },
    take: options.archive ? archiveAndTake : take,
  });
  // What an earlier process left behind; for a receiver that only handles, what it parked.
  if (options.mode === 'inbox' || route) inbox.start();

  let isClosed = false;
  const closed = new AbortController();
  const close = async (): Promise<void> => {
    isClosed = true;
    await work.over();
    await inbox.close();
    closed.abort();
  };
  const process = async ({ body, id = crypto.randomUUID(), receivedAt, secretIndex = 0 }: WebhookDelivery): Promise<void> => {
    work.begin();
    try {
      counters.deliveries += 1;
      const toldAt = new Date(receivedAt ?? clock.now());
      // Without a time nothing would ever be given up on.
      const arrivedAt = Number.isNaN(toldAt.getTime()) ? new Date(clock.now()) : toldAt;
      const isLast = arrivedAt.getTime() + parkMs <= clock.now();
      throwUnlessHandled(await dispatcher.handle(parseWebhook(body), { id, receivedAt: arrivedAt, secretIndex }, isLast));
    } finally {
      work.end();
    }
  };

  return {
    on: (name, handler) => {
      subscribable.on(name, handler);
    },
    once: (name, handler) => {
      subscribable.once(name, handler);
    },
    off: (name, handler) => {
      subscribable.off(name, handler);
    },
    fetch: (request) => (isClosed ? Promise.resolve(new Response(null, { status: 503 })) : receive(request)),
    process,
    events: (name, { signal } = {}) =>
      eventStream(
        {
          on: (handler) => {
            subscribable.on(name, handler);
          },
          off: (handler) => {
            subscribable.off(name, handler);
          },
        },
        signal ? AbortSignal.any([signal, closed.signal]) : closed.signal,
      ),
    deadLetters: inbox.deadLetters,
    stats: () => statsOf(counters),
    maxBytes,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function inboxDelivery(bytes: Uint8Array, delivery: Omit<ReceivedDelivery, 'attempt'>, only?: readonly string[]): InboxDelivery {
  const { id, receivedAt, secretIndex } = delivery;
  return { id, text: new TextDecoder().decode(bytes), receivedAtMs: receivedAt.getTime(), secretIndex, ...(only && { only }) };
}

/** @throws `DeliveryNotHandledError` if some events must be handed over again. */
function throwUnlessHandled({ failures, pending, unrouted }: DispatchResult): void {
  if (failures.length + pending + unrouted.length === 0) return;
  throw new DeliveryNotHandledError(failures.length, pending, unrouted.length, {
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}
