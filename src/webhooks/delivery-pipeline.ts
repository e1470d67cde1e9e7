/**
 * The steps of a delivery from the request to the handlers, in order: receive, verify, parse, accept by mode, schedule,
 * route, deduplicate, handle.
 */
import { noInstrument } from '../runtime/instrument.js';
import { runAndEnd } from '../runtime/run-and-end.js';
import type { Claim, ClaimResult } from './claims.js';
import { reportDashboardTest } from './dashboard-test.js';
import type { WebhookEvent } from './fields/registry.js';
import type { InboxDelivery } from './inbox-records.js';
import type { IncomingDelivery, Reply } from './incoming-delivery.js';
import { parseJsonBody } from './json-body.js';
import { digestOf, identifiesDuplicates } from './parsing/event-key.js';
import { parseWebhook } from './parsing/parse-webhook.js';
import { splitDelivery } from './parsing/split-delivery.js';
import type { DeliveryFacts, HandlingContext, ReceivingContext } from './pipeline-context.js';
import type { QueueKey } from './queue-key.js';
import type { HandlingResult } from './received-event.js';
import { isSignature, matchingSecret } from './signature.js';
import { tenantLookup, type TenantLookup } from './tenant-lookup.js';
import { DeliveryNotHandledError, isCallbackTimeout, RawBodyMissingError } from './webhook-errors.js';
import type { WebhooksMode } from './webhooks-options.js';

/** A delivery with a valid signature. */
interface VerifiedDelivery extends DeliveryFacts {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The parsed JSON. */
  readonly body: unknown;
}

/** Number of signature digits in the ID of a delivery. They are unique enough, but too few to forge a signature. */
const idDigits = 32;

const decoder = /* @__PURE__ */ new TextDecoder();

/**
 * Receives a delivery. Each step returns the input of the next one, or the reply that ends the request. Never rejects.
 */
export async function receiveDelivery(context: ReceivingContext, incoming: IncomingDelivery): Promise<Reply> {
  try {
    const bytes = await readBody(context, incoming);
    if (!(bytes instanceof Uint8Array)) return bytes;
    const verifying = verifyRequest(context, incoming, bytes);
    // Awaiting a value that isn't a promise would cost each delivery a turn of the event loop.
    const secretIndex = verifying instanceof Promise ? await verifying : verifying;
    if (typeof secretIndex !== 'number') return secretIndex;
    const parsed = parseBytes(context, bytes);
    if ('status' in parsed) return parsed;
    const id = (incoming.signature ?? '').slice('sha256='.length, 'sha256='.length + idDigits);
    return await acceptDelivery(context, { ...parsed, id, receivedAt: new Date(context.clock.now()), secretIndex });
  } catch (error) {
    context.logger.error('webhook.request_failed', { error });
    return { status: 500, error };
  }
}

/** Step 1: reads the body of the request, if it is neither too large nor too slow. */
async function readBody(context: ReceivingContext, incoming: IncomingDelivery): Promise<Uint8Array | Reply> {
  const { counters, requestLog, closing, logger } = context;
  let read: Awaited<ReturnType<IncomingDelivery['read']>>;
  try {
    read = await incoming.read();
  } catch (error) {
    // A broken connection, which the client of the request causes.
    logger.debug('webhook.delivery_not_read', { error });
    return { status: 500, error };
  }
  if (read.type === 'missing') {
    counters.rawBodyMissing += 1;
    const error = new RawBodyMissingError(read.framework);
    requestLog.error('webhook.raw_body_missing', { error });
    // For developers who test the endpoint. It contains only information from the documentation.
    return { status: 500, text: error.message };
  }
  if (closing.aborted || read.type === 'aborted') return { status: 503 };
  if (read.type === 'too-large') {
    counters.tooLarge += 1;
    return { status: 413 };
  }
  return read.type === 'complete' ? read.bytes : { status: 408 };
}

