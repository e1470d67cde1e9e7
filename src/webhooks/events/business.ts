import type { FieldEvent, OpenEnum } from './base.js';

/** The result of Meta's review of the WABA. */
export interface AccountReviewUpdate {
  readonly decision: OpenEnum<'APPROVED' | 'REJECTED' | 'PENDING' | 'DEFERRED'>;
}

/** Something about the business or a number that a person should look at. */
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
    /** As `GET /{phone-number-id}/settings` has it. */
    readonly calling?: unknown;
  };
}

/** What the business may do: how many customers a day it may write to first, how many numbers it may have. */
export interface BusinessCapabilityUpdate {
  /** `TIER_…` or a number; -1 stands for no limit. */
  readonly max_daily_conversations_per_business?: number | string;
  /** Gone since February 2026. */
  readonly max_daily_conversation_per_phone?: number | string;
  readonly max_phone_numbers_per_business?: number | string;
  readonly max_phone_numbers_per_waba?: number | string;
}

/** A multi-partner solution was made or changed. The entry's id is the partner's business portfolio, so there is no `wabaId`. */
export interface PartnerSolution {
  readonly event: OpenEnum<'SOLUTION_CREATED' | 'SOLUTION_UPDATED'>;
  readonly solution_id?: string;
  readonly solution_status?: OpenEnum<'ACTIVE' | 'DEACTIVATED' | 'DRAFT' | 'INITIATED' | 'PENDING_DEACTIVATION' | 'REJECTED'>;
}

/** A payment configuration was made or changed (India). */
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

/** Meta found a lead or a purchase in a conversation that began with an ad. */
export interface AutomaticEvent {
  /** The wamid in which it was found. */
  readonly id?: string;
  readonly event_name: OpenEnum<'LeadSubmitted' | 'Purchase'>;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  readonly ctwa_clid?: string;
  readonly custom_data?: { readonly currency?: string; readonly value?: number | string };
}

/** Meta reviewed the WABA. */
export type AccountReviewUpdateEvent = FieldEvent<'account_review_update', AccountReviewUpdate>;
/** Something that a person should look at. */
export type AccountAlertEvent = FieldEvent<'account_alerts', AccountAlert>;
/** A number's settings changed. */
export type AccountSettingsUpdateEvent = FieldEvent<'account_settings_update', AccountSettingsUpdate>;
/** What the business may do changed. */
export type BusinessCapabilityUpdateEvent = FieldEvent<'business_capability_update', BusinessCapabilityUpdate>;
/** A multi-partner solution was made or changed. */
export type PartnerSolutionEvent = FieldEvent<'partner_solutions', PartnerSolution>;
/** A payment configuration was made or changed. */
export type PaymentConfigurationUpdateEvent = FieldEvent<'payment_configuration_update', PaymentConfigurationUpdate>;
/** A lead or a purchase was found in a conversation. */
export type AutomaticEventEvent = FieldEvent<'automatic_events', AutomaticEvent>;
/** A field that can be subscribed to, but whose payload Meta does not document: it is all in `value`. */
export type UndocumentedFieldEvent =
  | FieldEvent<'business_status_update', Readonly<Record<string, unknown>>>
  | FieldEvent<'consumer_profile', Readonly<Record<string, unknown>>>
  | FieldEvent<'message_echoes', Readonly<Record<string, unknown>>>
  | FieldEvent<'tracking_events', Readonly<Record<string, unknown>>>;
