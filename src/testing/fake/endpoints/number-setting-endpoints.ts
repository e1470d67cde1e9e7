import { invalidParameter, refuse } from '../refusal.js';
import { isRecord } from '../../../runtime/json.js';
import type { Answer } from '../entities.js';
import { listOf, requireProduct, recordsOf, requiredText, storable, success, type NumberCall, type Routes } from './call.js';
import { refuseFeatureOnApp } from './app-restrictions.js';
import { fieldsOf } from './listing.js';

const usualCalling: Answer = { status: 'DISABLED', call_icon_visibility: 'DEFAULT', callback_permission_status: 'DISABLED' };
const usualSettings: Answer = {
  calling: usualCalling,
  payload_encryption: { status: 'DISABLED' },
  storage_configuration: { status: 'DEFAULT' },
};
/** Source: Meta, Conversational components (2025). */
const mostPrompts = 4;
const mostCommands = 30;

/** What is set and read at edges of a number and does nothing else. */
export const numberSettingRoutes: Routes<NumberCall> = {
  'GET settings'(call) {
    const stored: Answer = call.number.stored.get('settings') ?? {};
    const calling = { ...usualCalling, ...(isRecord(stored.calling) && stored.calling) };
    const settings: Answer = { ...usualSettings, ...stored, calling };
    const asked = fieldsOf(call).map(({ name }) => name);
    const known: Answer = { user_identity_change: { enable_identity_key_check: false }, ...settings };
    return asked.length === 0 ? settings : Object.fromEntries(asked.flatMap((name) => (name in known ? [[name, known[name]]] : [])));
  },
  'POST settings'(call) {
    const { number, state } = call;
    const change = storable(call);
    const [name, ...others] = Object.keys(change);
    if (name === undefined || others.length > 0) throw invalidParameter('Exactly one group of settings can be changed at a time.');
    if (!(name in usualSettings) && name !== 'user_identity_change') throw invalidParameter(`Param ${name} is not a group of settings.`);
    const { calling } = change;
    if (calling !== undefined) refuseFeatureOnApp(call, 'calling-api');
    number.stored.set('settings', { ...number.stored.get('settings'), ...change });
    if (isRecord(calling)) {
      state.webhooks.emitEvent(number, 'account_settings_update', {
        value: { phone_number_settings: { phone_number_id: number.id, calling } },
      });
    }
    return success;
  },
  'POST conversational_automation'(call) {
    const automation = storable(call);
    if (listOf(call, 'prompts').length > mostPrompts)
      throw invalidParameter(`Param prompts must have at most ${String(mostPrompts)} items.`);
    if (recordsOf(listOf(call, 'commands')).length > mostCommands)
      throw invalidParameter(`Param commands must have at most ${String(mostCommands)} items.`);
    call.number.stored.set('conversational_automation', { ...call.number.stored.get('conversational_automation'), ...automation });
    return success;
  },
  'GET whatsapp_business_encryption'({ number }) {
    const key = number.stored.get('whatsapp_business_encryption');
    return { data: key ? [{ ...key, business_public_key_signature_status: 'VALID' }] : [] };
  },
  'POST whatsapp_business_encryption'(call) {
    const key = requiredText(call, 'business_public_key');
    call.number.stored.set('whatsapp_business_encryption', { business_public_key: key });
    return success;
  },
  'GET official_business_account': ({ number }) => ({
    id: number.id,
    oba_status: number.isOfficial ? 'APPROVED' : 'NOT_STARTED',
    status_message: number.isOfficial ? 'Your Official Business Account application is approved' : 'You have not applied yet',
    ...number.stored.get('official_business_account'),
  }),
  'POST official_business_account'(call) {
    const { number, state } = call;
    requiredText(call, 'business_website_url');
    requiredText(call, 'primary_country_of_operation');
    if (number.isOfficial) throw invalidParameter('The phone number is an Official Business Account already.');
    const status = { oba_status: 'PENDING', status_message: 'Your Official Business Account application is under review' };
    number.stored.set('official_business_account', status);
    return {
      success: true,
      message: status.status_message,
      updated_status: { id: number.id, ...status },
      tracking_id: state.world.ids.requestId(),
    };
  },
  'GET business_compliance_info': ({ number }) => ({
    data: [
      {
        whatsapp_business_account_id: number.wabaId,
        messaging_product: 'whatsapp',
        entity_name: null,
        entity_type: null,
        entity_type_custom: '',
        is_registered: false,
        grievance_officer_details: null,
        customer_care_details: null,
        ...number.stored.get('business_compliance_info'),
      },
    ],
  }),
  'POST business_compliance_info'(call) {
    requireProduct(call);
    for (const name of ['entity_name', 'entity_type'] as const) requiredText(call, name);
    for (const name of ['grievance_officer_details', 'customer_care_details'] as const) {
      if (!isRecord(call.fields[name])) throw refuse(131008, `The parameter ${name} is required.`);
    }
    call.number.stored.set('business_compliance_info', storable(call));
    return success;
  },
  'GET whatsapp_commerce_settings': ({ number }) => ({
    data: [{ id: number.id, is_cart_enabled: true, is_catalog_visible: false, ...number.stored.get('whatsapp_commerce_settings') }],
  }),
  'POST whatsapp_commerce_settings'({ number, fields }) {
    const change = ['is_cart_enabled', 'is_catalog_visible'].filter((name) => fields[name] !== undefined);
    if (change.length === 0) throw invalidParameter('One of is_cart_enabled and is_catalog_visible is required.');
    const settings = Object.fromEntries(change.map((name) => [name, String(fields[name]) === 'true']));
    number.stored.set('whatsapp_commerce_settings', { ...number.stored.get('whatsapp_commerce_settings'), ...settings });
    return success;
  },
};
