import { expect, test } from 'vitest';
import {
  signWebhook,
  webhookEnvelope,
  webhookPayload,
  type WebhookEnvelope,
  type WebhookEntry,
  type WebhookPayloadOverrides,
} from 'wa-coexist/testing';
import { createWebhooks, parseWebhook, type WebhookEvent, type WebhookEventOf } from 'wa-coexist/webhooks';
import { samples } from '../webhooks/fixtures/samples.js';

const place = { wabaId: '211000000000001', occurredAt: new Date('2026-10-01T08:00:00Z') };
const number = { ...place, phoneNumberId: '339000000000001', displayPhoneNumber: '15550100777' };
const customer = { waId: '15550100555', userId: 'US.EXAMPLE1', parentUserId: 'US.ENT.EXAMPLE1', username: 'ida.berg', name: 'Ida Berg' };
const about = { ...number, customer };
const { occurredAt: _, ...aboutWithoutTime } = about;
const { occurredAt: __, ...numberWithoutTime } = number;
const image = { type: 'image', image: { id: '880000000001', mime_type: 'image/png', caption: 'Like this one?' } } as const;

/** Overrides of events. The other events contain one value of Meta, to which the test adds a member. */
const said: Partial<WebhookPayloadOverrides> = {
  message: { ...about, message: { ...image, id: 'wamid.EXAMPLE1', context: { id: 'wamid.EXAMPLE0' } } },
  'message.edit': { ...about, messageId: 'wamid.EXAMPLE2', originalMessageId: 'wamid.EXAMPLE1', message: image },
  'message.revoke': { ...about, messageId: 'wamid.EXAMPLE3', originalMessageId: 'wamid.EXAMPLE1' },
  status: { ...about, status: { id: 'wamid.EXAMPLE4', status: 'failed', errors: [{ code: 131047 }] } },
  user_actions: {
    ...about,
    value: { action_type: 'marketing_messages_link_click', marketing_messages_link_click_data: { click_id: 'c' } },
  },
  conversation_context: { ...aboutWithoutTime, value: { summary: { text: 'Wants a cake.' } } },
  echo: { ...about, message: { ...image, id: 'wamid.EXAMPLE5' } },
  'echo.edit': { ...about, messageId: 'wamid.EXAMPLE6', originalMessageId: 'wamid.EXAMPLE5', message: image },
  'echo.revoke': { ...about, messageId: 'wamid.EXAMPLE7', originalMessageId: 'wamid.EXAMPLE5' },
  'history.chunk': {
    ...number,
    phase: 2,
    chunkOrder: 7,
    progress: 81,
    threads: [
      {
        customer: { waId: '15550100555', userId: 'US.EXAMPLE1', parentUserId: 'US.ENT.EXAMPLE1', username: 'ida.berg' },
        messages: [
          { direction: 'inbound', occurredAt: new Date('2026-05-01T08:00:00Z'), status: 'DELIVERED', message: image },
          { direction: 'outbound', status: 'READ', message: { type: 'media_placeholder', id: 'wamid.EXAMPLE8' } },
          { direction: 'inbound', message: { type: 'revoke', revoke: { original_message_id: 'wamid.EXAMPLE9' } } },
        ],
      },
    ],
  },
  'history.media': { ...number, customer: { waId: '15550100555', username: 'ida.berg' }, direction: 'outbound', message: image },
  'history.declined': { ...number, error: { code: 131000, title: 'Something went wrong' } },
  contact: { ...about, customer: { waId: '15550100555', userId: 'US.EXAMPLE1' }, action: 'add', contact: { full_name: 'Ida B. Berg' } },
  'account.offboarded': place,
  'account.reconnected': place,
  'account.disconnected': { ...place, reason: 'COMPANION_INACTIVITY', initiatedBy: 'SYSTEM', phoneNumber: '15550100777' },
  'account.update': {
    ...place,
    value: { event: 'PARTNER_ADDED', waba_info: { waba_id: place.wabaId, owner_business_id: '778000000000001' } },
  },
  'account.error': { ...numberWithoutTime, error: { code: 131045, title: 'Incorrect certificate' } },
  account_alerts: { ...place, value: { entity_type: 'PHONE_NUMBER', alert_info: { alert_type: 'OBA_REJECTED' } } },
  account_review_update: { ...place, value: { decision: 'REJECTED' } },
  account_settings_update: { ...place, value: { phone_number_settings: { phone_number_id: number.phoneNumberId } } },
  business_capability_update: { ...place, value: { max_phone_numbers_per_waba: 40 } },
  business_username_update: { ...place, value: { username: 'sea.bakery', status: 'reserved' } },
  partner_solutions: { occurredAt: place.occurredAt, value: { event: 'SOLUTION_UPDATED', solution_status: 'ACTIVE' } },
  payment_configuration_update: { ...place, value: { configuration_name: 'second', status: 'Needs Testing' } },
  automatic_events: { ...number, value: { event_name: 'LeadSubmitted', ctwa_clid: 'clid' } },
  phone_number_quality_update: { ...place, value: { display_phone_number: '15550100777', event: 'ONBOARDING' } },
  phone_number_name_update: { ...place, value: { decision: 'REJECTED', rejection_reason: 'NAME_FORMAT_UNACCEPTABLE' } },
  phone_number_username_update: { ...place, value: { decision: 'REJECTED', rejection_reasons: ['TAKEN'] } },
  security: { ...place, value: { event: 'PIN_RESET_REQUEST', requester: '1' } },
  message_template_status_update: { ...place, value: { event: 'REJECTED', reason: 'INVALID_FORMAT', message_template_id: '7' } },
  message_template_quality_update: { ...place, value: { previous_quality_score: 'YELLOW', new_quality_score: 'RED' } },
  message_template_components_update: { ...place, value: { message_template_footer: 'Harbor Bakery' } },
  template_category_update: { ...place, value: { new_category: 'UTILITY', correct_category: 'MARKETING' } },
  template_correct_category_detection: { ...place, value: { correct_category: 'AUTHENTICATION' } },
  user_preferences: { ...about, value: { value: 'resume', detail: 'Ida wants them again.' } },
  user_id_update: { ...about, value: { user_id: { previous: 'US.EXAMPLE0', current: 'US.EXAMPLE1' } } },
  flows: { ...place, value: { event: 'ENDPOINT_AVAILABILITY', availability: 75, threshold: 90, alert_state: 'ACTIVATED' } },
  call: { ...about, call: { id: 'wacid.EXAMPLE1', event: 'terminate', direction: 'BUSINESS_INITIATED', status: 'FAILED', duration: 3 } },
  'call.status': { ...about, status: { id: 'wacid.EXAMPLE1', status: 'REJECTED' } },
  group_lifecycle_update: { ...number, value: { type: 'group_delete', group_id: 'G1' } },
  group_participants_update: { ...number, value: { type: 'group_participants_remove', removed_participants: [{ wa_id: '15550100555' }] } },
  group_settings_update: { ...number, value: { group_description: { text: 'For shops', update_successful: false } } },
  group_status_update: { ...number, value: { type: 'group_suspend_cleared' } },
  messaging_handovers: { ...number, customer: { waId: '15550100555', userId: 'US.EXAMPLE1' }, value: { type: 'control_taken' } },
  'standby.message': { ...about, message: { ...image, id: 'wamid.EXAMPLE10' } },
  'standby.echo': { ...about, message: { ...image, id: 'wamid.EXAMPLE11' } },
  'standby.status': { ...about, status: { id: 'wamid.EXAMPLE12', status: 'played' } },
  unknown: { ...place, field: 'in_orbit', raw: { altitude: { km: 400 } } },
};
const types = [...new Set(samples.flatMap((sample) => sample.types))];

