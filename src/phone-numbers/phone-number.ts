import type { HealthStatus } from '../client/health-status.js';

/** A business number as Meta describes it. Only `id` is always there; values that Meta adds pass. */
export interface PhoneNumber {
  readonly id: string;
  /** Formatted for people: compare digits only. */
  readonly display_phone_number?: string;
  readonly verified_name?: string;
  /** Whether the number is on the WhatsApp Business app. */
  readonly is_on_biz_app?: boolean;
  /** `CLOUD_API`, `ON_PREMISE`, `NOT_APPLICABLE` or a value that Meta adds. */
  readonly platform_type?: string;
  readonly host_platform?: string;
  /** `LIVE`, `SANDBOX` or a value that Meta adds. */
  readonly account_mode?: string;
  /**
   * `CONNECTED`, `PENDING`, `DISCONNECTED`, `FLAGGED`, `RESTRICTED`, `RATE_LIMITED`, `BANNED`, `MIGRATED`, `DELETED`, `UNVERIFIED`, `UNKNOWN`
   * or a value that Meta adds.
   */
  readonly status?: string;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN`, `NA` or a value that Meta adds. */
  readonly quality_rating?: string;
  readonly quality_score?: { readonly score?: string; readonly date?: number };
  /** `STANDARD`, `HIGH`, `NOT_APPLICABLE` or a value that Meta adds. What a coexistence number shows is not documented. */
  readonly throughput?: { readonly level?: string };
  /** `APPROVED`, `AVAILABLE_WITHOUT_REVIEW`, `DECLINED`, `EXPIRED`, `PENDING_REVIEW`, `NONE` or a value that Meta adds. */
  readonly name_status?: string;
  readonly new_display_name?: string;
  /** As `name_status`, of the name that was asked for. */
  readonly new_name_status?: string;
  /** `VERIFIED`, `NOT_VERIFIED`, `EXPIRED` or a value that Meta adds. */
  readonly code_verification_status?: string;
  /** Customers a day outside windows, for the whole business: `TIER_250`, `TIER_2K`, `TIER_10K`, `TIER_100K`, `TIER_UNLIMITED`, … */
  readonly whatsapp_business_manager_messaging_limit?: string;
  /** Deprecated by Meta (v24) for `whatsapp_business_manager_messaging_limit`. */
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
  /** Where messages of the number go: its own override comes first, then the WABA's, then the app's callback. */
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

/** What opens a chat. */
export interface ConversationalAutomation {
  /** @deprecated Meta removed welcome messages on 27 March 2026, so the setting has no effect. */
  readonly enable_welcome_message?: boolean;
  /** At most four texts of 80 characters, without emoji, that a customer can tap to begin. */
  readonly prompts?: readonly string[];
  /** At most 30: a name of 32 characters, shown with `/`, and a hint of 256. */
  readonly commands?: readonly { readonly command_name: string; readonly command_description: string }[];
  readonly id?: string;
}

/** The fields that tell what kind of number it is. */
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
 * Whether a number is on the WhatsApp Business app and on Cloud API at once. Both fields count: a plain Cloud API number says
 * `CLOUD_API`, too. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
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
