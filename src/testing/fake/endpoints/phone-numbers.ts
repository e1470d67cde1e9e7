import { refuse, invalidParameter } from '../refusal.js';
import { sendHistory } from '../history-sync.js';
import { sendContacts } from '../state-sync.js';
import { soonMs } from '../fake-state.js';
import type { BusinessNumber, SyncType } from '../world.js';
import { requiredText, type NumberCall } from './call.js';
import { pickFields } from './listing.js';

type Answer = Readonly<Record<string, unknown>>;

const hourMs = 60 * 60 * 1_000;

/** Every field of a number that Meta documents. Source: Meta, phone number reference (5 Dec 2025). */
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
  'is_pin_enabled',
  'is_preverified_number',
  'search_visibility',
  'last_onboarded_time',
  'country_code',
  'country_dial_code',
  'unified_cert_status',
  'certificate',
  'new_certificate',
  'webhook_configuration',
  'conversational_automation',
  'health_status',
  'eligibility_for_api_business_global_search',
]);

/** What comes without asking. `is_on_biz_app` is not among it. */
export const usualNumberFields: readonly string[] = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
  'last_onboarded_time',
  'id',
];

/** A number as Graph describes it. Which throughput level a coexistence number shows is not documented. */
export function describeNumber(number: BusinessNumber): Answer {
  return {
    id: number.id,
    display_phone_number: number.displayPhoneNumber,
    verified_name: number.verifiedName,
    status: number.api === 'linked' ? 'CONNECTED' : 'DISCONNECTED',
    quality_rating: 'GREEN',
    quality_score: { score: 'GREEN' },
    throughput: { level: 'STANDARD' },
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
    code_verification_status: 'VERIFIED',
    name_status: 'APPROVED',
    platform_type: 'CLOUD_API',
    account_mode: 'LIVE',
    is_on_biz_app: number.isOnBizApp,
    is_official_business_account: false,
    is_pin_enabled: !number.isOnBizApp,
    last_onboarded_time: new Date(number.onboardedAtMs).toISOString().replace(/\.\d+Z$/, '+0000'),
  };
}

/** `GET /{phone-number-id}`. */
export function getPhoneNumber(call: NumberCall): Answer {
  return pickFields(call, 'WhatsAppBusinessPhoneNumber', describeNumber(call.number), usualNumberFields, numberFields);
}

/**
 * `POST /{phone-number-id}/smb_app_data`: contacts or history, each once within 24 hours of onboarding. A refused call uses nothing up, which
 * Meta does not document.
 */
export function requestSync(call: NumberCall): Answer {
  const { state, number } = call;
  const { world, agenda } = state;
  if (requiredText(call, 'messaging_product') !== 'whatsapp') throw invalidParameter('Param messaging_product must be one of {WHATSAPP}.');
  const syncType = requiredText(call, 'sync_type');
  if (!isSyncType(syncType)) throw invalidParameter(`Param sync_type must be one of {smb_app_state_sync, history} - got "${syncType}".`);
  if (!number.isOnBizApp) throw refuse(131009, 'The phone number is not in use on the WhatsApp Business app.');
  if (world.now() - number.onboardedAtMs > world.policy.limits.syncWindowHours * hourMs) {
    throw refuse(2593108, 'Sync can only be requested within 24 hours of onboarding.');
  }
  if (number.syncsRequested.has(syncType)) throw refuse(2593107, 'Sync of this type has already been requested for this phone number.');
  number.syncsRequested.add(syncType);
  agenda.soon(() => {
    (syncType === 'history' ? sendHistory : sendContacts)(state, number);
  }, soonMs);
  return { messaging_product: 'whatsapp', request_id: world.ids.requestId() };
}

function isSyncType(value: string): value is SyncType {
  return value === 'smb_app_state_sync' || value === 'history';
}

/**
 * `POST /{phone-number-id}/register` and `/deregister`: not for numbers on the Business app. Meta says so without publishing the code; 100 is
 * an assumption.
 */
export function changeRegistration(call: NumberCall, edge: 'register' | 'deregister'): Answer {
  if (call.number.isOnBizApp) {
    throw invalidParameter(`Invalid parameter: ${edge} is not available for a phone number that is in use on the WhatsApp Business app.`);
  }
  if (edge === 'register' && !/^\d{6}$/.test(requiredText(call, 'pin'))) {
    throw refuse(131009, 'The PIN must have 6 digits.');
  }
  return { success: true };
}
