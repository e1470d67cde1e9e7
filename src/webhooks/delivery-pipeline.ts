/**
 * The way of a delivery from the request to the handlers. It reads from top to bottom: receive, verify, parse, accept by mode, schedule, route,
 * deduplicate, handle.
 */
import { readStream } from '../runtime/read-body.js';
import { within } from '../runtime/within.js';
import type { Claim, ClaimResult } from './claims.js';
import { reportDashboardTest } from './dashboard-test.js';
import { attachDeliveryError } from './delivery-error.js';
import type { WebhookEvent } from './fields/registry.js';
import { frameworkOf } from './framework.js';
import type { InboxDelivery } from './inbox-records.js';
import { parseJsonBody } from './json-body.js';
import { digestOf, tellsCopies } from './parsing/event-key.js';
import { parseWebhook } from './parsing/parse-webhook.js';
import { splitDelivery } from './parsing/split-delivery.js';
import type { DeliveryFacts, HandlingContext, ReceivingContext } from './pipeline-context.js';
import type { QueueKey } from './queue-key.js';
import type { HandlingResult } from './received-event.js';
import { isSignature, matchingSecret } from './signature.js';
import { tenantLookup, type TenantLookup } from './tenant-lookup.js';
import { CallbackTimeoutError, DeliveryNotHandledError, isCallbackTimeout, RawBodyMissingError } from './webhook-errors.js';
import type { WebhooksMode } from './webhooks-options.js';

/** A delivery whose signature was checked. */
interface VerifiedDelivery extends DeliveryFacts {
  readonly bytes: Uint8Array;
  /** The bytes as JSON. */
  readonly body: unknown;
}

/** Digits of the signature in the ID of a delivery: enough to be unique, too few to sign with. */
const idDigits = 32;

/** Receives a delivery. Each step returns what the next one needs, or the response that ends the request. */
export async function receiveDelivery(context: ReceivingContext, request: Request): Promise<Response> {
  try {
    const bytes = await readRequest(context, request);
    if (bytes instanceof Response) return bytes;
    const secretIndex = await verifyRequest(context, request, bytes);
    if (typeof secretIndex !== 'number') return secretIndex;
    const parsed = parseBytes(context, bytes);
    if (parsed instanceof Response) return parsed;
    const id = (request.headers.get('x-hub-signature-256') ?? '').slice('sha256='.length, 'sha256='.length + idDigits);
    return await acceptDelivery(context, { ...parsed, id, receivedAt: new Date(context.clock.now()), secretIndex });
  } catch (error) {
    // A broken connection needs no entry.
    context.logger.debug('webhook.delivery_not_handled', { deliveryId: undefined, error });
    return attachDeliveryError(respond(500), error);
  }
}

/** Step 1: the body of the request, if it is neither too large nor too slow. */
async function readRequest(context: ReceivingContext, request: Request): Promise<Uint8Array | Response> {
  const { counters, maxBytes, uploadTimeoutMs: timeoutMs, clock, closing } = context;
  if (request.bodyUsed) return rejectWithoutRawBody(context, request);
  const { headers, body } = request;
  const isTooLarge = Number(headers.get('content-length') ?? 0) > maxBytes;
  const read = isTooLarge || !body ? undefined : await readStream(body, { maxBytes, timeoutMs, clock, signal: closing });
  if (closing.aborted) return respond(503);
  if (isTooLarge || read?.type === 'too-large') {
    counters.tooLarge += 1;
    return respond(413);
  }
  if (!read) return new Uint8Array();
  return read.type === 'complete' ? read.bytes : respond(408);
}