/** Step 2: returns the index of the app secret that signed the body. */
function verifyRequest(context: ReceivingContext, incoming: IncomingDelivery, bytes: Uint8Array): number | Reply | Promise<number | Reply> {
  const { appSecrets, counters, requestLog } = context;
  const { signature } = incoming;
  if (signature === null) {
    const remedy = 'Meta signs every delivery, so the request is not from Meta, or a proxy removes the header';
    return rejectUnsigned(context, 'webhook.signature_missing', 'the request has no X-Hub-Signature-256 header', remedy);
  }
  // Checked before the look-up, so that strangers can't cause a look-up with every request.
  if (!isSignature(signature)) {
    const reason = 'the X-Hub-Signature-256 header is not "sha256=" and 64 lower-case hexadecimal digits';
    return rejectUnsigned(context, 'webhook.signature_invalid', reason, 'the request is not from Meta, or a proxy changes the header');
  }
  const found = appSecrets(incoming.toRequest, bytes);
  if (!(found instanceof Promise)) return matchSecrets(context, signature, bytes, found);
  return found.then(
    (secrets) => matchSecrets(context, signature, bytes, secrets),
    (error: unknown) => {
      counters.notAccepted += 1;
      const consequence = 'the receiver returned 500, and Meta will redeliver';
      requestLog.error('webhook.app_secret_failed', { error, consequence });
      return { status: 500, error };
    },
  );
}

function matchSecrets(context: ReceivingContext, signature: string, bytes: Uint8Array, secrets: readonly string[]): number | Reply {
  const secretIndex = matchingSecret(bytes, signature, context.keysOf(secrets));
  if (secretIndex !== -1) return secretIndex;
  const reason = secrets.length === 0 ? 'the appSecret function found no secret for the request' : 'the signature matches no appSecret';
  const remedy = 'the request is not from Meta, appSecret belongs to another app, or a proxy changed the body';
  return rejectUnsigned(context, 'webhook.signature_invalid', reason, remedy);
}

function rejectUnsigned({ counters, requestLog }: ReceivingContext, event: string, reason: string, remedy: string): Reply {
  counters.invalidSignature += 1;
  requestLog.warn(event, reason, remedy);
  return { status: 401 };
}

/** Step 3: parses the body. */
function parseBytes({ counters, logger }: ReceivingContext, bytes: Uint8Array): Pick<VerifiedDelivery, 'bytes' | 'text' | 'body'> | Reply {
  try {
    const text = decoder.decode(bytes);
    return { bytes, text, body: parseJsonBody(text) };
  } catch {
    counters.notJson += 1;
    logger.warn('webhook.not_json', { bytes: bytes.length });
    return { status: 400 };
  }
}

/**
 * Step 4: archives the delivery and passes it on by mode. Responds within a time limit, even if the delivery waits
 * behind others of a customer whose handlers hang. Its handlers then continue to run.
 */
async function acceptDelivery(context: ReceivingContext, received: VerifiedDelivery): Promise<Reply> {
  const { counters, deliveryDeadlines, logger, work } = context;
  counters.deliveries += 1;
  work.begin();
  try {
    const passing = deliveryDeadlines.run('The delivery', () =>
      runAndEnd(
        () => archiveAndPassOn(context, received),
        () => {
          work.end();
        },
      ),
    );
    if (passing) await passing;
    return { status: 200 };
  } catch (error) {
    const { id: deliveryId } = received;
    if (error instanceof DeliveryNotHandledError) {
      // Failed handlers are already logged.
      logger.debug('webhook.delivery_not_handled', { deliveryId, error });
    } else {
      counters.notAccepted += 1;
      logger.error('webhook.delivery_not_taken', { deliveryId, error });
    }
    return { status: 500, error };
  }
}

/**
 * Returns `undefined` if the delivery was archived and passed on synchronously, which is usual if handlers return no
 * promise.
 */
function archiveAndPassOn(context: ReceivingContext, received: VerifiedDelivery): Promise<void> | undefined {
  const { archive, deadlines } = context;
  if (!archive) return passOn(context, received);
  const archiveFirst = async (): Promise<void> => {
    const { id, receivedAt, bytes } = received;
    await deadlines.run('archive', () => archive({ id, receivedAt, bytes }));
    await passOn(context, received);
  };
  return archiveFirst();
}