// Types without overrides of their own consist of a value. Other events would not contain it.
const overridesOf = <Type extends WebhookEvent['type']>(type: Type): WebhookPayloadOverrides[Type] =>
  said[type] ?? { ...place, value: { new_member: 1 } };

/** Returns the only event of a payload, after a round trip through JSON. */
function eventOf<Type extends WebhookEvent['type']>(type: Type, overrides?: WebhookPayloadOverrides[Type]): WebhookEventOf<Type> {
  const events = parseWebhook(JSON.parse(JSON.stringify(webhookPayload(type, overrides))));
  expect(events.map((event) => event.type)).toEqual([type]);
  // Checked above.
  return events[0] as WebhookEventOf<Type>;
}

/** Returns all messages in an event. */
function contentsOf(event: WebhookEvent): readonly { readonly type: string }[] {
  if ('threads' in event) return event.threads.flatMap(({ messages }) => messages.map(({ message }) => message));
  return 'message' in event ? [event.message] : [];
}

test.each(types)('%s: one event of that type, all of its content known', (type) => {
  const event = eventOf(type);
  expect(contentsOf(event).map((content) => content.type)).not.toContain('unknown');
  if (type !== 'partner_solutions') expect(event.wabaId).toBe('211987650043210');
  expect(event.raw).toBeDefined();
});

test.each(types)('%s: what is said reaches the handler', (type) => {
  const overrides = overridesOf(type);
  const event = eventOf(type, overrides);
  expect(event).toMatchObject(overrides);
  expect(contentsOf(event).map((content) => content.type)).not.toContain('unknown');
});

test('a text may stand for a message', () => {
  expect(eventOf('message', { message: 'Hello there' }).message).toMatchObject({ type: 'text', text: { body: 'Hello there' } });
  expect(eventOf('echo', { message: 'We open at nine' }).message).toMatchObject({ type: 'text', text: { body: 'We open at nine' } });
  expect(eventOf('message.edit', { message: 'Two loaves' }).message).toMatchObject({ type: 'text', text: { body: 'Two loaves' } });
  expect(eventOf('history.media', { message: 'Hi' }).message).toMatchObject({ type: 'text', text: { body: 'Hi' } });
});

test('members of a message may be said without its content', () => {
  const { message } = eventOf('message', { message: { id: 'wamid.EXAMPLE1', context: { forwarded: true } } });
  expect(message).toMatchObject({ id: 'wamid.EXAMPLE1', type: 'text', context: { forwarded: true } });
});

