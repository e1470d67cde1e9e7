import { DeliveryNotHandledError } from './webhook-errors.js';
import type { Clock } from '../runtime/clock.js';
import type { Emitter } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import { createClaims, type ClaimResult } from './claims.js';
import type { WebhookEvent } from './events/event.js';
import { tellsCopies } from './fields/event-key.js';
import { createLanes, type LanePlace, type Lanes } from './lanes.js';
import type { ReceivedDelivery, WebhookEvents } from './received-event.js';
import type { Counters } from './stats.js';

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly emitter: Emitter<WebhookEvents>;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrument: Instrument;
  readonly counters: Counters;
}

/** Hands events to handlers: each once, in order for one customer, many customers at once. */
export interface Dispatcher {
  /** Resolves once every event was handled, by this or an earlier copy. @throws `DeliveryNotHandledError` otherwise. */
  handle(events: readonly WebhookEvent[], delivery: Omit<ReceivedDelivery, 'attempt'>): Promise<void>;
}

/** How many events are handled at once; history and contacts have places of their own, so that a sync delays nothing live. */
const livePlaces = 64;
const syncPlaces = 8;

type Outcome = 'settled' | 'pending' | { readonly failure: unknown };

/** Makes a {@link Dispatcher}. */
export function createDispatcher({ emitter, store, clock, logger, instrument, counters }: DispatcherOptions): Dispatcher {
  const claims = createClaims(store, clock, logger);
  const live = createLanes(livePlaces);
  const sync = createLanes(syncPlaces);

  const runHandlers = async (event: WebhookEvent, delivery: ReceivedDelivery): Promise<void> => {
    // The same object under its own name and under '*'; the name decides which event it is.
    const received = { ...event, delivery } as never;
    const both = emitter.count(event.type) > 0 && emitter.count('*') > 0;
    if (!both) {
      await emitter.dispatch(emitter.count('*') > 0 ? '*' : event.type, received);
      return;
    }
    const results = await Promise.allSettled([emitter.dispatch(event.type, received), emitter.dispatch('*', received)]);
    const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    if (failures.length > 1) throw new AggregateError(failures, `Handlers of ${event.type} and of * failed.`);
    if (failures.length > 0) throw failures[0];
  };

  const handleOne = async (event: WebhookEvent, delivery: Omit<ReceivedDelivery, 'attempt'>): Promise<Outcome> => {
    const { type, key } = event;
    /** What the store failed to do is told; what follows from it is the caller's to decide. */
    const tellStore = (what: string) => (error: unknown) => {
      logger.error(`the store of webhook events failed: ${what}`, { type, key, error });
    };
    if (emitter.count(type) + emitter.count('*') === 0) {
      counters.withoutHandler += 1;
      return 'settled';
    }
    let claim: ClaimResult | undefined;
    try {
      if (tellsCopies(key)) claim = await claims.claim(key);
    } catch (failure) {
      tellStore('the event was not handled, and Meta delivers it again')(failure);
      counters.failed += 1;
      return { failure };
    }
    if (claim?.state === 'done') {
      counters.duplicate += 1;
      return 'settled';
    }
    if (claim?.state === 'running') {
      counters.pending += 1;
      return 'pending';
    }
    const attempt = claim?.attempt ?? 1;
    try {
      await instrument('webhooks.handle', () => runHandlers(event, { ...delivery, attempt }));
    } catch (failure) {
      logger.error('a handler of a webhook event failed; Meta delivers it again', { type, key, attempt, error: failure });
      counters.failed += 1;
      await claim?.giveBack().catch(tellStore('the event that failed can be handled again in half a minute only'));
      return { failure };
    }
    counters.handled += 1;
    // Handled all the same: to answer otherwise would be to ask for it again.
    await claim?.done().catch(tellStore('the event was handled, but a copy of it would be handled again'));
    return 'settled';
  };

  return {
    async handle(events, delivery) {
      const handleIn = (lanes: Lanes, some: readonly WebhookEvent[]): Promise<Outcome[]> =>
        Promise.all(some.map((event) => lanes.run(placeOf(event), () => handleOne(event, delivery))));
      // What is live in a delivery goes before the rest of it.
      const outcomes = await handleIn(
        live,
        events.filter((event) => !isSync(event)),
      );
      outcomes.push(...(await handleIn(sync, events.filter(isSync))));
      const failures = outcomes.flatMap((outcome): unknown[] => (typeof outcome === 'object' ? [outcome.failure] : []));
      const pending = outcomes.filter((outcome) => outcome === 'pending').length;
      if (failures.length + pending === 0) return;
      throw new DeliveryNotHandledError(failures.length, pending, {
        cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
      });
    },
  };
}

/** Whether an event belongs to what the app tells of the past, thousands at a time. */
function isSync(event: WebhookEvent): boolean {
  return event.field === 'history' || event.field === 'smb_app_state_sync';
}

/** One lane a customer of a number; events about nobody queue by number and field. */
function placeOf({ field, wabaId, phoneNumberId, customer }: WebhookEvent): LanePlace {
  const group = phoneNumberId ?? wabaId ?? '';
  return { group, lane: `${group} ${customer?.waId ?? customer?.userId ?? field}` };
}
