import { joinKey } from '../runtime/keys.js';
import type { WebhookEvent } from './events/event.js';
import type { LanePlace } from './lanes.js';

/** Whether an event belongs to what the app tells of the past, thousands at a time. */
export function isSync(event: WebhookEvent): boolean {
  return event.field === 'history' || event.field === 'smb_app_state_sync';
}

/** One lane a customer of a number; events about nobody queue by number and field. */
export function placeOf({ field, wabaId, phoneNumberId, customer }: WebhookEvent): LanePlace {
  const group = phoneNumberId ?? wabaId ?? '';
  return { group, lane: joinKey(group, customer?.waId ?? customer?.userId ?? field) };
}
