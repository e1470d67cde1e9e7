import type { FieldEvent } from '../events/base.js';
import type { FieldExample } from '../parsing/field-example.js';
import { singleValue } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** A field with a payload that Meta doesn't document. `value` contains all of it. */
export type UndocumentedFieldEvent =
  | FieldEvent<'business_status_update', Readonly<Record<string, unknown>>>
  | FieldEvent<'consumer_profile', Readonly<Record<string, unknown>>>
  | FieldEvent<'message_echoes', Readonly<Record<string, unknown>>>
  | FieldEvent<'tracking_events', Readonly<Record<string, unknown>>>;

type UndocumentedEvent<Type extends UndocumentedFieldEvent['type']> = Extract<UndocumentedFieldEvent, { readonly type: Type }>;

/** The field `business_status_update`. */
export const businessStatusUpdate: WebhookField<UndocumentedEvent<'business_status_update'>> = /* @__PURE__ */ singleValue<
  UndocumentedEvent<'business_status_update'>
>({}, {});

/** The field `consumer_profile`. */
export const consumerProfile: WebhookField<UndocumentedEvent<'consumer_profile'>> = /* @__PURE__ */ singleValue<
  UndocumentedEvent<'consumer_profile'>
>({}, {}, 'customer');

/** The field `message_echoes`. */
export const messageEchoes: WebhookField<UndocumentedEvent<'message_echoes'>> = /* @__PURE__ */ singleValue<
  UndocumentedEvent<'message_echoes'>
>({}, {}, 'customer');

/** The field `tracking_events`. */
export const trackingEvents: WebhookField<UndocumentedEvent<'tracking_events'>> = /* @__PURE__ */ singleValue<
  UndocumentedEvent<'tracking_events'>
>({}, {}, 'customer');

const example = {
  text: "You can subscribe to this field, but Meta doesn't document its content.",
  place: 'account',
  value: () => ({ example: true }),
} as const;

/** See {@link businessStatusUpdate}. */
export const businessStatusUpdateExample: FieldExample<UndocumentedEvent<'business_status_update'>> = example;

/** See {@link consumerProfile}. */
export const consumerProfileExample: FieldExample<UndocumentedEvent<'consumer_profile'>> = example;

/** See {@link messageEchoes}. */
export const messageEchoesExample: FieldExample<UndocumentedEvent<'message_echoes'>> = example;

/** See {@link trackingEvents}. */
export const trackingEventsExample: FieldExample<UndocumentedEvent<'tracking_events'>> = example;
