import type { Emitter } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import { defined } from '../runtime/json.js';
import { joinKey } from '../runtime/keys.js';
import type { Claims, ClaimResult } from './claims.js';
import type { Deadlines } from './deadlines.js';
import { reportDashboardTest } from './dashboard-test.js';
import { isSync, rememberPlaces } from './event-place.js';
import type { WebhookEvent } from './events/event.js';
import { tellsCopies } from './fields/event-key.js';
import { createLanes, type Lanes } from './lanes.js';
import type { ReceivedDelivery, WebhookEvents } from './received-event.js';
import type { Counters } from './stats.js';
import { CallbackTimeoutError } from './webhook-errors.js';

/** Which number and WABA an event is for. */
export interface RouteTarget {
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
}

/** Returns the tenant of an event, or `undefined` if it isn't known yet. */
export type Route<Tenant> = (target: RouteTarget) => Tenant | undefined | Promise<Tenant | undefined>;

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly emitter: Emitter<WebhookEvents<unknown>>;
  readonly route: Route<unknown> | undefined;
  readonly claims: Claims;
  readonly logger: Logger;
  readonly instrument: Instrument;
  readonly counters: Counters;
  readonly deadlines: Deadlines;
}

/** What became of the events of a delivery; all lists empty: every one was handled, by this or an earlier copy. */
export interface DispatchResult {
  /** What handlers, `route` or the store threw. */
  readonly failures: readonly unknown[];
  /** How many events another process is handling at this moment, or were left when the receiver closed. */
  readonly pending: number;
  /** Events that no tenant is known for. */
  readonly unrouted: readonly WebhookEvent[];
}

/** Hands events to handlers: each once, in order for one customer, many customers at once. */
export interface Dispatcher {
  /** Resolves after one attempt for each event. `isLast`: calls the handlers of `unrouted` for events without a tenant. Never rejects. */
  handle(events: readonly WebhookEvent[], delivery: Omit<ReceivedDelivery, 'attempt'>, isLast: boolean): Promise<DispatchResult>;
}

/**
 * How many events of history and contacts one number has handled at once. Live events have no such limit: with any limit, that many slow
 * customers would hold up the next one.
 */
const mostOfSync = 8;

type Outcome = 'settled' | 'pending' | { readonly failure: unknown } | { readonly unrouted: WebhookEvent };

/** The tenants of one delivery, looked up once each. */
type Tenants = (event: WebhookEvent) => Promise<unknown>;

