import { checkObject, describeValue, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { systemClock, type Clock } from '../runtime/clock.js';
import { createEmitter, type Subscribable } from '../runtime/emitter.js';
import { resolveInstrument } from '../runtime/instrument-guard.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { readStream } from '../runtime/read-body.js';
import { within } from '../runtime/within.js';
import { guardStore } from '../stores/guard-store.js';
import { memoryStore } from '../stores/memory.js';
import { checkWebhooksOptions } from './check-webhooks-options.js';
import { credentialSource } from './credential-source.js';
import { createDeadlines } from './callback-deadlines.js';
import { attachDeliveryError } from './delivery-error.js';
import { handleEvents, receiveDelivery, throwUnlessHandled } from './delivery-pipeline.js';
import { eventStream } from './event-stream.js';
import { frameworkOf, isRequest } from './framework.js';
import { filteredOn } from './filters/filtered-handler.js';
import { receiveHandshake, type HandshakeContext } from './handshake.js';
import { createInbox, eventsOf } from './inbox.js';
import { offerReceiver, type IncomingDelivery } from './incoming-delivery.js';
import { parseJsonBody, cleanBody } from './json-body.js';
import { memoryClaims } from './memory-claims.js';
import type { WebhookEvent } from './fields/registry.js';
import { identifiesDuplicates } from './parsing/event-key.js';
import { parseWebhook } from './parsing/parse-webhook.js';
import type { DeliveryFacts, HandlingContext, ReceivingContext } from './pipeline-context.js';
import { rememberQueueKeys } from './queue-key.js';
import type { WebhookEvents } from './received-event.js';
import { createRequestLog } from './request-log.js';
import { reservedClaim, type ReservedClaim } from './reserved-claim.js';
import { createScheduler, schedulerLimits } from './scheduler.js';
import { rememberKeys } from './signature.js';
import { createCounters, statsOf } from './stats.js';
import { storeClaims } from './store-claims.js';
import type { WebhookDelivery, Webhooks, WebhooksOptions } from './webhooks-options.js';
import { createWorkInProgress } from './work-in-progress.js';

const defaultHandlerTimeoutMs = 60_000;
const defaultStoreTimeoutMs = 10_000;
const defaultCloseTimeoutMs = 4_000;
/**
 * Time between the end of `close()` and the abandonment of unfinished callbacks. Callbacks that await `close()` end
 * first.
 */
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
  const { webhooks, start } = prepareWebhooks(options);
  start();
  return webhooks;
}

/** A receiver that doesn't process stored deliveries yet. */
export interface PreparedWebhooks<Tenant> {
  readonly webhooks: Webhooks<Tenant>;
  /** Starts to process the deliveries that an earlier process stored. Call it after all handlers are registered. */
  readonly start: () => void;
}

/** Creates a receiver for a framework that registers handlers later. See {@link createWebhooks}. */
export function prepareWebhooks<Tenant>(options: WebhooksOptions<Tenant>): PreparedWebhooks<Tenant> {
  return readOptions('createWebhooks', options, (given) => {
    const receiver = createReceiver(given);
    return {
      webhooks: connectWebhooks<Tenant>(receiver),
      start: () => {
        // Without an inbox, a receiver only stores deliveries that it parked.
        if (given.mode === 'inbox' || given.route) receiver.inbox.start();
      },
    };
  });
}

/** The state that all methods of one receiver share. */
interface Receiver extends ReceivingContext, HandshakeContext {
  readonly parkMs: number;
  readonly handlerTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly maxBytes: number;
  /** Maximum milliseconds until the body of a request has arrived. */
  readonly uploadTimeoutMs: number;
  /**
   * Aborts uploads when the receiver closes. Only verified deliveries count as work, so uploads of strangers don't
   * delay closing.
   */
  readonly uploads: AbortController;
  /** Aborts the loops over events once the receiver is closed. */
  readonly closed: AbortController;
}

