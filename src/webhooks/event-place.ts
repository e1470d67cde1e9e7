import { identityChangeOf } from '../identity/claim.js';
import { personKeys, type PersonKey } from '../identity/person.js';
import { joinKey } from '../runtime/keys.js';
import type { WebhookEvent } from './events/event.js';
import type { LanePlace } from './lanes.js';

/** Whether an event belongs to the history or contacts, which arrive by the thousand. */
export function isSync(event: WebhookEvent): boolean {
  return event.field === 'history' || event.field === 'smb_app_state_sync';
}

/** One lane for each customer of a number; events without a customer queue by number and field. */
export function placeOf({ field, wabaId, phoneNumberId, customer }: WebhookEvent): LanePlace {
  const group = phoneNumberId ?? wabaId ?? '';
  return { group, lane: joinKey(group, (customer && personKeys(customer)[0]) ?? field) };
}

/** IDs whose lane is remembered. Beyond this number the oldest are forgotten, which costs only the order of their next events. */
const maxRemembered = 10_000;

/**
 * Makes a {@link placeOf} that remembers which IDs arrived together: an event that has only the phone number of a customer queues behind
 * one that has only the user ID. Events after a change of identity queue behind those from before.
 */
export function rememberPlaces(): (event: WebhookEvent) => LanePlace {
  const lanes = new Map<string, string>();
  return (event) => {
    const place = placeOf(event);
    const ids = [event.customer, identityChangeOf(event)?.previous];
    const keys = ids.flatMap((one) => (one ? personKeys(one).map((key: PersonKey) => joinKey(place.group, key)) : []));
    const lane = keys.map((key) => lanes.get(key)).find((known) => known !== undefined) ?? place.lane;
    for (const key of keys) {
      // Written last, so that the first key of the map is the oldest.
      lanes.delete(key);
      lanes.set(key, lane);
    }
    for (const key of lanes.keys()) {
      if (lanes.size <= maxRemembered) break;
      lanes.delete(key);
    }
    return { group: place.group, lane };
  };
}
