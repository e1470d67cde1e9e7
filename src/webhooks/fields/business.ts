import type { AccountErrorEvent, FieldEvent, OpenEnum } from '../events/base.js';
import type { FieldExample } from '../parsing/field-example.js';
import { anything, fields, idText, numeric, text } from '../parsing/schema.js';
import { singleValue, valueList } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** The result of Meta's review of the WABA. */
export interface AccountReviewUpdate {
  readonly decision: OpenEnum<'APPROVED' | 'REJECTED' | 'PENDING' | 'DEFERRED'>;
}

/** A problem or a change of the business or a number, for your team to check. */
export interface AccountAlert {
  readonly entity_type?: OpenEnum<'BUSINESS' | 'PHONE_NUMBER' | 'CURRENT_STATUS_ID'>;
  readonly entity_id?: string;
  readonly alert_info?: {
    readonly alert_severity?: OpenEnum<'CRITICAL' | 'INFORMATIONAL' | 'WARNING'>;
    readonly alert_status?: OpenEnum<'ACTIVE' | 'NONE'>;
    readonly alert_type?: OpenEnum<
      | 'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED'
      | 'INCREASED_CAPABILITIES_ELIGIBILITY_FAILED'
      | 'INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO'
      | 'OBA_APPROVED'
      | 'OBA_REJECTED'
      | 'PROFILE_PICTURE_LOST'
    >;
    readonly alert_description?: string;
  };
}

/** The settings of a number changed. */
export interface AccountSettingsUpdate {
  readonly type: OpenEnum<'PHONE_NUMBER_SETTINGS'>;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  readonly phone_number_settings?: {
    readonly phone_number_id?: string;
    /** The same object as in `GET /{phone-number-id}/settings`. */
    readonly calling?: unknown;
  };
}

/** The limits of the business: how many customers per day it may contact first, and how many numbers it may have. */
export interface BusinessCapabilityUpdate {
  /** `TIER_…` or a number. -1 means no limit. */
  readonly max_daily_conversations_per_business?: number | string;
  /** Removed in February 2026. */
  readonly max_daily_conversation_per_phone?: number | string;
  readonly max_phone_numbers_per_business?: number | string;
  readonly max_phone_numbers_per_waba?: number | string;
}

/**
 * A multi-partner solution was created or changed. The ID of the entry is the partner's business portfolio, so there is
 * no `wabaId`.
 */
export interface PartnerSolution {
  readonly event: OpenEnum<'SOLUTION_CREATED' | 'SOLUTION_UPDATED'>;
  readonly solution_id?: string;
  readonly solution_status?: OpenEnum<'ACTIVE' | 'DEACTIVATED' | 'DRAFT' | 'INITIATED' | 'PENDING_DEACTIVATION' | 'REJECTED'>;
}

/** A payment configuration was created or changed (India). */
export interface PaymentConfigurationUpdate {
  readonly configuration_name?: string;
  readonly provider_name?: OpenEnum<'billdesk' | 'payu' | 'razorpay' | 'zaakpay'>;
  readonly provider_mid?: string;
  readonly status?: OpenEnum<'Active' | 'Needs Connecting' | 'Needs Testing'>;
  /** Unix seconds. */
  readonly created_timestamp?: number | string;
  /** Unix seconds. */
  readonly updated_timestamp?: number | string;
}

/** Meta detected a lead or a purchase in a conversation that started with an ad. */
export interface AutomaticEvent {
  /** The wamid of the message in which it was detected. */
  readonly id?: string;
  readonly event_name: OpenEnum<'LeadSubmitted' | 'Purchase'>;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  readonly ctwa_clid?: string;
  readonly custom_data?: { readonly currency?: string; readonly value?: number | string };
}

/** Meta reviewed the WABA. */
export type AccountReviewUpdateEvent = FieldEvent<'account_review_update', AccountReviewUpdate>;
/** A problem or a change of the business or a number, for your team to check. */
export type AccountAlertEvent = FieldEvent<'account_alerts', AccountAlert>;
/** The settings of a number changed. */
export type AccountSettingsUpdateEvent = FieldEvent<'account_settings_update', AccountSettingsUpdate>;
/** The limits of the business changed. */
export type BusinessCapabilityUpdateEvent = FieldEvent<'business_capability_update', BusinessCapabilityUpdate>;
/** A multi-partner solution was created or changed. */
export type PartnerSolutionEvent = FieldEvent<'partner_solutions', PartnerSolution>;
/** A payment configuration was created or changed. */
export type PaymentConfigurationUpdateEvent = FieldEvent<'payment_configuration_update', PaymentConfigurationUpdate>;
/** Meta detected a lead or a purchase in a conversation. */
export type AutomaticEventEvent = FieldEvent<'automatic_events', AutomaticEvent>;

/** The field `account_alerts`. */
export const accountAlerts: WebhookField<AccountAlertEvent> = /* @__PURE__ */ singleValue<AccountAlertEvent>(
  {},
  {
    entity_type: text,
    entity_id: idText,
    alert_info: /* @__PURE__ */ fields<NonNullable<AccountAlert['alert_info']>>(
      {},
      { alert_severity: text, alert_status: text, alert_type: text, alert_description: text },
    ),
  },
);

