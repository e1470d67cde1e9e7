import type { Deliverer } from './deliverer.js';
import type { Change, WebhookValue } from './webhook-values.js';
import type { World } from './world.js';

/** Sends webhooks to those who subscribed. */
export interface Webhooks {
  /** Emits a change of a WABA. */
  emit(wabaId: string, field: string, value: WebhookValue, entry?: { readonly id?: string; readonly time?: number }): void;
}

/** Meta's rule: the app subscribes to the field, the WABA to the app, and there is a callback; else the webhook is gone for good. */
export function createWebhookSource(world: World, deliverer: Deliverer): Webhooks {
  return {
    emit(wabaId, field, value, entry = {}) {
      const { id = wabaId, time } = entry;
      const change: Change = { entryId: id, field, value, ...(time !== undefined && { time }) };
      if (!world.app.subscribedFields.has(field)) deliverer.drop(change, 'field-not-subscribed');
      else if (!world.wabas.get(wabaId)?.subscribedAppIds.has(world.app.id)) deliverer.drop(change, 'waba-not-subscribed');
      else if (deliverer.receiver === undefined) deliverer.drop(change, 'no-receiver');
      else deliverer.deliver(change);
    },
  };
}