function passOn(context: ReceivingContext, received: VerifiedDelivery): Promise<void> | undefined {
  if (context.delivering.mode === 'enqueue') return enqueueDelivery(context, context.delivering, received);
  if (context.delivering.mode === 'inbox') return putIntoInbox(context, inboxDelivery(received), parseWebhook(received.body));
  return handleNow(context, received);
}

async function enqueueDelivery(
  { deadlines }: ReceivingContext,
  { enqueue, maxItemBytes }: Extract<WebhooksMode, { readonly mode: 'enqueue' }>,
  { id, receivedAt, secretIndex, body }: VerifiedDelivery,
): Promise<void> {
  const parts = splitDelivery(body, maxItemBytes);
  for (const [index, part] of parts.entries()) {
    const partId = parts.length === 1 ? id : `${id}-${String(index)}`;
    await deadlines.run('enqueue', () => enqueue({ body: part, id: partId, receivedAt: receivedAt.toISOString(), secretIndex }));
  }
}

async function putIntoInbox(context: ReceivingContext, delivery: InboxDelivery, events: readonly WebhookEvent[]): Promise<void> {
  if (await context.inbox.take(delivery, events)) return;
  context.counters.duplicate += events.length;
  for (const event of events) reportDashboardTest(event, context.logger);
}

/** @throws `DeliveryNotHandledError` if some events failed. */
function handleNow(context: ReceivingContext, received: VerifiedDelivery): Promise<void> | undefined {
  const { id, receivedAt, secretIndex } = received;
  const result = handleEvents(context, parseWebhook(received.body), { id, receivedAt, secretIndex }, 'repeated');
  return result instanceof Promise
    ? result.then((found) => parkUnrouted(context, received, found))
    : parkUnrouted(context, received, result);
}

/** Stores events without a tenant in the inbox. */
function parkUnrouted(context: ReceivingContext, received: VerifiedDelivery, result: HandlingResult): Promise<void> | undefined {
  const { unrouted } = result;
  const routed = { ...result, unrouted: [] };
  if (unrouted.length === 0) {
    throwUnlessHandled(routed);
    return undefined;
  }
  const only = unrouted.map(({ key }) => key);
  // The ID also depends on the events, because a duplicate of the delivery may have others to park.
  const id = `${received.id}-parked-${digestOf(only)}`;
  return putIntoInbox(context, { ...inboxDelivery(received), id, only }, unrouted).then(() => {
    throwUnlessHandled(routed);
  });
}

function inboxDelivery({ id, text, receivedAt, secretIndex }: VerifiedDelivery): InboxDelivery {
  return { id, text, receivedAtMs: receivedAt.getTime(), secretIndex };
}