/** Checks the options, and creates the parts of a receiver. */
function createReceiver<Tenant>(options: WebhooksOptions<Tenant>): Receiver {
  const { appSecret, verifyToken } = checkWebhooksOptions(options);
  const { parkMs = defaultParkMs, handlerTimeoutMs = defaultHandlerTimeoutMs, storeTimeoutMs = defaultStoreTimeoutMs } = options;
  const logger = resolveLogger(options.logger);
  const clock = resolveClock(options.clock, logger);
  const deadlines = createDeadlines(clock, handlerTimeoutMs);
  const store = options.store ? guardStore(options.store, clock, storeTimeoutMs) : memoryStore({ clock });
  const handling: HandlingContext = {
    emitter: createEmitter<WebhookEvents<unknown>>(async (run) => deadlines.run('A handler of once', run)),
    route: options.route,
    scheduler: createScheduler(schedulerLimits.events),
    queueKeyOf: rememberQueueKeys(),
    claims: options.store ? storeClaims(store, clock, logger) : memoryClaims(clock),
    deadlines,
    instrument: resolveInstrument(options.instrument, clock, logger),
    logger,
    counters: createCounters(),
  };
  const inbox = createInbox({
    store,
    clock,
    logger,
    parkMs,
    retry: options.retry ?? {},
    read: ({ text, only }) => eventsOf(parseWebhook(parseJsonBody(text)), only),
    reserve: (events) => (options.store && !options.route ? reserveFor(handling, events, clock) : undefined),
    run: (events, { id, receivedAtMs, secretIndex }, isLast, claims) => {
      const facts = { id, receivedAt: new Date(receivedAtMs), secretIndex };
      return handleEvents(claims ? { ...handling, claims } : handling, events, facts, isLast ? 'last' : 'repeated');
    },
  });
  const uploads = new AbortController();
  return {
    ...handling,
    // The socket of a delivery keeps the process alive.
    deliveryDeadlines: createDeadlines(clock, 2 * handlerTimeoutMs, { timer: 'background' }),
    delivering: options.mode === 'enqueue' ? options : { mode: options.mode },
    archive: options.archive,
    appSecrets: credentialSource('appSecret', appSecret, clock, storeTimeoutMs),
    verifyTokens: credentialSource('verifyToken', verifyToken, clock, storeTimeoutMs),
    keysOf: rememberKeys(),
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    uploadTimeoutMs: options.uploadTimeoutMs ?? defaultUploadTimeoutMs,
    closeTimeoutMs: options.closeTimeoutMs ?? defaultCloseTimeoutMs,
    requestLog: createRequestLog(clock, logger),
    work: createWorkInProgress(),
    ...{ parkMs, handlerTimeoutMs, inbox, clock, uploads, closing: uploads.signal, closed: new AbortController() },
  };
}

/** Returns the claim of a delivery with a single event that will certainly be claimed. */
function reserveFor({ emitter }: HandlingContext, events: readonly WebhookEvent[], clock: Clock): ReservedClaim | undefined {
  const [event] = events;
  if (!event || events.length > 1 || !identifiesDuplicates(event.key)) return undefined;
  return emitter.count(event.type) + emitter.count('*') === 0 ? undefined : reservedClaim(event.key, clock);
}

