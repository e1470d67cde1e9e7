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
  readonly status?: string;
  /** `GREEN`, `YELLOW`, `RED`, `UNKNOWN` or a value that Meta adds. */
  readonly quality_rating?: string;
  /** `STANDARD`, `HIGH`, `NOT_APPLICABLE` or a value that Meta adds. What a coexistence number shows is not documented. */
  readonly throughput?: { readonly level?: string };
  readonly name_status?: string;
  readonly code_verification_status?: string;
  readonly whatsapp_business_manager_messaging_limit?: string;
  readonly last_onboarded_time?: string;
  readonly [field: string]: unknown;
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
