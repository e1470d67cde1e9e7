import type { AccountErrorEvent, FieldEvent, OpenEnum } from '../events/base.js';
import type { FieldExample } from '../parsing/field-example.js';
import { fields, idText, numeric, text } from '../parsing/schema.js';
import { valueList } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** A customer's choice about marketing messages. */
export interface UserPreference {
  readonly category?: OpenEnum<'marketing_messages'>;
  /** `stop`: the customer opted out of marketing messages (131050). */
  readonly value?: OpenEnum<'stop' | 'resume'>;
  /** Human-readable text. */
  readonly detail?: string;
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly parent_user_id?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
}

/** The business-scoped user ID of a customer changed, for example with the phone number. Link both IDs. */
export interface UserIdUpdate {
  readonly wa_id?: string;
  readonly user_id?: { readonly previous?: string; readonly current?: string };
  readonly parent_user_id?: { readonly previous?: string; readonly current?: string };
  /** Human-readable text. */
  readonly detail?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
}

/** A customer opted out of marketing messages, or opted in again. */
export type UserPreferenceEvent = FieldEvent<'user_preferences', UserPreference>;
/** The business-scoped user ID of a customer changed. */
export type UserIdUpdateEvent = FieldEvent<'user_id_update', UserIdUpdate>;

const change = /* @__PURE__ */ fields<NonNullable<UserIdUpdate['user_id']>>({}, { previous: idText, current: idText });

/** The field `user_preferences`. */
export const userPreferences: WebhookField<UserPreferenceEvent | AccountErrorEvent> = /* @__PURE__ */ valueList<UserPreferenceEvent>(
  'user_preferences',
  {},
  { category: text, value: text, detail: text, wa_id: idText, user_id: idText, parent_user_id: idText, timestamp: numeric },
);

/** The field `user_id_update`. */
export const userIdUpdate: WebhookField<UserIdUpdateEvent | AccountErrorEvent> = /* @__PURE__ */ valueList<UserIdUpdateEvent>(
  'user_id_update',
  {},
  { wa_id: idText, user_id: change, parent_user_id: change, detail: text, timestamp: numeric },
);

/** See {@link userPreferences}. */
export const userPreferencesExample: FieldExample<UserPreferenceEvent, 'customer'> = {
  text: 'A customer stopped or resumed marketing messages.',
  place: 'customer',
  value: ({ person, timestamp }) => ({
    ...person,
    detail: 'User requested to stop marketing messages',
    category: 'marketing_messages',
    value: 'stop',
    timestamp,
  }),
};

/** See {@link userIdUpdate}. */
export const userIdUpdateExample: FieldExample<UserIdUpdateEvent, 'customer'> = {
  text: 'The user ID of a customer changed.',
  place: 'customer',
  value: ({ person: { wa_id, user_id: current }, timestamp }) => ({
    ...(wa_id !== undefined && { wa_id }),
    user_id: { previous: 'US.EXAMPLEPREVIOUSID', current },
    timestamp,
  }),
};