function connectWebhooks<Tenant>(receiver: Receiver): Webhooks<Tenant> {
  const { emitter, inbox, counters, maxBytes, uploadTimeoutMs } = receiver;
  // Handlers of this receiver receive the result of `route`.
  const subscribable = emitter as unknown as Subscribable<WebhookEvents<Tenant>>;
  let closing: Promise<void> | undefined;
  const fetch: Webhooks['fetch'] = (request) => receiveRequest(receiver, request);
  offerReceiver(fetch, (delivery) => receiveDelivery(receiver, delivery));
  const close = (): Promise<void> => (closing ??= closeReceiver(receiver));
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
    process: (delivery) => processDelivery(receiver, delivery),
    events: eventLoops(receiver, subscribable),
    deadLetters: inbox.deadLetters,
    stats: () => statsOf(counters),
    maxBytes,
    uploadTimeoutMs,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function receiveRequest(receiver: Receiver, request: Request): Promise<Response> {
  if (receiver.closing.aborted) return new Response(null, { status: 503 });
  try {
    // Handlers without TypeScript can pass the request of their framework.
    if (!isRequest(request) || request.method === 'POST') return await receivePost(receiver, request);
    if (request.method === 'GET') return await receiveHandshake(receiver, request);
    return new Response(null, { status: 405, headers: { allow: 'GET, POST' } });
  } catch (error) {
    receiver.logger.error('webhook.request_failed', { error });
    return new Response(null, { status: 500 });
  }
}

async function receivePost(receiver: Receiver, request: Request): Promise<Response> {
  const { status, text, error } = await receiveDelivery(receiver, {
    signature: isRequest(request) ? request.headers.get('x-hub-signature-256') : null,
    read: () => readRequest(receiver, request),
    toRequest: () => request,
  });
  const headers = text === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' };
  const response = new Response(text ?? null, { status, headers });
  return error === undefined ? response : attachDeliveryError(response, error);
}

/** Reads the body of a request, if it is neither too large nor too slow. */
function readRequest(
  { maxBytes, uploadTimeoutMs: timeoutMs, clock, closing: signal }: Receiver,
  request: Request,
): ReturnType<IncomingDelivery['read']> {
  if (!isRequest(request) || request.bodyUsed) return { type: 'missing', framework: frameworkOf(request) };
  const { headers, body } = request;
  if (Number(headers.get('content-length') ?? 0) > maxBytes) return { type: 'too-large' };
  return body ? readStream(body, { maxBytes, timeoutMs, clock, signal }) : { type: 'complete', bytes: new Uint8Array() };
}

async function processDelivery(receiver: Receiver, delivery: WebhookDelivery): Promise<void> {
  checkObject('webhooks.process', 'delivery', delivery);
  const { body } = delivery;
  const { work, counters, clock, parkMs } = receiver;
  const facts = readDeliveryFacts(delivery, clock);
  work.begin();
  try {
    counters.deliveries += 1;
    const isLast = facts.receivedAt.getTime() + parkMs <= clock.now();
    throwUnlessHandled(await handleEvents(receiver, parseWebhook(cleanBody(body)), facts, isLast ? 'last' : 'repeated'));
  } finally {
    work.end();
  }
}

/** Returns the valid properties of a delivery from a queue. Without a time, an event would be retried forever. */
function readDeliveryFacts(delivery: WebhookDelivery, clock: Clock): DeliveryFacts {
  const { id, receivedAt, secretIndex }: { readonly [Name in keyof WebhookDelivery]: unknown } = delivery;
  const time = receivedAt instanceof Date || typeof receivedAt === 'string' ? new Date(receivedAt) : undefined;
  return {
    id: typeof id === 'string' && id !== '' ? id : crypto.randomUUID(),
    receivedAt: time && !Number.isNaN(time.getTime()) ? time : new Date(clock.now()),
    secretIndex: typeof secretIndex === 'number' ? secretIndex : 0,
  };
}

function eventLoops<Tenant>(
  { emitter, closed, clock, handlerTimeoutMs }: Receiver,
  subscribable: Subscribable<WebhookEvents<Tenant>>,
): Webhooks<Tenant>['events'] {
  /** Number of loops over events of a name that have just ended. */
  const retired = new Map<string, number>();
  const retiredOf = (name: string): number => retired.get(name) ?? 0;
  return (name, { signal } = {}) => {
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
  };
}

async function closeReceiver({ uploads, work, inbox, clock, closeTimeoutMs, logger, deadlines, closed }: Receiver): Promise<void> {
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

function checkName(method: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new InvalidArgumentError(method, 'name', `must be the name of an event, but is ${describeValue(name)}`);
}

function checkHandler(method: string, name: unknown, handler: unknown): void {
  checkName(method, name);
  if (typeof handler === 'function') return;
  throw new InvalidArgumentError(method, 'handler', `must be a function, but is ${describeValue(handler)}`);
}
