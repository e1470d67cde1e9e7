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
      /** Maximum bytes of `body` as JSON. The receiver splits larger deliveries. @defaultValue no limit */
      readonly maxItemBytes?: number | undefined;
    };

/** Options of {@link createWebhooks}. */
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

const defaultHandlerTimeoutMs = 60_000;
const defaultStoreTimeoutMs = 10_000;
const defaultCloseTimeoutMs = 4_000;
/** Time between the end of `close()` and the end of unfinished callbacks. Callbacks that await `close()` end first. */
const abandonAfterMs = 100;

/** A little above Meta's limit of 3 MB. Source: Meta, Webhooks overview (Nov 2025). */
const defaultMaxBytes = 3 * 1024 * 1024;
const defaultParkMs = 900_000;
const defaultUploadTimeoutMs = 30_000;

/**
 * Creates a receiver of Meta's webhooks: one endpoint for all numbers and accounts. Serve it with its `fetch`, or with
 * `toNodeHandler` on node:http. See {@link Webhooks} for its guarantees.
 *
 * @param options - The app secret, the verify token, and how to handle deliveries. See {@link WebhooksOptions}.
 * @returns the receiver.
 * @throws `InvalidArgumentError` if an option is wrong, for example if an environment variable isn't set.
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
 *   console.log('typed in the app', event.message.id);
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
  /** Stores events without a tenant in the inbox. */
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
  /** Limits the time until the response, also for a delivery that waits behind hanging handlers. Its handlers continue to run. */
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

  /** Number of loops over events of a name that have just ended. */
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
    on: (name, handler) => {
      checkHandler('webhooks.on', name, handler);
      return subscribable.on(name, handler);
    },
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

/** @throws `DeliveryNotHandledError` if some events failed. */
function throwUnlessHandled({ failures, pending, unrouted }: DispatchResult): void {
  if (failures.length + pending + unrouted.length === 0) return;
  throw new DeliveryNotHandledError(failures.length, pending, unrouted.length, {
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}

/** Whether work ends in time, by the given clock and the system clock, because a fake clock may not advance. Never rejects. */
async function endsWithin(clock: Clock, timeoutMs: number, work: Promise<void>): Promise<boolean> {
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  const results = [clock, systemClock].map((one) => within(one, timeoutMs, () => ended));
  return (await Promise.race(results)).type === 'done';
}

/** Returns the valid properties of a delivery from a queue. Without a time, an event would be retried forever. */
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
