import { checkObject, describeValue, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { systemClock, type Clock } from '../runtime/clock.js';
import { createEmitter, type Subscribable } from '../runtime/emitter.js';
import { resolveInstrument } from '../runtime/instrument-guard.js';
import type { Instrument } from '../runtime/instrument.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import type { Logger } from '../runtime/logger.js';
import { within } from '../runtime/within.js';
import { guardStore } from '../stores/guard-store.js';
import { memoryStore } from '../stores/memory.js';
import type { Store } from '../stores/store.js';
import { checkWebhooksOptions } from './check-webhooks-options.js';
import { credentialSource, type WebhookCredential } from './credential-source.js';
import { reportDashboardTest } from './dashboard-test.js';
import { createDeadlines } from './deadlines.js';
import { createDispatcher, type DispatchResult, type Route } from './dispatcher.js';
import { eventStream } from './event-stream.js';
import { filteredOn, type FilteredOn } from './filters/filtered-handler.js';
import type { WebhookEvent } from './events/event.js';
import { digestOf } from './fields/event-key.js';
import type { DeadLetters } from './dead-letters.js';
import { createInbox, eventsOf, type InboxRetryOptions } from './inbox.js';
import type { InboxDelivery } from './inbox-records.js';
import { cleanBody, parseJsonBody } from './json-body.js';
import { memoryClaims } from './memory-claims.js';
import { parseWebhook } from './parse.js';
import { createReceiver, type GenuineDelivery } from './receiver.js';
import type { ReceivedDelivery, WebhookEvents } from './received-event.js';
import { splitDelivery } from './split-delivery.js';
import { storeClaims } from './store-claims.js';
import { createCounters, statsOf, type WebhookStats } from './stats.js';
import { CallbackTimeoutError, DeliveryNotHandledError } from './webhook-errors.js';
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

/** Options of {@link createWebhooks}. */
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
  /** Registers a handler, optionally for messages that pass a filter. See {@link FilteredOn}. */
  readonly on: FilteredOn<Tenant>;
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

const defaultHandlerTimeoutMs = 60_000;
const defaultStoreTimeoutMs = 10_000;
const defaultCloseTimeoutMs = 4_000;
/** Between the end of `close()` and the end of the callbacks that it did not wait for: those that await `close()` themselves end first. */
const abandonAfterMs = 100;

/** A little above Meta's limit of 3 MB. Source: Meta, Webhooks overview (Nov 2025). */
const defaultMaxBytes = 3 * 1024 * 1024;
const defaultParkMs = 900_000;
const defaultUploadTimeoutMs = 30_000;

/**
 * Makes a receiver of Meta's webhooks: one endpoint, however many numbers and WABAs.
 *
 * @throws `InvalidArgumentError` if an option is wrong, for example `appSecret` because an environment variable is not set.
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
  return readOptions('createWebhooks', options, buildWebhooks);
}

function buildWebhooks<Tenant>(options: WebhooksOptions<Tenant>): Webhooks<Tenant> {
  const { appSecret, verifyToken } = checkWebhooksOptions(options);
  const { maxBytes = defaultMaxBytes, parkMs = defaultParkMs, uploadTimeoutMs = defaultUploadTimeoutMs } = options;
  const { handlerTimeoutMs = defaultHandlerTimeoutMs, storeTimeoutMs = defaultStoreTimeoutMs } = options;
  const { closeTimeoutMs = defaultCloseTimeoutMs, route } = options;
  const logger = resolveLogger(options.logger);
  const clock = resolveClock(options.clock, logger);

  const deadlines = createDeadlines(clock, handlerTimeoutMs);
  const emitter = createEmitter<WebhookEvents<unknown>>((run) => deadlines.run('A handler of once', run));
  // What route returns is what the handlers of this receiver are given.
  const subscribable = emitter as unknown as Subscribable<WebhookEvents<Tenant>>;
  const counters = createCounters();
  const work = workInHand();
  const store = options.store ? guardStore(options.store, clock, storeTimeoutMs) : memoryStore({ clock });
  const instrument = resolveInstrument(options.instrument, clock, logger);
  const claims = options.store ? storeClaims(store, clock, logger) : memoryClaims(clock);
  const dispatcher = createDispatcher({ emitter, route, claims, logger, instrument, counters, deadlines });
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
    if (await inbox.take(delivery, events)) return;
    counters.duplicate += events.length;
    for (const event of events) reportDashboardTest(event, logger);
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
    const { enqueue, maxItemBytes } = options;
    const parts = splitDelivery(body, maxItemBytes);
    for (const [index, part] of parts.entries()) {
      const id = parts.length === 1 ? delivery.id : `${delivery.id}-${String(index)}`;
      const { receivedAt, secretIndex } = delivery;
      await deadlines.run('enqueue', () => enqueue({ body: part, id, receivedAt: receivedAt.toISOString(), secretIndex }));
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
    const { archive } = options;
    if (archive) await deadlines.run('archive', () => archive({ id: delivery.id, receivedAt: delivery.receivedAt, bytes }));
    await take(received);
  };
  /** Responds in bounded time, also to a delivery that queues behind others of a customer whose handlers hang. Its handlers keep running. */
  const takeInTime = async (received: GenuineDelivery): Promise<void> => {
    const result = await within(clock, 2 * handlerTimeoutMs, async () => {
      work.begin();
      try {
        await archiveAndTake(received);
      } finally {
        work.end();
      }
    });
    if (result.type === 'late') throw new CallbackTimeoutError('The delivery', 2 * handlerTimeoutMs);
  };
  // Only verified deliveries count as work: an upload of a stranger must not delay closing.
  const uploads = new AbortController();
  const receive = createReceiver({
    appSecrets: credentialSource('appSecret', appSecret, clock, storeTimeoutMs),
    verifyTokens: credentialSource('verifyToken', verifyToken, clock, storeTimeoutMs),
    ...{ maxBytes, uploadTimeoutMs, closing: uploads.signal, clock, logger, counters },
    take: takeInTime,
  });
  // What an earlier process left behind; for a receiver that only handles, what it parked.
  if (options.mode === 'inbox' || route) inbox.start();

  /** How many loops over events of a name have ended a moment ago. */
  const retired = new Map<string, number>();
  const retiredOf = (name: string): number => retired.get(name) ?? 0;

  let isClosed = false;
  const closed = new AbortController();
  const closeOnce = async (): Promise<void> => {
    isClosed = true;
    uploads.abort();
    const over = work.over().then(() => inbox.close());
    if (!(await endsWithin(clock, closeTimeoutMs, over))) {
      logger.warn('webhook.close_timed_out', { closeTimeoutMs, consequence: 'unhandled events arrive again' });
      void inbox.close();
      systemClock.schedule(() => {
        deadlines.abandon();
      }, abandonAfterMs);
    }
    closed.abort();
  };
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeOnce());
  const fetch = async (request: Request): Promise<Response> => {
    if (isClosed) return new Response(null, { status: 503 });
    try {
      return await receive(request);
    } catch (error) {
      logger.error('webhook.request_failed', { error });
      return new Response(null, { status: 500 });
    }
  };
  const process = async (delivery: WebhookDelivery): Promise<void> => {
    checkObject('webhooks.process', 'delivery', delivery);
    const { body } = delivery;
    const { id, arrivedAt, secretIndex } = deliveryFacts(delivery, clock);
    work.begin();
    try {
      counters.deliveries += 1;
      const isLast = arrivedAt.getTime() + parkMs <= clock.now();
      throwUnlessHandled(await dispatcher.handle(parseWebhook(cleanBody(body)), { id, receivedAt: arrivedAt, secretIndex }, isLast));
    } finally {
      work.end();
    }
  };

  return {
    on: filteredOn(subscribable, checkHandler),
    once: (name, handler) => {
      checkHandler('webhooks.once', name, handler);
      return subscribable.once(name, handler);
    },
    off: (name, handler) => {
      subscribable.off(name, handler);
    },
    fetch,
    process,
    events: (name, { signal } = {}) => {
      checkName('webhooks.events', name);
      return eventStream(
        {
          on: (handler) => {
            return subscribable.on(name, handler);
          },
          retire: (handler) => {
            retired.set(name, retiredOf(name) + 1);
            systemClock.schedule(() => {
              retired.set(name, retiredOf(name) - 1);
              subscribable.off(name, handler);
            }, 0);
          },
          isHandled: () => emitter.count(name) > retiredOf(name),
        },
        signal ? AbortSignal.any([signal, closed.signal]) : closed.signal,
        clock,
        handlerTimeoutMs,
      );
    },
    deadLetters: inbox.deadLetters,
    stats: () => statsOf(counters),
    maxBytes,
    uploadTimeoutMs,
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

/** Whether work ends in time, by the given clock and by the machine's, so that a clock that stands still delays nothing. Never rejects. */
async function endsWithin(clock: Clock, timeoutMs: number, work: Promise<void>): Promise<boolean> {
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  const results = [clock, systemClock].map((one) => within(one, timeoutMs, () => ended));
  return (await Promise.race(results)).type === 'done';
}

/** What a queue passes on with a body. A worker may have spoiled it: without a time no event would ever be given up on. */
function deliveryFacts(delivery: WebhookDelivery, clock: Clock): { id: string; arrivedAt: Date; secretIndex: number } {
  const { id, receivedAt, secretIndex }: { readonly [Name in keyof WebhookDelivery]: unknown } = delivery;
  const time = receivedAt instanceof Date || typeof receivedAt === 'string' ? new Date(receivedAt) : undefined;
  return {
    id: typeof id === 'string' && id !== '' ? id : crypto.randomUUID(),
    arrivedAt: time && !Number.isNaN(time.getTime()) ? time : new Date(clock.now()),
    secretIndex: typeof secretIndex === 'number' ? secretIndex : 0,
  };
}

function checkName(method: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new InvalidArgumentError(method, 'name', `must be the name of an event, but is ${describeValue(name)}`);
}

function checkHandler(method: string, name: unknown, handler: unknown): void {
  checkName(method, name);
  if (typeof handler === 'function') return;
  throw new InvalidArgumentError(method, 'handler', `must be a function, but is ${describeValue(handler)}`);
}
