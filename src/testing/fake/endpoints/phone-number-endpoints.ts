import { isRecord } from '../../../runtime/json.js';
import { addNumber } from '../build-world.js';
import { invalidParameter } from '../refusal.js';
import type { Answer, BusinessNumber } from '../entities.js';
import { findNumber, type World } from '../world.js';
import { optionalText, requiredText, success, type NumberCall, type Routes, type WabaCall } from './call.js';
import { overrideOf } from './callback-override.js';
import { countryOf } from '../country-of.js';
import { pageOf, pickFields } from './listing.js';
import { botIdOf } from './partners/number-node-endpoints.js';
import { setPin } from './registration-endpoints.js';

const nodeType = 'WhatsAppBusinessPhoneNumber';

/**
 * Every field of a number that Meta documents. It is independent of `phoneNumberFields`, so that tests find a wrong name
 * in that list. Source: Meta, phone number reference (5 Dec 2025).
 */
export const numberFields: ReadonlySet<string> = new Set([
  'id',
  'display_phone_number',
  'verified_name',
  'status',
  'quality_rating',
  'quality_score',
  'throughput',
  'messaging_limit_tier',
  'whatsapp_business_manager_messaging_limit',
  'code_verification_status',
  'name_status',
  'new_name_status',
  'new_display_name',
  'platform_type',
  'host_platform',
  'account_mode',
  'is_on_biz_app',
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
]);

/** The default fields. `is_on_biz_app` is not one of them. */
const usualNumberFields: readonly string[] = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
  'last_onboarded_time',
  'id',
];

/** `/{waba-id}/phone_numbers`. */
export const phoneNumbersOfWaba: Routes<WabaCall> = {
  'GET phone_numbers'(call) {
    const { world } = call.state;
    const numbers = [...world.numbers.values()].filter(({ wabaId, api }) => wabaId === call.waba.id && api !== 'unlinked');
    return pageOf(
      call,
      numbers.map((number) => pickFields(call, nodeType, describeNumber(world, number), usualNumberFields, numberFields)),
    );
  },
  'POST phone_numbers'(call) {
    const { world } = call.state;
    const displayPhoneNumber = `${requiredText(call, 'cc')}${requiredText(call, 'phone_number')}`;
    const verifiedName = requiredText(call, 'verified_name');
    const known = findNumber(world, displayPhoneNumber);
    // Meta doesn't publish its response for a number of the app, which can only be added with Embedded Signup.
    if (known) throw invalidParameter('The phone number is in use on WhatsApp already.');
    const number = addNumber(world, { displayPhoneNumber, verifiedName, wabaId: call.waba.id }, false);
    Object.assign(number, { api: 'linked', registered: false, verified: false });
    return { id: number.id };
  },
};

/** `/{phone-number-id}` itself. */
export const phoneNumberRoutes: Routes<NumberCall> = {
  'GET ': (call) => pickFields(call, nodeType, describeNumber(call.state.world, call.number), usualNumberFields, numberFields),
  async 'POST '(call) {
    const { number, fields, state } = call;
    const { webhook_configuration: configuration } = fields;
    if (fields.pin !== undefined) setPin(call, fields.pin);
    else if (isRecord(configuration)) {
      number.override = await overrideOf(call, state.world.wabas.get(number.wabaId), configuration);
    } else if (optionalText(call, 'new_display_name') !== undefined) number.newDisplayName = optionalText(call, 'new_display_name');
    else if (optionalText(call, 'search_visibility') !== undefined) {
      number.stored.set('search_visibility', { search_visibility: fields.search_visibility });
    } else throw invalidParameter('One of pin, webhook_configuration, new_display_name and search_visibility is required.');
    state.world.changed('number', number.id);
    return success;
  },
};

/** A number as Graph describes it. Which throughput level a coexistence number shows is not documented. */
function describeNumber(world: World, number: BusinessNumber): Answer {
  const { stored, override, newDisplayName } = number;
  const waba = world.wabas.get(number.wabaId);
  const callbacks = {
    ...(override && { phone_number: override.callbackUrl }),
    ...(waba?.override && { whatsapp_business_account: waba.override.callbackUrl }),
  };
  const sending = number.api === 'linked' && number.registered ? 'AVAILABLE' : 'BLOCKED';
  return {
    id: number.id,
    display_phone_number: number.displayPhoneNumber,
    verified_name: number.verifiedName,
    status: number.api !== 'linked' ? 'DISCONNECTED' : number.registered ? 'CONNECTED' : 'PENDING',
    quality_rating: 'GREEN',
    quality_score: { score: 'GREEN' },
    throughput: { level: number.registered ? 'STANDARD' : 'NOT_APPLICABLE' },
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
    code_verification_status: number.verified ? 'VERIFIED' : 'NOT_VERIFIED',
    name_status: 'APPROVED',
    ...(newDisplayName !== undefined && { new_display_name: newDisplayName, new_certificate: btoa(`certificate of ${newDisplayName}`) }),
    new_name_status: newDisplayName === undefined ? 'NONE' : 'PENDING_REVIEW',
    messaging_limit_tier: 'TIER_250',
    eligibility_for_api_business_global_search: 'NON_ELIGIBLE_VERIFIED_LEVEL',
    unified_cert_status: 'APPROVED',
    certificate: btoa(`certificate of ${number.waId}`),
    ...countryOf(number.waId),
    platform_type: number.registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
    account_mode: 'LIVE',
    is_on_biz_app: number.isOnBizApp,
    is_official_business_account: number.isOfficial,
    official_business_account: stored.get('official_business_account') ?? { oba_status: number.isOfficial ? 'APPROVED' : 'NOT_STARTED' },
    is_pin_enabled: number.pin !== undefined,
    is_preverified_number: false,
    search_visibility: 'VISIBLE',
    ...stored.get('search_visibility'),
    last_onboarded_time: new Date(number.onboardedAtMs).toISOString().replace(/\.\d+Z$/, '+0000'),
    username: number.username?.username,
    webhook_configuration: callbacks,
    conversational_automation: { id: botIdOf(number), ...stored.get('conversational_automation') },
    health_status: {
      can_send_message: sending,
      entities: [{ entity_type: 'PHONE_NUMBER', id: number.id, can_send_message: sending }],
    },
  };
}
