import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { changeFor } from '../payloads/webhook-payload.js';
import type { WebhookPayloadOverrides } from '../payloads/payload-overrides.js';
import type { Deliverer } from './deliverer.js';
import type { Change, WebhookValue } from './webhook-values.js';
import type { BusinessNumber, Waba } from './entities.js';
import type { World } from './world.js';

/** Sends webhooks to those who subscribed. */
export interface Webhooks {
  /** Emits a change of a number. */
  emit(number: BusinessNumber, field: string, value: WebhookValue, entry?: { readonly id?: string; readonly time?: number }): void;
  /** Emits the payload of an event, in the shape that `webhookPayload` makes. */
  emitEvent<Type extends WebhookEvent['type']>(
    source: BusinessNumber | Waba,
    type: Type,
    overrides?: Omit<WebhookPayloadOverrides[Type], 'wabaId' | 'phoneNumberId' | 'displayPhoneNumber' | 'occurredAt'>,
  ): void;
  /** The change of a number with its place and callback, to be passed on later. */
  changeOf(number: BusinessNumber, field: string, value: WebhookValue): Change;
  /** Emits a change that was made before. */
  pass(change: Change): void;
}

/** Meta's rule: the app subscribes to the field, the WABA to the app, and there is a callback; else the webhook is gone for good. */
export function createWebhookSource(world: World, deliverer: Deliverer): Webhooks {
  /** Callbacks of number and WABA are only for `messages`. Source: Meta, Webhook overrides (Nov 2025). */
  const placed = (change: Change, wabaId: string, number: BusinessNumber | undefined): Change => {
    const override = change.field === 'messages' ? (number?.override ?? world.wabas.get(wabaId)?.override) : undefined;
    return { ...change, wabaId, ...(override && { callbackUrl: override.callbackUrl }) };
  };
  const pass = (change: Change): void => {
    const { wabaId = change.entryId, callbackUrl } = change;
    if (!world.app.subscribedFields.has(change.field)) deliverer.drop(change, 'field-not-subscribed');
    else if (!world.wabas.get(wabaId)?.subscribedAppIds.has(world.app.id)) deliverer.drop(change, 'waba-not-subscribed');
    else if (callbackUrl === undefined && deliverer.receiver === undefined) deliverer.drop(change, 'no-receiver');
    else deliverer.deliver(change);
  };
  const changeOf = (
    number: BusinessNumber,
    field: string,
    value: WebhookValue,
    entry: { readonly id?: string; readonly time?: number } = {},
  ): Change => {
    const { id = number.wabaId, time } = entry;
    return placed({ entryId: id, field, value, ...(time !== undefined && { time }) }, number.wabaId, number);
  };
  return {
    changeOf,
    pass,
    emit(number, field, value, entry) {
      pass(changeOf(number, field, value, entry));
    },
    emitEvent(source, type, overrides) {
      const number = 'wabaId' in source ? source : [...world.numbers.values()].find(({ wabaId }) => wabaId === source.id);
      const wabaId = 'wabaId' in source ? source.wabaId : source.id;
      const place = {
        wabaId,
        ...(number && { phoneNumberId: number.id, displayPhoneNumber: number.waId }),
        occurredAt: new Date(world.now()),
      };
      pass(placed(changeFor(type, { ...place, ...overrides }), wabaId, number));
    },
  };
}
