import type { HealthStatus } from '../client/health-status.js';

/**
 * A business phone number in Meta's shape. Only `id` is always present. New fields and values of Meta are passed
 * through.
 */
export interface PhoneNumber {
  readonly id: string;
  /** Formatted for display. Compare only the digits. */
  readonly display_phone_number?: string;
  readonly verified_name?: string;
  /** Whether the number is on the WhatsApp Business app. See {@link isCoexistenceNumber}. */
  readonly is_on_biz_app?: boolean;
  /** `CLOUD_API`, `ON_PREMISE`, `NOT_APPLICABLE` or a value that Meta adds. */
  readonly platform_type?: string;
  readonly host_platform?: string;
  /** `LIVE`, `SANDBOX` or a value that Meta adds. */
  readonly account_mode?: string;
  /**
   * `CONNECTED`, `PENDING`, `DISCONNECTED`, `FLAGGED`, `RESTRICTED`, `RATE_LIMITED`, `BANNED`, `MIGRATED`, `DELETED`,
   * `UNVERIFIED`, `UNKNOWN` or a value that Meta adds.
   */
  readonly status?: string;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN`, `NA` or a value that Meta adds. */
  readonly quality_rating?: string;
  readonly quality_score?: { readonly score?: string; readonly date?: number };
  /**
   * `STANDARD`, `HIGH`, `NOT_APPLICABLE` or a value that Meta adds. Meta doesn't document the value for coexistence
   * numbers.
   */
  readonly throughput?: { readonly level?: string };
  /**
   * `APPROVED`, `AVAILABLE_WITHOUT_REVIEW`, `DECLINED`, `EXPIRED`, `PENDING_REVIEW`, `NONE` or a value that Meta adds.
   */
  readonly name_status?: string;
  readonly new_display_name?: string;
  /** Review status of `new_display_name`. Same values as `name_status`. */
  readonly new_name_status?: string;
  /** `VERIFIED`, `NOT_VERIFIED`, `EXPIRED` or a value that Meta adds. */
  readonly code_verification_status?: string;
  /**
   * Limit of customers that the whole business can message in 24 hours outside open windows: `TIER_250`, `TIER_2K`,
   * `TIER_10K`, `TIER_100K`, `TIER_UNLIMITED` or a value that Meta adds.
   */
  readonly whatsapp_business_manager_messaging_limit?: string;
  /** Deprecated by Meta since v24. Use `whatsapp_business_manager_messaging_limit`. */
  readonly messaging_limit_tier?: string;
  readonly is_official_business_account?: boolean;
  readonly official_business_account?: { readonly oba_status?: string; readonly status_message?: string };
  readonly is_pin_enabled?: boolean;
  readonly is_preverified_number?: boolean;
  /** `VISIBLE`, `NON_VISIBLE`, `HIDDEN` or a value that Meta adds. */
  readonly search_visibility?: string;
  readonly last_onboarded_time?: string;
  readonly country_code?: string;
  readonly country_dial_code?: string;
  readonly username?: string | null;
  readonly unified_cert_status?: string;
  readonly certificate?: string;
  readonly new_certificate?: string;
  /**
   * Callback URLs for messages of the number. The number's override has priority over the WABA's override, and that
   * over the app's callback.
   */
  readonly webhook_configuration?: {
    readonly phone_number?: string;
    readonly whatsapp_business_account?: string;
    readonly application?: string;
  };
  readonly conversational_automation?: ConversationalAutomation;
  readonly health_status?: HealthStatus;
  readonly eligibility_for_api_business_global_search?: string;
  readonly [field: string]: unknown;
}

/** Prompts and commands of a phone number. Returned by {@link getConversationalAutomation}. */
export interface ConversationalAutomation {
  /** @deprecated Meta removed welcome messages on 27 March 2026, so the setting has no effect. */
  readonly enable_welcome_message?: boolean;
  /** Texts that a customer can tap to start a chat. At most four of 80 characters, without emoji. */
  readonly prompts?: readonly string[];
  /** Commands that customers can type after `/`. At most 30. A name has at most 32 characters, a description 256. */
  readonly commands?: readonly { readonly command_name: string; readonly command_description: string }[];
  readonly id?: string;
}

/** The default fields, which identify the number and its type. */
export const defaultPhoneNumberFields: readonly string[] = [
  'id',
  'display_phone_number',
  'verified_name',
  'is_on_biz_app',
  'platform_type',
  'quality_rating',
  'throughput',
  'name_status',
];

/**
 * Reports whether a phone number is on the WhatsApp Business app and on Cloud API at the same time. The check needs
 * both `is_on_biz_app` and `platform_type`, because a number that is only on Cloud API also has the platform
 * `CLOUD_API`.
 *
 * Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 *
 * @param number - A phone number that {@link getPhoneNumber} or {@link listPhoneNumbers} returned, with these two
 *   fields.
 * @returns `false` if one of the fields is missing.
 *
 * @example
 * ```ts
 * import { createClient, getPhoneNumber, isCoexistenceNumber } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * console.log(isCoexistenceNumber(await getPhoneNumber(client)));
 * ```
 */
export function isCoexistenceNumber(number: PhoneNumber): boolean {
  return number.is_on_biz_app === true && number.platform_type === 'CLOUD_API';
}
