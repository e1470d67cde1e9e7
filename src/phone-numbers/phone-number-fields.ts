/**
 * Lists every field that Meta documents for a phone number. Pass it to {@link getPhoneNumber} or
 * {@link listPhoneNumbers} to get all fields. Some fields require additional permissions of the token.
 *
 * Source: Meta, Phone numbers (5 Dec 2025) and OpenAPI v23.0.
 *
 * @example
 * ```ts
 * import { createClient, getPhoneNumber, phoneNumberFields } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * console.log(await getPhoneNumber(client, { fields: phoneNumberFields }));
 * ```
 */
export const phoneNumberFields: readonly string[] = [
  'id',
  'display_phone_number',
  'verified_name',
  'is_on_biz_app',
  'platform_type',
  'quality_rating',
  'throughput',
  'name_status',
  'host_platform',
  'account_mode',
  'status',
  'quality_score',
  'new_display_name',
  'new_name_status',
  'code_verification_status',
  'whatsapp_business_manager_messaging_limit',
  'is_official_business_account',
  'official_business_account',
  'is_pin_enabled',
  'is_preverified_number',
  'search_visibility',
  'last_onboarded_time',
  'country_code',
  'country_dial_code',
  'username',
  'unified_cert_status',
  'certificate',
  'new_certificate',
  'webhook_configuration',
  'conversational_automation',
  'health_status',
  'eligibility_for_api_business_global_search',
];