test('a file gets what is missing', () => {
  const { message } = eventOf('message', { message: { type: 'document', document: { filename: 'menu.pdf' } } });
  const { id = '', sha256 = '', ...file } = message.type === 'document' ? message.document : {};
  expect(file).toMatchObject({ filename: 'menu.pdf', mime_type: 'application/pdf' });
  expect(id).toMatch(/^\d+$/);
  expect(sha256).toHaveLength(44);
});

test('people who hide their number are told by their user id alone', () => {
  const hidden = { userId: 'US.EXAMPLE2', username: 'jonas' };
  for (const type of ['message', 'echo', 'status', 'call', 'contact', 'history.media', 'standby.status', 'user_preferences'] as const) {
    const payload = webhookPayload(type, { customer: hidden });
    expect(parseWebhook(payload)[0]?.customer).toMatchObject(hidden);
    expect(JSON.stringify(payload)).not.toMatch(/wa_id|"from":"1555010098|"to":"1555010098|recipient_id|phone_number":"1555010098/);
  }
});

test('a user id is made for a number, and always the same', () => {
  const ids = ['message', 'echo', 'contact'].map((type) => {
    // One of three types in the union.
    const [event] = parseWebhook(webhookPayload(type as 'message', { customer: { waId: '15550100555' } }));
    return event?.customer?.userId;
  });
  expect(ids[0]).toMatch(/^US\./);
  expect(new Set(ids).size).toBe(1);
  expect(eventOf('message').customer?.userId).not.toBe(ids[0]);
});

test('two payloads are two events, not copies of one', () => {
  const withIds: readonly WebhookEvent['type'][] = [
    'message',
    'message.edit',
    'status',
    'echo.revoke',
    'history.media',
    'call',
    'standby.echo',
  ];
  for (const type of withIds) expect(eventOf(type).key).not.toBe(eventOf(type).key);
  const at = (seconds: number) => ({ occurredAt: new Date(Date.UTC(2026, 9, 1, 8, 0, seconds)) });
  expect(eventOf('account.offboarded', at(0)).key).not.toBe(eventOf('account.offboarded', at(1)).key);
});

test('payloads happen now', () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  for (const type of ['message', 'contact', 'account.offboarded', 'history.chunk', 'template_category_update'] as const) {
    const occurredAtMs = eventOf(type).occurredAt?.getTime() ?? 0;
    expect(occurredAtMs).toBeGreaterThanOrEqual(before);
    expect(occurredAtMs).toBeLessThanOrEqual(Date.now());
  }
});

test('an envelope holds several payloads, an entry for each WABA and time', () => {
  const other = { wabaId: '211000000000002' };
  const payload = webhookEnvelope([
    webhookPayload('message', { message: 'One' }),
    webhookPayload('status', other),
    webhookPayload('message', { message: 'Two' }),
    webhookEnvelope([webhookPayload('account.offboarded', { occurredAt: new Date('2026-10-01T08:00:00Z') })]),
  ]);
  const entries: readonly WebhookEntry[] = payload.entry;
  expect(entries.map(({ id, time, changes }) => [id, time, changes.map(({ field }) => field)])).toEqual([
    ['211987650043210', undefined, ['messages', 'messages']],
    ['211000000000002', undefined, ['messages']],
    ['211987650043210', 1790841600, ['account_update']],
  ]);
  expect(parseWebhook(payload).map(({ type }) => type)).toEqual(['message', 'message', 'status', 'account.offboarded']);
  expect(webhookEnvelope([]).entry).toEqual([]);
});

test('a signed payload passes the receiver and reaches its handler', async () => {
  const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
  const handled: string[] = [];
  webhooks.on('*', ({ type }) => {
    handled.push(type);
  });
  const post = async (payload: WebhookEnvelope): Promise<number> => {
    const body = JSON.stringify(payload);
    const headers = { 'x-hub-signature-256': signWebhook(body, 'app-secret') };
    return (await webhooks.fetch(new Request('https://shop.example/webhooks', { method: 'POST', headers, body }))).status;
  };
  for (const type of types) expect(await post(webhookPayload(type))).toBe(200);
  expect(handled).toEqual(types);
  expect(await post(webhookEnvelope([webhookPayload('message', { message: 'Grüße 🙏' }), webhookPayload('echo')]))).toBe(200);
  expect(handled.slice(types.length)).toEqual(['message', 'echo']);
});

test('what does not fit does not compile', () => {
  // @ts-expect-error no such type of event
  expect(() => webhookPayload('mesage')).toThrow();
  // @ts-expect-error a picture is not called that
  webhookPayload('message', { message: { type: 'image', picture: {} } });
  // @ts-expect-error a text is an object in Meta's shape
  webhookPayload('message', { message: { type: 'text', text: 'Hello' } });
  // @ts-expect-error an account event comes from no number
  webhookPayload('account.offboarded', { phoneNumberId: '339900112233445' });
  // @ts-expect-error the member is called `event`
  webhookPayload('message_template_status_update', { value: { status: 'APPROVED' } });
});