/** The field `account_review_update`. */
export const accountReviewUpdate: WebhookField<AccountReviewUpdateEvent> = /* @__PURE__ */ singleValue<AccountReviewUpdateEvent>(
  { decision: text },
  {},
);

/** The field `account_settings_update`. */
export const accountSettingsUpdate: WebhookField<AccountSettingsUpdateEvent> = /* @__PURE__ */ singleValue<AccountSettingsUpdateEvent>(
  { type: text },
  {
    timestamp: numeric,
    phone_number_settings: /* @__PURE__ */ fields<NonNullable<AccountSettingsUpdate['phone_number_settings']>>(
      {},
      { phone_number_id: idText, calling: anything },
    ),
  },
);

/** The field `business_capability_update`. */
export const businessCapabilityUpdate: WebhookField<BusinessCapabilityUpdateEvent> =
  /* @__PURE__ */ singleValue<BusinessCapabilityUpdateEvent>(
    {},
    {
      max_daily_conversations_per_business: numeric,
      max_daily_conversation_per_phone: numeric,
      max_phone_numbers_per_business: numeric,
      max_phone_numbers_per_waba: numeric,
    },
  );

/** The field `partner_solutions`. */
export const partnerSolutions: WebhookField<PartnerSolutionEvent> = /* @__PURE__ */ singleValue<PartnerSolutionEvent>(
  { event: text },
  { solution_id: idText, solution_status: text },
);

/** The field `payment_configuration_update`. */
export const paymentConfigurationUpdate: WebhookField<PaymentConfigurationUpdateEvent> =
  /* @__PURE__ */ singleValue<PaymentConfigurationUpdateEvent>(
    {},
    {
      configuration_name: text,
      provider_name: text,
      provider_mid: text,
      status: text,
      created_timestamp: numeric,
      updated_timestamp: numeric,
    },
  );

/** The field `automatic_events`. */
export const automaticEvents: WebhookField<AutomaticEventEvent | AccountErrorEvent> = /* @__PURE__ */ valueList<AutomaticEventEvent>(
  'automatic_events',
  { event_name: text },
  {
    id: idText,
    timestamp: numeric,
    ctwa_clid: text,
    custom_data: /* @__PURE__ */ fields<NonNullable<AutomaticEvent['custom_data']>>({}, { currency: text, value: numeric }),
  },
);

/** See {@link accountAlerts}. */
export const accountAlertsExample: FieldExample<AccountAlertEvent> = {
  text: 'Meta reports a problem that your team should check.',
  place: 'account',
  value: () => ({
    entity_type: 'BUSINESS',
    entity_id: '778800991122334',
    alert_info: { alert_severity: 'INFORMATIONAL', alert_status: 'NONE', alert_type: 'OBA_APPROVED' },
  }),
};

/** See {@link accountReviewUpdate}. */
export const accountReviewUpdateExample: FieldExample<AccountReviewUpdateEvent> = {
  text: 'Meta reviewed the account.',
  place: 'account',
  value: () => ({ decision: 'APPROVED' }),
};

/** See {@link accountSettingsUpdate}. */
export const accountSettingsUpdateExample: FieldExample<AccountSettingsUpdateEvent> = {
  text: 'The settings of a number changed.',
  place: 'account',
  value: ({ number, timestamp }) => ({
    messaging_product: 'whatsapp',
    timestamp,
    type: 'PHONE_NUMBER_SETTINGS',
    phone_number_settings: { phone_number_id: number.id, calling: { status: 'ENABLED' } },
  }),
};

/** See {@link businessCapabilityUpdate}. */
export const businessCapabilityUpdateExample: FieldExample<BusinessCapabilityUpdateEvent> = {
  text: 'The limits of the business changed.',
  place: 'account',
  value: () => ({ max_daily_conversations_per_business: 'TIER_2K', max_phone_numbers_per_business: 25, max_phone_numbers_per_waba: 25 }),
};

/** See {@link partnerSolutions}. */
export const partnerSolutionsExample: FieldExample<PartnerSolutionEvent, 'portfolio'> = {
  text: 'A multi-partner solution was created or changed.',
  place: 'portfolio',
  value: () => ({ event: 'SOLUTION_CREATED', solution_id: '171500000000001', solution_status: 'INITIATED' }),
};

/** See {@link paymentConfigurationUpdate}. */
export const paymentConfigurationUpdateExample: FieldExample<PaymentConfigurationUpdateEvent> = {
  text: 'A payment configuration was created or changed.',
  place: 'account',
  value: () => ({
    configuration_name: 'main',
    provider_name: 'razorpay',
    provider_mid: 'acc_EXAMPLE',
    status: 'Active',
  }),
};

/** See {@link automaticEvents}. */
export const automaticEventsExample: FieldExample<AutomaticEventEvent, 'number'> = {
  text: 'Meta detected a lead or a purchase in a conversation that started with an ad.',
  place: 'number',
  value: ({ messageId, timestamp }) => ({
    id: messageId(),
    event_name: 'Purchase',
    timestamp,
    custom_data: { currency: 'USD', value: 25 },
  }),
};
