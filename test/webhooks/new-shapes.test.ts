import { expect, test } from 'vitest';
import { parseWebhook } from 'wa-coexist/webhooks';

const metadata = { display_phone_number: '15550100123', phone_number_id: '339900000000001' };
const parse = (field: string, value: object) =>
  parseWebhook({
    object: 'whatsapp_business_account',
    entry: [{ id: '102290129340398', time: 1_795_300_000, changes: [{ field, value }] }],
  });

test('the transcription of a call has its file', () => {
  const document = { id: '7', sha256: 'abc=', mime_type: 'application/json', url: 'https://lookaside.fbsbx.com/7' };
  const call = { id: 'wacid.1', from: '15550100987', timestamp: '1795300000', event: 'call_transcription_available' };
  const [event] = parse('calls', { metadata, calls: [{ ...call, call_transcript: { document } }] });
  if (event?.type !== 'call') throw new Error('no call');
  expect(event.call.event).toBe('call_transcription_available');
  expect(event.call.call_transcript?.document).toEqual(document);
  // A member with the wrong type is omitted, and remains in `raw`.
  const [odd] = parse('calls', { metadata, calls: [{ ...call, call_transcript: 'later' }] });
  expect(odd).toMatchObject({ type: 'call', raw: { call_transcript: 'later' } });
  expect(odd?.type === 'call' && odd.call.call_transcript).toBeUndefined();
});

test('a call of a number with SIP is created without a session', () => {
  const [event] = parse('calls', { metadata, calls: [{ id: 'wacid.1', from: '15550100987', event: 'call_created' }] });
  expect(event).toMatchObject({ type: 'call', call: { event: 'call_created' }, customer: { waId: '15550100987' } });
});

test('a view of a landing page is a user action', () => {
  const action = {
    action_type: 'landing_page_view',
    timestamp: '1795300000',
    marketing_messages_link_click_data: { click_id: 'c', tracking_token: 't' },
  };
  const [event] = parse('messages', { metadata, contacts: [{ wa_id: '15550100987' }], user_actions: [action] });
  if (event?.type !== 'user_actions') throw new Error('no action');
  expect(event.value).toEqual(action);
});

test.each(['business_username_update', 'business_username_updates'])('%s has its context, and the business is not a customer', (field) => {
  const value = { display_phone_number: '15550100123', username: 'harbor.bakery', status: 'deleted', context: 'revoked' };
  const [event] = parse(field, value);
  if (event?.type !== 'business_username_update') throw new Error('no update');
  expect(event.value.context).toBe('revoked');
  expect(event.customer).toBeUndefined();
});

test.each([
  ['phone_number_name_update', { decision: 'APPROVED', phone_number: '15550100123', requested_verified_name: 'Harbor' }],
  ['phone_number_quality_update', { event: 'FLAGGED', phone_number: '15550100123' }],
  ['security', { event: 'PIN_CHANGED', phone_number: '15550100123', username: 'harbor.bakery' }],
])('the number in %s is not a customer', (field, value) => {
  expect(parse(field, value)[0]?.customer).toBeUndefined();
});

test('a preference still has its customer', () => {
  const value = { metadata, user_preferences: [{ wa_id: '15550100987', user_id: 'US.1', category: 'marketing_messages', value: 'stop' }] };
  expect(parse('user_preferences', value)[0]?.customer).toEqual({ waId: '15550100987', userId: 'US.1' });
});
