import { describe, expect, test } from 'vitest';
import {
  addPhoneNumber,
  deregisterPhoneNumber,
  getBusinessComplianceInfo,
  getConversationalAutomation,
  getEncryptionKey,
  getOfficialBusinessAccount,
  getPhoneNumber,
  getPhoneNumberSettings,
  InvalidArgumentError,
  isCoexistenceNumber,
  listMessageHistory,
  listMessageHistoryEvents,
  listPhoneNumbers,
  phoneNumberFields,
  registerPhoneNumber,
  requestAppDataSync,
  requestDisplayName,
  requestOfficialBusinessAccount,
  requestVerificationCode,
  setConversationalAutomation,
  setEncryptionKey,
  setPhoneNumberWebhook,
  setSearchVisibility,
  setTwoStepPin,
  updateBusinessComplianceInfo,
  updatePhoneNumberSettings,
  verifyCode,
} from 'wa-coexist';
import { collect, expectedOf, recordingClient, runAction, type ActionCase } from '../meta/recorder.js';

const number = '/339900112233445';
const pem = '-----BEGIN PUBLIC KEY-----\nMIIB+/=\n-----END PUBLIC KEY-----\n';

const cases: Record<string, ActionCase> = {
  getPhoneNumber: {
    call: (client) => getPhoneNumber(client, { fields: phoneNumberFields }),
    request: `GET ${number}`,
    query: { fields: phoneNumberFields.join(',') },
    answer: { id: '339900112233445', throughput: { level: 'STANDARD' }, something_new: 1 },
  },
  'listPhoneNumbers, filtered and sorted': {
    call: (client) =>
      collect(
        listPhoneNumbers(client, {
          fields: ['id'],
          filtering: [{ field: 'account_mode', operator: 'EQUAL', value: 'SANDBOX' }],
          sort: 'last_onboarded_time_descending',
        }),
      ),
    request: 'GET /102290129340398/phone_numbers',
    query: {
      fields: 'id',
      filtering: '[{"field":"account_mode","operator":"EQUAL","value":"SANDBOX"}]',
      sort: 'last_onboarded_time_descending',
    },
    answer: { data: [{ id: '1' }] },
    result: [{ id: '1' }],
  },
  addPhoneNumber: {
    call: (client) => addPhoneNumber(client, { cc: '1', phone_number: '5550100123', verified_name: 'Corner Shop' }),
    request: 'POST /102290129340398/phone_numbers',
    body: { cc: '1', phone_number: '5550100123', verified_name: 'Corner Shop' },
    answer: { id: '1' },
  },
  requestVerificationCode: {
    call: (client) => requestVerificationCode(client, { code_method: 'VOICE', language: 'en_US' }),
    request: `POST ${number}/request_code`,
    body: { code_method: 'VOICE', language: 'en_US' },
  },
  verifyCode: {
    call: (client) => verifyCode(client, { code: '123830' }),
    request: `POST ${number}/verify_code`,
    body: { code: '123830' },
    answer: { success: true, id: '1' },
  },
  registerPhoneNumber: {
    call: (client) => registerPhoneNumber(client, { pin: '123456', data_localization_region: 'DE' }),
    request: `POST ${number}/register`,
    body: { messaging_product: 'whatsapp', pin: '123456', data_localization_region: 'DE' },
  },
  deregisterPhoneNumber: { call: (client) => deregisterPhoneNumber(client), request: `POST ${number}/deregister` },
  setTwoStepPin: { call: (client) => setTwoStepPin(client, { pin: '654321' }), request: `POST ${number}`, body: { pin: '654321' } },
  requestDisplayName: {
    call: (client) => requestDisplayName(client, { new_display_name: 'Corner Shop', phoneNumberId: '2' }),
    request: 'POST /2',
    body: { new_display_name: 'Corner Shop' },
  },
  setPhoneNumberWebhook: {
    call: (client) => setPhoneNumberWebhook(client, { callbackUrl: 'https://example.com/hook', verifyToken: 'mine' }),
    request: `POST ${number}`,
    body: { webhook_configuration: { override_callback_uri: 'https://example.com/hook', verify_token: 'mine' } },
  },
  'setPhoneNumberWebhook, taken away': {
    call: (client) => setPhoneNumberWebhook(client, { callbackUrl: '' }),
    request: `POST ${number}`,
    body: { webhook_configuration: { override_callback_uri: '' } },
  },
  setSearchVisibility: {
    call: (client) => setSearchVisibility(client, { search_visibility: 'HIDDEN' }),
    request: `POST ${number}`,
    body: { search_visibility: 'HIDDEN' },
  },
  getPhoneNumberSettings: {
    call: (client) => getPhoneNumberSettings(client, { includeSipCredentials: true }),
    request: `GET ${number}/settings`,
    query: { include_sip_credentials: 'true' },
    answer: { calling: { status: 'ENABLED' }, storage_configuration: { status: 'DEFAULT' } },
  },
  updatePhoneNumberSettings: {
    call: (client) =>
      updatePhoneNumberSettings(client, {
        storage_configuration: { status: 'IN_COUNTRY_STORAGE_ENABLED', data_localization_region: 'DE' },
      }),
    request: `POST ${number}/settings`,
    body: { storage_configuration: { status: 'IN_COUNTRY_STORAGE_ENABLED', data_localization_region: 'DE' } },
  },
  getOfficialBusinessAccount: {
    call: (client) => getOfficialBusinessAccount(client),
    request: `GET ${number}/official_business_account`,
    answer: { id: '1', oba_status: 'PENDING' },
  },
  requestOfficialBusinessAccount: {
    call: (client) =>
      requestOfficialBusinessAccount(client, { business_website_url: 'https://example.com', primary_country_of_operation: 'Germany' }),
    request: `POST ${number}/official_business_account`,
    body: { business_website_url: 'https://example.com', primary_country_of_operation: 'Germany' },
  },
  getEncryptionKey: {
    call: (client) => getEncryptionKey(client),
    request: `GET ${number}/whatsapp_business_encryption`,
    answer: { data: [{ business_public_key: pem, business_public_key_signature_status: 'VALID' }] },
    result: { business_public_key: pem, business_public_key_signature_status: 'VALID' },
  },
  'getEncryptionKey without a list around it': {
    call: (client) => getEncryptionKey(client),
    request: `GET ${number}/whatsapp_business_encryption`,
    answer: { business_public_key: pem },
  },
  'getEncryptionKey before any was set': {
    call: (client) => getEncryptionKey(client),
    request: `GET ${number}/whatsapp_business_encryption`,
    answer: { data: [] },
    result: {},
  },
  'setEncryptionKey, a form': {
    call: (client) => setEncryptionKey(client, { publicKey: pem }),
    request: `POST ${number}/whatsapp_business_encryption`,
    body: { business_public_key: pem },
  },
  'setEncryptionKey with line breaks as characters and quotes, as an environment variable contains them': {
    call: (client) => setEncryptionKey(client, { publicKey: `"${pem.replaceAll('\n', String.raw`\n`)}"` }),
    request: `POST ${number}/whatsapp_business_encryption`,
    body: { business_public_key: pem },
  },
  setConversationalAutomation: {
    call: (client) => setConversationalAutomation(client, { prompts: ['Where is my order?'], commands: [] }),
    request: `POST ${number}/conversational_automation`,
    body: { prompts: ['Where is my order?'], commands: [] },
  },
  getConversationalAutomation: {
    call: (client) => getConversationalAutomation(client),
    request: `GET ${number}`,
    query: { fields: 'conversational_automation' },
    answer: { id: '1', conversational_automation: { prompts: ['Where is my order?'] } },
    result: { prompts: ['Where is my order?'] },
  },
  getBusinessComplianceInfo: {
    call: (client) => getBusinessComplianceInfo(client),
    request: `GET ${number}/business_compliance_info`,
    answer: { data: [{ entity_name: 'Corner Shop' }] },
    result: { entity_name: 'Corner Shop' },
  },
  updateBusinessComplianceInfo: {
    call: (client) =>
      updateBusinessComplianceInfo(client, {
        entity_name: 'Corner Shop',
        entity_type: 'OTHER',
        grievance_officer_details: { name: 'A. Officer', email: 'officer@example.com' },
        customer_care_details: { email: 'care@example.com' },
      }),
    request: `POST ${number}/business_compliance_info`,
    body: {
      messaging_product: 'whatsapp',
      entity_name: 'Corner Shop',
      entity_type: 'OTHER',
      grievance_officer_details: { name: 'A. Officer', email: 'officer@example.com' },
      customer_care_details: { email: 'care@example.com' },
    },
  },
  listMessageHistory: {
    call: (client) => collect(listMessageHistory(client, { messageId: 'wamid.EXAMPLE1' })),
    request: `GET ${number}/message_history`,
    query: { message_id: 'wamid.EXAMPLE1' },
    answer: { data: [{ id: '1', message_id: 'wamid.EXAMPLE1' }] },
    result: [{ id: '1', message_id: 'wamid.EXAMPLE1' }],
  },
  listMessageHistoryEvents: {
    call: (client) => collect(listMessageHistoryEvents(client, { messageHistoryId: '1', statusFilter: 'DELIVERED' })),
    request: 'GET /1/events',
    query: { status_filter: 'DELIVERED' },
    answer: { data: [{ node: { id: '2', delivery_status: 'DELIVERED', occurrence_timestamp: 1 } }] },
    result: [{ node: { id: '2', delivery_status: 'DELIVERED', occurrence_timestamp: 1 } }],
  },
  requestAppDataSync: {
    call: (client) => requestAppDataSync(client, { syncType: 'history' }),
    request: `POST ${number}/smb_app_data`,
    body: { messaging_product: 'whatsapp', sync_type: 'history' },
    answer: { messaging_product: 'whatsapp', request_id: '1' },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

describe('an invalid PIN is never sent', () => {
  test.each(['', '12345', '1234567', '12345a', '12 456', '１２３４５６'])('%j', (pin) => {
    const { client, requests } = recordingClient();
    for (const attempt of [() => registerPhoneNumber(client, { pin }), () => setTwoStepPin(client, { pin })]) {
      expect(attempt).toThrow(InvalidArgumentError);
      expect(attempt).toThrow(expect.objectContaining({ field: 'pin', kind: 'invalid-argument' }));
    }
    expect(requests).toEqual([]);
  });

  test('and never appears in an error', async () => {
    const { client } = recordingClient(() => Response.json({ error: { message: 'pin=918273 is wrong', code: 133005 } }, { status: 400 }));
    const error: unknown = await registerPhoneNumber(client, { pin: '918273' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 133005 });
    expect(String(error)).not.toContain('918273');
  });
});

test('a number is a coexistence number only if both fields say so', () => {
  expect(isCoexistenceNumber({ id: '1', is_on_biz_app: true, platform_type: 'CLOUD_API' })).toBe(true);
  expect(isCoexistenceNumber({ id: '1', is_on_biz_app: true, platform_type: 'NOT_APPLICABLE' })).toBe(false);
  expect(isCoexistenceNumber({ id: '1', platform_type: 'CLOUD_API' })).toBe(false);
});

test('a missing public key, or a private key in its place, is not sent', () => {
  const { client, requests } = recordingClient();
  const privateKey = '-----BEGIN PRIVATE KEY-----\nMIIB+/=\n-----END PRIVATE KEY-----\n';
  for (const publicKey of [undefined, null, '', '  ', 42, privateKey]) {
    const send = (): unknown => setEncryptionKey(client, { publicKey: publicKey as string });
    expect(send).toThrow(expect.objectContaining({ field: 'publicKey', kind: 'invalid-argument' }));
    expect(send).not.toThrow('MIIB');
  }
  expect(requests).toEqual([]);
});