/** Responds to a request whose raw body is gone, or that isn't a `Request`. */
export function rejectWithoutRawBody({ counters, requestLog }: ReceivingContext, request: unknown): Response {
  counters.rawBodyMissing += 1;
  const error = new RawBodyMissingError(frameworkOf(request));
  requestLog.error('webhook.raw_body_missing', { error });
  // For developers who try the endpoint by hand. It contains only what the documentation does.
  return new Response(error.message, { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

/** Step 2: the index of the app secret that signed the body. */
async function verifyRequest(context: ReceivingContext, request: Request, bytes: Uint8Array): Promise<number | Response> {
  const { appSecrets, keysOf, counters, requestLog } = context;
  const reject = (event: string, reason: string, remedy: string): Response => {
    counters.forged += 1;
    requestLog.warn(event, reason, remedy);
    return respond(401);
  };
  const signature = request.headers.get('x-hub-signature-256');
  if (signature === null) {
    const remedy = 'Meta signs every delivery: it is not from Meta, or a proxy removes the header';
    return reject('webhook.signature_missing', 'the request has no X-Hub-Signature-256 header', remedy);
  }
  // Before the look-up, so that strangers can't cause one with every request.
  if (!isSignature(signature)) {
    const reason = 'the X-Hub-Signature-256 header is not "sha256=" and 64 lower-case hexadecimal digits';
    return reject('webhook.signature_invalid', reason, 'it is not from Meta, or a proxy changes the header');
  }
  let secrets: readonly string[];
  try {
    const found = appSecrets(request, bytes);
    // To await what is there already would cost each delivery a turn.
    secrets = found instanceof Promise ? await found : found;
  } catch (error) {
    counters.notTaken += 1;
    const consequence = 'the delivery got the status 500, and Meta delivers it again';
    requestLog.error('webhook.app_secret_failed', { error, consequence });
    return attachDeliveryError(respond(500), error);
  }
  const secretIndex = matchingSecret(bytes, signature, keysOf(secrets));
  if (secretIndex !== -1) return secretIndex;
  const reason = secrets.length === 0 ? 'the appSecret function found no secret for the request' : 'the signature matches no appSecret';
  const remedy = 'it is not from Meta, or appSecret belongs to another app, or something changed the body on its way';
  return reject('webhook.signature_invalid', reason, remedy);
}

/** Step 3: the body as JSON. */
function parseBytes({ counters, logger }: ReceivingContext, bytes: Uint8Array): Pick<VerifiedDelivery, 'bytes' | 'body'> | Response {
  try {
    return { bytes, body: parseJsonBody(bytes) };
  } catch {
    counters.notJson += 1;
    logger.warn('webhook.not_json', { bytes: bytes.length });
    return respond(400);
  }
}

/**
 * Step 4: archives the delivery, and passes it on by mode. Responds in bounded time, also to a delivery that queues behind others of a
 * customer whose handlers hang. Its handlers keep running.
 */
async function acceptDelivery(context: ReceivingContext, received: VerifiedDelivery): Promise<Response> {
  const { archive, deadlines, counters, clock, handlerTimeoutMs, work, logger } = context;
  counters.deliveries += 1;
  try {
    const result = await within(clock, 2 * handlerTimeoutMs, async () => {
      work.begin();
      try {
        const { id, receivedAt, bytes } = received;
        if (archive) await deadlines.run('archive', () => archive({ id, receivedAt, bytes }));
        await passOn(context, received);
      } finally {
        work.end();
      }
    });
    if (result.type === 'late') throw new CallbackTimeoutError('The delivery', 2 * handlerTimeoutMs);
    return respond(200);
  } catch (error) {
    const { id: deliveryId } = received;
    if (error instanceof DeliveryNotHandledError) {
      // Failed handlers are in the log already.
      logger.debug('webhook.delivery_not_handled', { deliveryId, error });
    } else {
      counters.notTaken += 1;
      logger.error('webhook.delivery_not_taken', { deliveryId, error });
    }
    return attachDeliveryError(respond(500), error);
  }
}

function passOn(context: ReceivingContext, received: VerifiedDelivery): Promise<void> {
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

/** Events without a tenant wait in the inbox. */
async function handleNow(context: ReceivingContext, received: VerifiedDelivery): Promise<void> {
  const { body, bytes: _, ...facts } = received;
  const result = await handleEvents(context, parseWebhook(body), facts, 'repeated');
  if (result.unrouted.length > 0) {
    const only = result.unrouted.map(({ key }) => key);
    // By its events, too: a copy of the delivery may have others to park.
    const id = `${received.id}-parked-${digestOf(only)}`;
    await putIntoInbox(context, { ...inboxDelivery(received), id, only }, result.unrouted);
  }
  throwUnlessHandled({ ...result, unrouted: [] });
}

function inboxDelivery({ id, bytes, receivedAt, secretIndex }: VerifiedDelivery): InboxDelivery {
  return { id, text: new TextDecoder().decode(bytes), receivedAtMs: receivedAt.getTime(), secretIndex };
}

/** @throws `DeliveryNotHandledError` if some events failed. */
export function throwUnlessHandled({ failures, pending, unrouted }: HandlingResult): void {
  if (failures.length + pending + unrouted.length === 0) return;
  throw new DeliveryNotHandledError(failures.length, pending, unrouted.length, {
    cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
  });
}

/** What became of one event. */
type Outcome = 'settled' | 'pending' | { readonly failure: unknown } | { readonly unrouted: WebhookEvent };

/** Whether a delivery without a tenant is tried again, or its events go to the handlers of `unrouted` now. */
export type DeliveryTry = 'repeated' | 'last';

/** The events of one delivery, on their way to the handlers. */
interface EventBatch {
  readonly facts: DeliveryFacts;
  readonly tryKind: DeliveryTry;
  /** Looks up the tenant of an event, each one time for the delivery. Absent without `route`. */
  readonly tenantOf: TenantLookup | undefined;
}

/**
 * Step 5: schedules the events, each in the queue of its customer. What is live in a delivery goes before the rest of it. Resolves once every
 * event was tried, and never rejects.
 */
export async function handleEvents(
  context: HandlingContext,
  events: readonly WebhookEvent[],
  facts: DeliveryFacts,
  tryKind: DeliveryTry,
): Promise<HandlingResult> {
  const { scheduler, queueKeyOf, counters, logger } = context;
  if (events.length === 0) {
    counters.empty += 1;
    const remedy = 'the body has no entry[] of Meta: unwrap deliveries of AWS End User Messaging Social with parseAwsEnvelope';
    logger.warn('webhook.delivery_without_events', { deliveryId: facts.id, remedy });
  }
  const batch: EventBatch = { facts, tryKind, tenantOf: tenantLookup(context) };
  const queued = events.map((event) => ({ event, key: queueKeyOf(event) }));
  const runAll = (kind: QueueKey['kind']): Promise<readonly Outcome[]> =>
    Promise.all(
      queued.filter(({ key }) => key.kind === kind).map(({ event, key }) => scheduler.run(key, () => handleEvent(context, event, batch))),
    );
  const [only] = queued;
  // As most deliveries are.
  if (only && queued.length === 1) return toResult([await scheduler.run(only.key, () => handleEvent(context, only.event, batch))]);
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

/** Step 6: finds the tenant of an event. */
async function handleEvent(context: HandlingContext, event: WebhookEvent, batch: EventBatch): Promise<Outcome> {
  const { emitter, deadlines, counters, logger } = context;
  const { type, key, phoneNumberId } = event;
  const { tenantOf, tryKind } = batch;
  if (deadlines.isAbandoned()) {
    counters.pending += 1;
    return 'pending';
  }
  if (emitter.count(type) + emitter.count('*') === 0) {
    counters.withoutHandler += 1;
    return 'settled';
  }
  if (!tenantOf) return deduplicate(context, event, { delivery: batch.facts }, 'routed');
  let tenant: unknown;
  try {
    // Databases return null for a row that is not there.
    tenant = (await tenantOf(event)) ?? undefined;
  } catch (failure) {
    logger.error('webhook.route_failed', { type, key, phoneNumberId, error: failure });
    counters.failed += 1;
    return { failure };
  }
  if (tenant !== undefined) return deduplicate(context, event, { delivery: batch.facts, tenant }, 'routed');
  if (tryKind === 'repeated') return { unrouted: event };
  if (emitter.count('unrouted') > 0) return deduplicate(context, event, { delivery: batch.facts }, 'unrouted');
  logger.warn('webhook.unrouted_dropped', { type, key, phoneNumberId });
  counters.unrouted += 1;
  return 'settled';
}

/** What handlers get beside the event. */
interface Extras {
  readonly delivery: DeliveryFacts;
  readonly tenant?: unknown;
}

type Routing = 'routed' | 'unrouted';

/** Step 7: skips an event that was handled before, or that somebody else is handling. */
async function deduplicate(context: HandlingContext, event: WebhookEvent, extras: Extras, routing: Routing): Promise<Outcome> {
  const { claims, counters, logger } = context;
  let claim: ClaimResult | undefined;
  try {
    const claiming = tellsCopies(event.key) ? claims.claim(event.key) : undefined;
    // To await what is there already would cost each event a turn.
    claim = claiming instanceof Promise ? await claiming : claiming;
  } catch (failure) {
    logStoreFailure(context, event, 'the event was not handled, and Meta delivers it again', failure);
    counters.failed += 1;
    return { failure };
  }
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
}

/** Step 8: runs the handlers, and records the result. */
async function runHandlers(
  context: HandlingContext,
  event: WebhookEvent,
  { delivery, ...tenant }: Extras,
  routing: Routing,
  claim: Claim | undefined,
): Promise<Outcome> {
  const { counters, instrument, deadlines } = context;
  const attempt = claim?.attempt ?? 1;
  const received = { ...event, delivery: { ...delivery, attempt }, ...tenant };
  const names = routing === 'unrouted' ? (['unrouted'] as const) : ([event.type, '*'] as const);
  try {
    await instrument('webhooks.handle', () => deadlines.run(`The handler of ${event.type}`, () => emit(context, received, names)));
  } catch (failure) {
    return fail(context, event, failure, claim);
  }
  counters.handled += 1;
  try {
    const recording = claim?.done();
    if (recording) await recording;
  } catch (error) {
    // Handled all the same: to answer otherwise would be to ask for it again.
    logStoreFailure(context, event, 'the event was handled, but a copy of it would be handled again', error);
  }
  return 'settled';
}

async function fail(context: HandlingContext, event: WebhookEvent, failure: unknown, claim: Claim | undefined): Promise<Outcome> {
  const { counters, deadlines, logger } = context;
  const { type, key, phoneNumberId } = event;
  const attempt = claim?.attempt ?? 1;
  try {
    await claim?.giveBack();
  } catch (error) {
    logStoreFailure(context, event, 'the event that failed can be handled again in half a minute only', error);
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

/** Emits an event under each name that has handlers. */
async function emit(
  { emitter }: HandlingContext,
  received: object,
  names: readonly (WebhookEvent['type'] | '*' | 'unrouted')[],
): Promise<void> {
  // The same object under its own name and under '*'; the name decides which event it is.
  const event = received as never;
  const handled = names.filter((name) => emitter.count(name) > 0);
  const [first, ...others] = handled;
  if (first === undefined) return;
  if (others.length === 0) return emitter.dispatch(first, event);
  const results = await Promise.allSettled(handled.map((name) => emitter.dispatch(name, event)));
  const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, `Handlers of ${first} and of * failed.`);
  if (failures.length > 0) throw failures[0];
}

function logStoreFailure({ logger }: HandlingContext, { type, key }: WebhookEvent, consequence: string, error: unknown): void {
  logger.error('webhook.store_failed', { type, key, consequence, error });
}

function respond(status: number): Response {
  return new Response(null, { status });
}
