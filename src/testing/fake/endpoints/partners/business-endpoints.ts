import { digitsOf } from '../../digits.js';
import { invalidParameter } from '../../refusal.js';
import type { Answer, GraphRecord } from '../../entities.js';
import { requiredText, success, type AuthorizedCall, type BusinessCall, type RecordCall, type Routes } from '../call.js';
import { listWabas } from '../waba-endpoints.js';
import { addRecord, isoTime, recordsOfOwner, shown, shownPage } from './partner-records.js';

/** The code of every request, because an invented number receives no text message. */
const codeThatIsSent = '123456';
const preverifiedType = 'WhatsAppBusinessPreVerifiedPhoneNumber';

/** `/{business-id}`: a portfolio with its accounts and pre-verified numbers. Source: Meta's OpenAPI file (v23.0, Nov 2025). */
export const businessRoutes: Routes<BusinessCall> = {
  'GET ': (call) => shown(call, 'Business', describeBusiness(call)),
  'GET owned_whatsapp_business_accounts': (call) => listWabas(call, call.businessId, 'SELF'),
  'GET client_whatsapp_business_accounts': (call) => listWabas(call, call.businessId, 'CLIENT_OWNED'),
  'GET extendedcredits': (call) =>
    shownPage(call, 'BusinessExtendedCredit', [{ id: `4${call.businessId.slice(1)}`, legal_entity_name: describeBusiness(call).name }]),
  'GET preverified_numbers': (call) =>
    shownPage(
      call,
      preverifiedType,
      recordsOfOwner(call.state.world, 'preverified', call.businessId).map(({ id, values }) => ({ id, ...values })),
    ),
  'POST add_phone_numbers'(call) {
    const digits = digitsOf(requiredText(call, 'phone_number'));
    if (digits === '') throw invalidParameter('Param phone_number must be a phone number.');
    const { world } = call.state;
    const atMs = isoTime(world.now());
    const { id } = addRecord(world, 'preverified', call.businessId, {
      display_phone_number: `+${digits}`,
      country_prefix: Number(digits.slice(0, 1)),
      verification_status: 'PENDING',
      availability_status: 'AVAILABLE',
      created_time: atMs,
      last_updated: atMs,
    });
    return { id };
  },
  'POST share_preverified_numbers'(call) {
    const record = call.state.world.records.get(requiredText(call, 'preverified_id'));
    const partner = requiredText(call, 'partner_business_id');
    if (record?.kind !== 'preverified' || record.ownerId !== call.businessId)
      throw invalidParameter('Param preverified_id must be a pre-verified number of this business.');
    record.values = { ...record.values, partner_id: partner };
    return success;
  },
  'POST onboard_partners_to_mm_lite': ({ state }) => ({ request_id: state.world.ids.requestId() }),
};

/** `/{pre-verified-phone-number-id}`. */
export const preverifiedNodeRoutes: Routes<RecordCall> = {
  'GET ': ({ record, ...call }) => shown(call, preverifiedType, { ...describePreverified(record), is_input_id_valid: true, error_msg: '' }),
  'DELETE '({ record, state }) {
    state.world.records.delete(record.id);
    return success;
  },
  'GET partners'(call) {
    const { partner_id: partner } = call.record.values;
    return shownPage(
      call,
      'Business',
      typeof partner === 'string' ? [{ id: partner, name: `Business ${partner.slice(-4)}`, verification_status: 'verified' }] : [],
    );
  },
  'POST request_code'(call) {
    requiredText(call, 'code_method');
    requiredText(call, 'language');
    return success;
  },
  'POST verify_code'(call) {
    const { record } = call;
    if (requiredText(call, 'code') !== codeThatIsSent) throw invalidParameter('The code you entered is incorrect.');
    record.values = { ...record.values, verification_status: 'VERIFIED' };
    return { ...success, id: record.id };
  },
};

/** `/{user-id}` and `/me`: the system user behind every token. */
export const userRoutes: Routes<AuthorizedCall> = {
  'GET ': (call) => shown(call, 'User', { id: systemUserId, name: 'Fake system user' }),
  'GET assigned_whatsapp_business_accounts'(call) {
    const { world } = call.state;
    const wabas = [...world.wabas.values()].filter(({ id }) => call.token.wabaIds?.has(id) ?? true);
    return shownPage(
      call,
      'WhatsAppBusinessAccount',
      wabas.map(({ id, name, businessId, assignedUsers }) => ({
        id,
        name,
        status: 'ACTIVE',
        assignment_date: isoTime(world.now()),
        permissions: assignedUsers.get(systemUserId) ?? ['FULL_CONTROL'],
        business_id: businessId,
      })),
    );
  },
};

/** The user of every token. */
export const systemUserId = '122000000000001';

function describeBusiness({ state, businessId }: BusinessCall): Answer {
  const name = [...state.world.wabas.values()].find((waba) => waba.businessId === businessId)?.name ?? '';
  return { id: businessId, name, timezone_id: 1, verification_status: 'verified' };
}

function describePreverified({ id, values }: GraphRecord): Answer {
  const { country_prefix: prefix, display_phone_number: display } = values;
  return { id, country_prefix: prefix, display_phone_number: display };
}