/** Makes a {@link Dispatcher}. */
export function createDispatcher({ emitter, route, claims, logger, instrument, counters, deadlines }: DispatcherOptions): Dispatcher {
  const live = createLanes(Infinity);
  const sync = createLanes(mostOfSync);
  const placeOf = rememberPlaces();

  const runHandlers = (event: WebhookEvent, received: object, isRouted: boolean): Promise<void> => {
    // The same object under its own name and under '*'; the name decides which event it is.
    const given = received as never;
    if (!isRouted) return emitter.dispatch('unrouted', given);
    if (emitter.count('*') === 0) return emitter.dispatch(event.type, given);
    if (emitter.count(event.type) === 0) return emitter.dispatch('*', given);
    return dispatchBoth(event.type, given);
  };

  const dispatchBoth = async (type: WebhookEvent['type'], given: never): Promise<void> => {
    const results = await Promise.allSettled([emitter.dispatch(type, given), emitter.dispatch('*', given)]);
    const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    if (failures.length > 1) throw new AggregateError(failures, `Handlers of ${type} and of * failed.`);
    if (failures.length > 0) throw failures[0];
  };

  /** Looks up the tenants of one delivery, each once. */
  const tenantsOf = (lookUp: Route<unknown>): Tenants => {
    const found = new Map<string, Promise<unknown>>();
    return ({ wabaId, phoneNumberId }) => {
      const key = joinKey(wabaId, phoneNumberId);
      const known = found.get(key) ?? deadlines.run('route', () => lookUp(defined({ wabaId, phoneNumberId })));
      found.set(key, known);
      return known;
    };
  };

  const logStore = ({ type, key }: WebhookEvent, consequence: string, error: unknown): void => {
    logger.error('webhook.store_failed', { type, key, consequence, error });
  };

  const handleOne = async (
    event: WebhookEvent,
    delivery: Omit<ReceivedDelivery, 'attempt'>,
    tenants: Tenants | undefined,
    isLast: boolean,
  ): Promise<Outcome> => {
    const { type, key, phoneNumberId } = event;
    if (deadlines.isAbandoned()) {
      counters.pending += 1;
      return 'pending';
    }
    if (emitter.count(type) + emitter.count('*') === 0) {
      counters.withoutHandler += 1;
      return 'settled';
    }
    let tenant: unknown;
    if (tenants) {
      try {
        // Databases return null for a row that is not there.
        tenant = (await tenants(event)) ?? undefined;
      } catch (failure) {
        logger.error('webhook.route_failed', { type, key, phoneNumberId, error: failure });
        counters.failed += 1;
        return { failure };
      }
      if (tenant === undefined && !isLast) return { unrouted: event };
    }
    const isRouted = !tenants || tenant !== undefined;
    if (!isRouted && emitter.count('unrouted') === 0) {
      logger.warn('webhook.unrouted_dropped', { type, key, phoneNumberId });
      counters.unrouted += 1;
      return 'settled';
    }
    let claim: ClaimResult | undefined;
    try {
      const claiming = tellsCopies(key) ? claims.claim(key) : undefined;
      // To await what is there already would cost each event a turn.
      claim = claiming instanceof Promise ? await claiming : claiming;
    } catch (failure) {
      logStore(event, 'the event was not handled, and Meta delivers it again', failure);
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
    const attempt = claim?.attempt ?? 1;
    try {
      const known = { ...event, delivery: { ...delivery, attempt } };
      const received = tenant === undefined ? known : { ...known, tenant };
      await instrument('webhooks.handle', () => deadlines.run(`The handler of ${type}`, () => runHandlers(event, received, isRouted)));
    } catch (failure) {
      try {
        await claim?.giveBack();
      } catch (error) {
        logStore(event, 'the event that failed can be handled again in half a minute only', error);
      }
      if (deadlines.isAbandoned()) {
        logger.warn('webhook.handler_abandoned', { type, key, phoneNumberId, attempt });
        counters.pending += 1;
        return 'pending';
      }
      const name = isTimeout(failure) ? 'webhook.handler_timed_out' : 'webhook.handler_failed';
      logger.error(name, { type, key, phoneNumberId, attempt, error: failure });
      counters.failed += 1;
      return { failure };
    }
    counters.handled += 1;
    try {
      const recording = claim?.done();
      if (recording) await recording;
    } catch (error) {
      // Handled all the same: to answer otherwise would be to ask for it again.
      logStore(event, 'the event was handled, but a copy of it would be handled again', error);
    }
    return 'settled';
  };

  return {
    async handle(events, delivery, isLast) {
      if (events.length === 0) {
        counters.empty += 1;
        const remedy = 'the body has no entry[] of Meta: unwrap deliveries of AWS End User Messaging Social with parseAwsEnvelope';
        logger.warn('webhook.delivery_without_events', { deliveryId: delivery.id, remedy });
      }
      const tenants = route && tenantsOf(route);
      const runIn = (lanes: Lanes, event: WebhookEvent): Promise<Outcome> =>
        lanes.run(placeOf(event), () => handleOne(event, delivery, tenants, isLast));
      const [only] = events;
      let outcomes: readonly Outcome[];
      if (events.length === 1 && only) {
        // As most deliveries are.
        outcomes = [await runIn(isSync(only) ? sync : live, only)];
      } else {
        // What is live in a delivery goes before the rest of it.
        const now = await Promise.all(events.filter((event) => !isSync(event)).map((event) => runIn(live, event)));
        outcomes = [...now, ...(await Promise.all(events.filter(isSync).map((event) => runIn(sync, event))))];
      }
      const failures: unknown[] = [];
      const unrouted: WebhookEvent[] = [];
      let pending = 0;
      for (const outcome of outcomes) {
        if (outcome === 'pending') pending += 1;
        else if (outcome !== 'settled' && 'failure' in outcome) failures.push(outcome.failure);
        else if (outcome !== 'settled') unrouted.push(outcome.unrouted);
      }
      return { failures, pending, unrouted };
    },
  };
}

/** Handlers can throw anything, also a proxy that throws when it is looked at. */
function isTimeout(failure: unknown): boolean {
  try {
    return failure instanceof CallbackTimeoutError;
  } catch {
    return false;
  }
}
