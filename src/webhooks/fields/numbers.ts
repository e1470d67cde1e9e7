import type { FieldEvent, OpenEnum } from '../events/base.js';
import type { FieldExample } from '../parsing/field-example.js';
import { idText, list, numeric, text } from '../parsing/schema.js';
import { singleValue } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** A number's quality, limit or throughput changed. */
export interface PhoneNumberQualityUpdate {
  /** Only `ONBOARDING` and `THROUGHPUT_UPGRADE` are documented. */
  readonly event: OpenEnum<'ONBOARDING' | 'THROUGHPUT_UPGRADE' | 'FLAGGED' | 'UNFLAGGED' | 'UPGRADE' | 'DOWNGRADE'>;
  readonly display_phone_number?: string;
  /** Removed in February 2026. */
  readonly old_limit?: string;
  /** Removed in February 2026. */
  readonly current_limit?: string;
  /** `TIER_…` or a number. -1 means no limit. */
  readonly max_daily_conversations_per_business?: number | string;
}

/** Meta decided on the name that customers see. */
export interface PhoneNumberNameUpdate {
  readonly decision: OpenEnum<'APPROVED' | 'DEFERRED' | 'PENDING' | 'REJECTED'>;
  readonly display_phone_number?: string;
  readonly requested_verified_name?: string;
  readonly rejection_reason?: OpenEnum<
    | 'NAME_EMPLOYEE_ISSUE'
    | 'NAME_ENDCLIENT_NOTRELATED'
    | 'NAME_FORMAT_UNACCEPTABLE'
    | 'NAME_INDIVIDUAL_ISSUE'
    | 'NAME_NOT_CONSISTENT'
    | 'UNKNOWN'
  >;
}

/** The two-step verification PIN of a number was changed, or its removal was requested. */
export interface SecurityUpdate {
  readonly event: OpenEnum<'PIN_CHANGED' | 'PIN_RESET_REQUEST' | 'PIN_REQUEST_SUCCESS'>;
  readonly display_phone_number?: string;
  /** ID of the person who requested it. */
  readonly requester?: string;
}

/** A business username was approved, reserved or deleted. */
export interface BusinessUsernameUpdate {
  readonly status: OpenEnum<'approved' | 'deleted' | 'reserved'>;
  readonly display_phone_number?: string;
  readonly username?: string;
  /** `revoked` if Meta withdrew the username (24 Sep 2026). */
  readonly context?: OpenEnum<'revoked'>;
}

/** Meta decided on a username for a number. */
export interface PhoneNumberUsernameUpdate {
  readonly decision: string;
  readonly display_phone_number?: string;
  readonly requested_username?: string;
  readonly rejection_reasons?: readonly string[];
}

/** A number's quality, limit or throughput changed. */
export type PhoneNumberQualityUpdateEvent = FieldEvent<'phone_number_quality_update', PhoneNumberQualityUpdate>;
/** Meta decided on the name that customers see. */
export type PhoneNumberNameUpdateEvent = FieldEvent<'phone_number_name_update', PhoneNumberNameUpdate>;
/** The PIN of a number was changed or requested. If it wasn't you, check this immediately. */
export type SecurityEvent = FieldEvent<'security', SecurityUpdate>;
/** A business username was approved, reserved or deleted. Both spellings of the field are in use. */
export type BusinessUsernameUpdateEvent = FieldEvent<
  'business_username_update',
  BusinessUsernameUpdate,
  'business_username_update' | 'business_username_updates'
>;
/** Meta decided on a username for a number. */
export type PhoneNumberUsernameUpdateEvent = FieldEvent<'phone_number_username_update', PhoneNumberUsernameUpdate>;

const display = { display_phone_number: idText };

/** The field `phone_number_quality_update`. */
export const phoneNumberQualityUpdate: WebhookField<PhoneNumberQualityUpdateEvent> =
  /* @__PURE__ */ singleValue<PhoneNumberQualityUpdateEvent>(
    { event: text },
    { ...display, old_limit: text, current_limit: text, max_daily_conversations_per_business: numeric },
  );

/** The field `phone_number_name_update`. */
export const phoneNumberNameUpdate: WebhookField<PhoneNumberNameUpdateEvent> = /* @__PURE__ */ singleValue<PhoneNumberNameUpdateEvent>(
  { decision: text },
  { ...display, requested_verified_name: text, rejection_reason: text },
);

/** The field `security`. */
export const security: WebhookField<SecurityEvent> = /* @__PURE__ */ singleValue<SecurityEvent>(
  { event: text },
  { ...display, requester: text },
);

/** The field `business_username_update`, in both spellings. */
export const businessUsernameUpdate: WebhookField<BusinessUsernameUpdateEvent> = /* @__PURE__ */ singleValue<BusinessUsernameUpdateEvent>(
  { status: text },
  { ...display, username: text, context: text },
  'business',
  'business_username_update',
);

/** The field `phone_number_username_update`. */
export const phoneNumberUsernameUpdate: WebhookField<PhoneNumberUsernameUpdateEvent> =
  /* @__PURE__ */ singleValue<PhoneNumberUsernameUpdateEvent>(
    { decision: text },
    { ...display, requested_username: text, rejection_reasons: /* @__PURE__ */ list(text) },
  );

/** See {@link phoneNumberQualityUpdate}. */
export const phoneNumberQualityUpdateExample: FieldExample<PhoneNumberQualityUpdateEvent> = {
  text: 'The quality, the messaging limit or the throughput of a number changed.',
  place: 'account',
  value: ({ number }) => ({ display_phone_number: number.waId, event: 'THROUGHPUT_UPGRADE', current_limit: 'TIER_UNLIMITED' }),
};

/** See {@link phoneNumberNameUpdate}. */
export const phoneNumberNameUpdateExample: FieldExample<PhoneNumberNameUpdateEvent> = {
  text: 'Meta reviewed the display name of a number.',
  place: 'account',
  value: ({ number }) => ({ display_phone_number: number.waId, decision: 'APPROVED', requested_verified_name: 'Harbor Bakery' }),
};

/** See {@link security}. */
export const securityExample: FieldExample<SecurityEvent> = {
  text: 'The PIN of a number was changed or requested. Check this immediately if it was not you.',
  place: 'account',
  value: ({ number }) => ({ display_phone_number: number.waId, event: 'PIN_CHANGED', requester: '778800991122' }),
};

/** See {@link businessUsernameUpdate}. */
export const businessUsernameUpdateExample: FieldExample<BusinessUsernameUpdateEvent> = {
  text: 'A username of the business was approved, reserved or deleted.',
  place: 'account',
  field: 'business_username_updates',
  value: ({ number }) => ({ display_phone_number: number.waId, username: 'harbor.bakery', status: 'approved' }),
};

/** See {@link phoneNumberUsernameUpdate}. */
export const phoneNumberUsernameUpdateExample: FieldExample<PhoneNumberUsernameUpdateEvent> = {
  text: 'Meta reviewed the username of a number.',
  place: 'account',
  value: ({ number }) => ({ display_phone_number: number.waId, decision: 'APPROVED', requested_username: 'harbor.bakery' }),
};