/** @throws `DeliveryNotHandledError` if some events failed. */
export function throwUnlessHandled({ failures, pending, unrouted }: HandlingResult): void {
  if (failures.length + pending + unrouted.length === 0) return;
  throw new DeliveryNotHandledError(failures.length, pending, unrouted.length, {
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}

/** The result of one event. */
type Outcome = 'settled' | 'pending' | { readonly failure: unknown } | { readonly unrouted: WebhookEvent };

/** Whether a delivery without a tenant is retried, or its events are now passed to the handlers of `unrouted`. */
export type DeliveryTry = 'repeated' | 'last';

/** The events of one delivery while they are handled. */
interface EventBatch {
  readonly facts: DeliveryFacts;
  readonly tryKind: DeliveryTry;
  /** Looks up the tenant of an event, once per delivery and number. Absent without `route`. */
  readonly tenantOf: TenantLookup | undefined;
}

/**
 * Step 5: schedules the events, each in the queue of its customer. Live events of a delivery are handled before the
 * others. Returns or resolves after an attempt for every event. Never throws.
 */
export function handleEvents(
  context: HandlingContext,
  events: readonly WebhookEvent[],
  facts: DeliveryFacts,
  tryKind: DeliveryTry,
): HandlingResult | Promise<HandlingResult> {
  const { scheduler, queueKeyOf, counters, logger } = context;
  if (events.length === 0) {
    counters.empty += 1;
    const remedy =
      "the body doesn't contain Meta's entry[]. If AWS End User Messaging Social delivered it, unwrap it with parseAwsEnvelope";
    logger.warn('webhook.delivery_without_events', { deliveryId: facts.id, remedy });
  }
  const batch: EventBatch = { facts, tryKind, tenantOf: tenantLookup(context) };
  const [only] = events;
  if (!only || events.length > 1) return handleAll(context, events, batch);
  // Most deliveries have a single event.
  const outcome = scheduler.run(queueKeyOf(only), () => handleEvent(context, only, batch));
  return outcome instanceof Promise ? outcome.then((found) => toResult([found])) : toResult([outcome]);
}

async function handleAll(context: HandlingContext, events: readonly WebhookEvent[], batch: EventBatch): Promise<HandlingResult> {
  const { scheduler, queueKeyOf } = context;
  const queued = events.map((event) => ({ event, key: queueKeyOf(event) }));
  const runAll = (kind: QueueKey['kind']): Promise<readonly Outcome[]> =>
    Promise.all(
      queued
        .filter(({ key }) => key.kind === kind)
        .map(async ({ event, key }) => await scheduler.run(key, () => handleEvent(context, event, batch))),
    );
  const live = await runAll('live');
  return toResult([...live, ...(await runAll('sync'))]);
}

function toResult(outcomes: readonly Outcome[]): HandlingResult {
  const failures: unknown[] = [];
  const unrouted: WebhookEvent[] = [];
  let pending = 0;
  for (const outcome of outcomes) {
    if (outcome === 'pending') pending += 1;
    else if (outcome !== 'settled' && 'failure' in outcome) failures.push(outcome.failure);
    else if (outcome !== 'settled') unrouted.push(outcome.unrouted);
  }
  return { failures, pending, unrouted };
}

/** Step 6: skips events without handlers, and looks up the tenants of all others. */
function handleEvent(context: HandlingContext, event: WebhookEvent, batch: EventBatch): Outcome | Promise<Outcome> {
  const { emitter, deadlines, counters } = context;
  if (deadlines.isAbandoned()) {
    counters.pending += 1;
    return 'pending';
  }
  if (emitter.count(event.type) + emitter.count('*') === 0) {
    counters.withoutHandler += 1;
    return 'settled';
  }
  const { tenantOf, facts } = batch;
  return tenantOf ? routeEvent(context, event, batch, tenantOf) : deduplicate(context, event, { delivery: facts }, 'routed');
}

async function routeEvent(context: HandlingContext, event: WebhookEvent, batch: EventBatch, tenantOf: TenantLookup): Promise<Outcome> {
  const { emitter, counters, logger } = context;
  const { type, key, phoneNumberId } = event;
  const { facts: delivery, tryKind } = batch;
  let tenant: unknown;
  try {
    // Databases return null for a missing row.
    tenant = (await tenantOf(event)) ?? undefined;
  } catch (failure) {
    logger.error('webhook.route_failed', { type, key, phoneNumberId, error: failure });
    counters.failed += 1;
    return { failure };
  }
  if (tenant !== undefined) return deduplicate(context, event, { delivery, tenant }, 'routed');
  if (tryKind === 'repeated') return { unrouted: event };
  if (emitter.count('unrouted') > 0) return deduplicate(context, event, { delivery }, 'unrouted');
  logger.warn('webhook.unrouted_dropped', { type, key, phoneNumberId });
  counters.unrouted += 1;
  return 'settled';
}

/** The data that handlers receive besides the event. */
interface Extras {
  readonly delivery: DeliveryFacts;
  readonly tenant?: unknown;
}

type Routing = 'routed' | 'unrouted';

/** Step 7: skips events that were already handled, or are being handled elsewhere. */
function deduplicate(context: HandlingContext, event: WebhookEvent, extras: Extras, routing: Routing): Outcome | Promise<Outcome> {
  const { claims, counters, logger } = context;
  const proceed = (claim: ClaimResult | undefined): Outcome | Promise<Outcome> => {
    if (claim?.state === 'done') {
      counters.duplicate += 1;
      reportDashboardTest(event, logger);
      return 'settled';
    }
    if (claim?.state === 'running') {
      counters.pending += 1;
      return 'pending';
    }
    return runHandlers(context, event, extras, routing, claim);
  };
  const claiming = identifiesDuplicates(event.key) ? claims.claim(event.key) : undefined;
  if (!(claiming instanceof Promise)) return proceed(claiming);
  return claiming.then(proceed, (failure: unknown) => {
    logStoreFailure(context, event, 'the event was not handled, and Meta will redeliver it', failure);
    counters.failed += 1;
    return { failure };
  });
}

/** Step 8: runs the handlers, and records the result. */
function runHandlers(
  context: HandlingContext,
  event: WebhookEvent,
  { delivery, ...tenant }: Extras,
  routing: Routing,
  claim: Claim | undefined,
): Outcome | Promise<Outcome> {
  const { instrument, deadlines } = context;
  const attempt = claim?.attempt ?? 1;
  const received = { ...event, delivery: { ...delivery, attempt }, ...tenant };
  const names = routing === 'unrouted' ? (['unrouted'] as const) : ([event.type, '*'] as const);
  const run = (): Promise<void> | undefined | void => deadlines.run(`The handler of ${event.type}`, () => emit(context, received, names));
  let running: ReturnType<typeof run>;
  try {
    running = instrument === noInstrument ? run() : instrument('webhooks.handle', async () => run());
  } catch (failure) {
    return fail(context, event, failure, claim);
  }
  if (!running) return recordHandled(context, event, claim);
  return running.then(
    () => recordHandled(context, event, claim),
    (failure: unknown) => fail(context, event, failure, claim),
  );
}

function recordHandled(context: HandlingContext, event: WebhookEvent, claim: Claim | undefined): Outcome | Promise<Outcome> {
  context.counters.handled += 1;
  const recording = claim?.done();
  if (!recording) return 'settled';
  return recording.then(
    () => 'settled',
    (error: unknown) => {
      // The event was handled. With an error response, Meta would redeliver it.
      logStoreFailure(context, event, 'the event was handled, but a duplicate would be handled again', error);
      return 'settled';
    },
  );
}

async function fail(context: HandlingContext, event: WebhookEvent, failure: unknown, claim: Claim | undefined): Promise<Outcome> {
  const { counters, deadlines, logger } = context;
  const { type, key, phoneNumberId } = event;
  const attempt = claim?.attempt ?? 1;
  try {
    await claim?.release();
  } catch (error) {
    logStoreFailure(context, event, 'the failed event can only be handled again after half a minute', error);
  }
  if (deadlines.isAbandoned()) {
    logger.warn('webhook.handler_abandoned', { type, key, phoneNumberId, attempt });
    counters.pending += 1;
    return 'pending';
  }
  const name = isCallbackTimeout(failure) ? 'webhook.handler_timed_out' : 'webhook.handler_failed';
  logger.error(name, { type, key, phoneNumberId, attempt, error: failure });
  counters.failed += 1;
  return { failure };
}

/** Emits an event under each name that has handlers. Returns `undefined` if all of them finished synchronously. */
function emit(
  { emitter }: HandlingContext,
  received: object,
  names: readonly (WebhookEvent['type'] | '*' | 'unrouted')[],
): Promise<void> | undefined {
  // The same object is emitted under its own name and under '*'. The compiler can't relate the name to its event type.
  const event = received as never;
  const running = names.flatMap((name) => emitter.dispatch(name, event) ?? []);
  return running.length > 1 ? allEmitted(running, names) : running[0];
}

async function allEmitted(running: readonly Promise<void>[], names: readonly string[]): Promise<void> {
  const results = await Promise.allSettled(running);
  const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, `Handlers of ${names.join(' and of ')} failed.`);
  if (failures.length > 0) throw failures[0];
}

function logStoreFailure({ logger }: HandlingContext, { type, key }: WebhookEvent, consequence: string, error: unknown): void {
  logger.error('webhook.store_failed', { type, key, consequence, error });
}
