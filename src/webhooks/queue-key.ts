import { identityChangeOf } from '../identity/claim.js';
import { personKeys, type PersonKey } from '../identity/person.js';
import { joinKey } from '../runtime/keys.js';
import type { WebhookEvent } from './fields/registry.js';

/** Identifies a queue. Events of one customer, and inbox deliveries of one customer, are handled in order. */
export interface QueueKey {
  /** `sync`: historical data from the app, thousands of events at a time. It never delays live events. */
  readonly kind: 'live' | 'sync';
  /** The business number, or the WABA if there is none. Empty for a delivery about several numbers. */
  readonly number: string;
  /** The customer of the number, or the field if there is none. Empty for a delivery about several customers. */
  readonly customer: string;
}

/** Returns the queue of one event. */
function eventQueueKey({ field, wabaId, phoneNumberId, customer }: WebhookEvent): QueueKey {
  const number = phoneNumberId ?? wabaId ?? '';
  const kind = field === 'history' || field === 'smb_app_state_sync' ? 'sync' : 'live';
  return { kind, number, customer: joinKey(number, (customer && personKeys(customer)[0]) ?? field) };
}

/** Returns the queue of a delivery. Deliveries about several numbers, or several customers, share one. */
export function deliveryQueueKey(events: readonly WebhookEvent[]): QueueKey {
  const keys = events.map(eventQueueKey);
  const [first] = keys;
  const isSame = (name: 'number' | 'customer'): boolean => keys.every((key) => key[name] === first?.[name]);
  return {
    kind: first && keys.every(({ kind }) => kind === 'sync') ? 'sync' : 'live',
    number: first && isSame('number') ? first.number : '',
    customer: first && isSame('customer') ? first.customer : '',
  };
}

/** Maximum number of IDs in memory. Forgetting the oldest only affects the order of their next events. */
const maxRemembered = 10_000;

/**
 * Creates a function that returns the queue of an event, and remembers which IDs arrived together. An event with only
 * the phone number of a customer then waits behind one with only the user ID. Events after a change of identity wait
 * behind earlier ones.
 */
export function rememberQueueKeys(): (event: WebhookEvent) => QueueKey {
  // Two maps, because moving each ID to the end of a single one would take longer than all other steps.
  let recent = new Map<string, string>();
  let older = new Map<string, string>();
  const remember = (id: string, customer: string): void => {
    if (recent.get(id) === customer) return;
    if (recent.size >= maxRemembered) {
      older = recent;
      recent = new Map();
    }
    recent.set(id, customer);
  };
  return (event) => {
    const { kind, number, customer } = eventQueueKey(event);
    const previous = identityChangeOf(event)?.previous;
    const keys: readonly PersonKey[] = [...(event.customer ? personKeys(event.customer) : []), ...(previous ? personKeys(previous) : [])];
    const ids = keys.map((key) => joinKey(number, key));
    let known = customer;
    for (const id of ids) {
      const found = recent.get(id) ?? older.get(id);
      if (found === undefined) continue;
      known = found;
      break;
    }
    for (const id of ids) remember(id, known);
    return { kind, number, customer: known };
  };
}
