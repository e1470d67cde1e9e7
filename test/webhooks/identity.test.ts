import { expect, test } from 'vitest';
import { checkEligibility } from 'wa-coexist/eligibility';
import { parseWebhook } from 'wa-coexist/webhooks';
import { rememberQueueKeys } from '../../src/webhooks/queue-key.js';

const business = '15550100123';
const delivery = (field: string, value: object): unknown => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '102290129340398', time: 1795300000, changes: [{ field, value }] }],
});
const message = (person: object, field = 'messages'): unknown =>
  delivery(field, {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: business, phone_number_id: '106540352242922' },
    messages: [{ id: 'wamid.1', timestamp: '1795300000', type: 'text', text: { body: 'Hello' }, ...person }],
  });

test('events about the business have no customer, even if they contain its username or number', () => {
  for (const field of [
    'business_username_update',
    'business_username_updates',
    'phone_number_username_update',
    'security',
    'account_alerts',
  ]) {
    const [event] = parseWebhook(
      delivery(field, { display_phone_number: business, phone_number: business, username: 'shop', status: 'x' }),
    );
    expect(event?.customer, field).toBeUndefined();
  }
});

test("a customer's number is read in every usual format", () => {
  const numberOf = (from: string): string | undefined => parseWebhook(message({ from }))[0]?.customer?.waId;
  expect(numberOf('+1 (555) 010-0987')).toBe('15550100987');
  expect(numberOf('0015550100987')).toBe('15550100987');
  expect(numberOf('\u202a+1 555\u00a0010\u20110987\u202c')).toBe('15550100987');
  expect(numberOf('US.1001')).toBeUndefined();
});

test('events of one person share a queue, whichever ID and spelling they contain', () => {
  const queueKeyOf = rememberQueueKeys();
  const customers = [
    { from: '5511987654321', from_user_id: 'BR.1' },
    { from: '551187654321' },
    { from_user_id: 'BR.1' },
    { from: '+55 11 98765-4321' },
  ].map((person) => parseWebhook(message(person)).map((event) => queueKeyOf(event).customer)[0]);
  expect(new Set(customers).size).toBe(1);
  const [other] = parseWebhook(message({ from: '551137654321' })).map((event) => queueKeyOf(event).customer);
  expect(customers).not.toContain(other);
});

test('events after a change of identity share the queue of earlier events', () => {
  const queueKeyOf = rememberQueueKeys();
  const system = (type: string, ids: object): object => ({ type: 'system', system: { type, ...ids } });
  const customers = [
    { from: '15550100987', from_user_id: 'US.1' },
    system('user_changed_user_id', { user_id: 'US.2', previous_user_id: 'US.1' }),
    { from_user_id: 'US.2' },
    { from: '15550100987', ...system('user_changed_number', { wa_id: '15550100555' }) },
    { from: '15550100555' },
  ].map((person) => parseWebhook(message(person)).map((event) => queueKeyOf(event).customer)[0]);
  expect(new Set(customers).size).toBe(1);
});

test('both spellings of a Mexican number are eligible', () => {
  for (const number of ['5215512345678', '+521 55 1234 5678', '525512345678', '+52 55 1234-5678', '005215512345678'])
    expect(checkEligibility(number), number).toMatchObject({ eligible: true, countries: ['MX'] });
  for (const number of ['5491123456789', '541123456789']) expect(checkEligibility(number).countries, number).toEqual(['AR']);
  for (const number of ['5511987654321', '551187654321']) expect(checkEligibility(number).countries, number).toEqual(['BR']);
});
