import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { busyShop, createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createClient, requestAppDataSync, sendMessage } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import type { WebhookEvent } from 'wa-coexist/webhooks';
import { samples } from '../webhooks/fixtures/samples.js';
import { changesOf } from './shop.js';

/** External payloads. They aren't part of the repository, so they may be missing. */
const folder = new URL('../../../shared/corpus/', import.meta.url);
const hasCorpus = existsSync(folder);
if (!hasCorpus)
  console.log('Skipped: the shapes of webhooks are held against payloads from outside where shared/corpus is beside the checkout.');

/**
 * Keys that the fake emits but the external payloads lack (`field: path type`), by their documentation. If the payloads
 * contain one, a test requires that it is removed here.
 */
const fromElsewhere: Readonly<Record<string, readonly string[]>> = {
  'Meta, Business-scoped user IDs (29 Jun 2026)': [
    'history: history[].threads[].context.user_id string',
    'history: history[].threads[].context.username string',
    'history: history[].threads[].context.wa_id string',
    'history: history[].threads[].messages[].from_user_id string',
    'user_id_update: contacts[].user_id string',
  ],
  'Meta, changelog (11 Aug 2026)': ['messages: messages[].system.previous_user_id string'],
  'Meta, Handover protocol, beta (2026)': [
    'messages: conversation_context.summary.text string',
    'messages: conversation_context.type string',
    'messaging_handovers: control_passed.new_owner_app_id string',
    'messaging_handovers: control_passed.previous_owner_app_id string',
    'messaging_handovers: messaging_product string',
    'messaging_handovers: recipient.display_phone_number string',
    'messaging_handovers: recipient.phone_number_id string',
    'messaging_handovers: sender.phone_number string',
    'messaging_handovers: sender.user_id string',
    'messaging_handovers: timestamp string',
    'messaging_handovers: type string',
    'standby: messaging_product string',
    'standby: metadata.display_phone_number string',
    'standby: metadata.phone_number_id string',
    'standby: standby.contacts[].profile.name string',
    'standby: standby.contacts[].user_id string',
    'standby: standby.contacts[].wa_id string',
    'standby: standby.message_echoes[].from string',
    'standby: standby.message_echoes[].id string',
    'standby: standby.message_echoes[].text.body string',
    'standby: standby.message_echoes[].timestamp string',
    'standby: standby.message_echoes[].to string',
    'standby: standby.message_echoes[].to_user_id string',
    'standby: standby.message_echoes[].type string',
    'standby: standby.messages[].from string',
    'standby: standby.messages[].from_user_id string',
    'standby: standby.messages[].id string',
    'standby: standby.messages[].text.body string',
    'standby: standby.messages[].timestamp string',
    'standby: standby.messages[].type string',
    'standby: standby.statuses[].id string',
    'standby: standby.statuses[].recipient_id string',
    'standby: standby.statuses[].recipient_user_id string',
    'standby: standby.statuses[].status string',
    'standby: standby.statuses[].timestamp string',
  ],
  'Meta, Marketing Messages API, click webhooks (3 Dec 2025)': [
    'messages: user_actions[].action_type string',
    'messages: user_actions[].marketing_messages_link_click_data.click_component string',
    'messages: user_actions[].marketing_messages_link_click_data.click_id string',
    'messages: user_actions[].timestamp string',
  ],
  'Meta, account_settings_update webhook reference (Nov 2025)': [
    'account_settings_update: messaging_product string',
    'account_settings_update: phone_number_settings.calling.status string',
    'account_settings_update: phone_number_settings.phone_number_id string',
    'account_settings_update: timestamp string',
    'account_settings_update: type string',
  ],
  'Meta, business_capability_update webhook reference (Nov 2025)': ['business_capability_update: max_phone_numbers_per_business number'],
  'Meta, changelog: media webhooks have a url (16 Oct 2025)': ['messages: messages[].document.url string'],
  'Meta, edit messages webhook reference (3 Dec 2025)': ['messages: messages[].edit.message.text.body string'],
  'Meta, history webhook reference (12 Dec 2025)': ['history: history[].errors[].error_data.details string'],
  'Meta, history webhook reference (12 Dec 2025): types and contents as in live messages': [
    'history: history[].threads[].messages[].location.latitude number',
    'history: history[].threads[].messages[].location.longitude number',
    'history: message_echoes[].audio.id string',
    'history: message_echoes[].audio.mime_type string',
    'history: message_echoes[].audio.sha256 string',
    'history: message_echoes[].audio.url string',
    'history: message_echoes[].audio.voice boolean',
    'history: message_echoes[].document.filename string',
    'history: message_echoes[].document.id string',
    'history: message_echoes[].document.mime_type string',
    'history: message_echoes[].document.sha256 string',
    'history: message_echoes[].document.url string',
    'history: messages[].audio.id string',
    'history: messages[].audio.mime_type string',
    'history: messages[].audio.sha256 string',
    'history: messages[].audio.url string',
    'history: messages[].audio.voice boolean',
    'history: messages[].document.filename string',
    'history: messages[].document.id string',
    'history: messages[].document.mime_type string',
    'history: messages[].document.sha256 string',
    'history: messages[].document.url string',
    'history: messages[].image.url string',
  ],
  'Meta, payment_configuration_update webhook reference (Nov 2025)': [
    'payment_configuration_update: configuration_name string',
    'payment_configuration_update: provider_mid string',
    'payment_configuration_update: provider_name string',
    'payment_configuration_update: status string',
  ],
  'Meta, phone_number_name_update webhook reference (Nov 2025)': [
    'phone_number_name_update: decision string',
    'phone_number_name_update: display_phone_number string',
    'phone_number_name_update: requested_verified_name string',
  ],
  'Meta, smb_message_echoes webhook reference (2026)': ['smb_message_echoes: message_echoes[].edit.message.context.id string'],
  'Meta, smb_message_echoes webhook reference (2026): contents as in messages': [
    'smb_message_echoes: message_echoes[].audio.id string',
    'smb_message_echoes: message_echoes[].audio.mime_type string',
    'smb_message_echoes: message_echoes[].audio.sha256 string',
    'smb_message_echoes: message_echoes[].audio.url string',
    'smb_message_echoes: message_echoes[].document.id string',
    'smb_message_echoes: message_echoes[].document.mime_type string',
    'smb_message_echoes: message_echoes[].document.sha256 string',
    'smb_message_echoes: message_echoes[].document.url string',
    'smb_message_echoes: message_echoes[].image.id string',
    'smb_message_echoes: message_echoes[].image.mime_type string',
    'smb_message_echoes: message_echoes[].image.sha256 string',
    'smb_message_echoes: message_echoes[].image.url string',
    'smb_message_echoes: message_echoes[].sticker.id string',
    'smb_message_echoes: message_echoes[].sticker.mime_type string',
    'smb_message_echoes: message_echoes[].sticker.sha256 string',
    'smb_message_echoes: message_echoes[].sticker.url string',
    'smb_message_echoes: message_echoes[].video.sha256 string',
    'smb_message_echoes: message_echoes[].video.url string',
  ],
  'Meta, template_correct_category_detection webhook reference (Nov 2025)': [
    'template_correct_category_detection: category string',
    'template_correct_category_detection: correct_category string',
    'template_correct_category_detection: message_template_id number',
    'template_correct_category_detection: message_template_language string',
    'template_correct_category_detection: message_template_name string',
  ],
  'Third parties that read Meta, Usernames (Sep and Oct 2026)': [
    'phone_number_username_update: decision string',
    'phone_number_username_update: display_phone_number string',
    'phone_number_username_update: requested_username string',
  ],
};
const listed = new Set(Object.values(fromElsewhere).flat());

/** Returns the paths of all values with their types, for example `messages[].text.body string`. */
function shapesOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => shapesOf(item, `${path}[]`));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => shapesOf(item, path === '' ? key : `${path}.${key}`));
  }
  return [`${path} ${value === null ? 'null' : typeof value}`];
}

function shapesOfCorpus(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('webhook-'))) {
    for (const file of readdirSync(new URL(`${name}/`, folder))) {
      const payload: unknown = JSON.parse(readFileSync(new URL(`${name}/${file}`, folder), 'utf8'));
      // Some payloads are malformed on purpose.
      const { entry } = payload as { entry?: ({ changes?: ({ field?: string; value?: unknown } | null)[] } | null)[] };
      if (!Array.isArray(entry)) continue;
      for (const change of entry.flatMap((item) => (Array.isArray(item?.changes) ? item.changes : []))) {
        const { field = '', value } = change ?? {};
        for (const shape of shapesOf(value)) found.add(`${field}: ${shape}`);
      }
    }
  }
  return found;
}

/** Returns all shapes that the fake can emit. */
async function shapesOfFake(): Promise<ReadonlySet<string>> {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.coexistenceNumber();
  const phone = fake.phone(number);
  phone.seedHistory({ messages: 300, mediaShare: 0.3 });
  fake.signup(number);
  const accessToken = fake.issueToken();
  const client = createClient({ ...number, accessToken, clock, fetch: fake.fetch });
  await client.request({ method: 'POST', path: [number.wabaId, 'subscribed_apps'] });
  for (const { type } of eventTypes) fake.app.subscribedFields.add(fieldOf(type));
  fake.deliverTo(async () => new Response());
  await requestAppDataSync(client, { syncType: 'smb_app_state_sync' });
  await requestAppDataSync(client, { syncType: 'history' });
  await busyShop(fake, number, { minutes: 3 });
  const mara = fake.customer('15550300001', { username: 'mara.reads' });
  for (const type of ['image', 'video', 'audio', 'document', 'sticker']) {
    mara.send(number.phoneNumberId, { type, [type]: {} });
    phone.send(mara.waId, { type, [type]: {} });
  }
  await sendMessage(client, { to: mara.waId, ...template('hello_world', 'en_US'), biz_opaque_callback_data: 'order-1' });
  await sendMessage(client, { to: mara.waId, type: 'reaction', reaction: { message_id: 'wamid.NONE', emoji: '👍' } });
  await fake.settled();
  mara.read();
  mara.setMarketing(number.phoneNumberId, false);
  mara.changeNumber('15550300999');
  const templateId = fake.addTemplate(number.wabaId, { name: 'order_ready' });
  const handle = fake.template(templateId);
  handle.pause();
  handle.rate('YELLOW');
  handle.recategorise('MARKETING');
  phone.changeDevice();
  await clock.advance(120_000);
  for (const { type } of eventTypes) fake.emit(number, type);
  phone.disconnect({ reason: 'CHANGE_NUMBER', shape: 'reference' });
  await fake.settled();
  const found = new Set<string>();
  for (const { body, state } of fake.deliveries) {
    expect(state).toBe('delivered');
    for (const { field, value } of changesOf(body)) for (const shape of shapesOf(value)) found.add(`${field}: ${shape}`);
  }
  return found;
}

/** Types of events whose values Meta doesn't document. */
const undocumented: ReadonlySet<WebhookEvent['type']> = new Set([
  'business_status_update',
  'consumer_profile',
  'message_echoes',
  'tracking_events',
  'unknown',
]);
const eventTypes = [...new Set(samples.flatMap(({ types }) => types))].filter((type) => !undocumented.has(type)).map((type) => ({ type }));

const fieldsOfTypes: Readonly<Record<string, string>> = {
  message: 'messages',
  status: 'messages',
  user_actions: 'messages',
  conversation_context: 'messages',
  echo: 'smb_message_echoes',
  contact: 'smb_app_state_sync',
  account: 'account_update',
  business_username_update: 'business_username_updates',
  call: 'calls',
};

function fieldOf(type: string): string {
  const [family = type] = type.split('.');
  return type === 'account.error' ? 'messages' : (fieldsOfTypes[family] ?? family);
}

test('every documented webhook can be emitted, and reaches a receiver that subscribed', async () => {
  const found = await shapesOfFake();
  const fields = new Set([...found].map((shape) => shape.split(':')[0]));
  expect([...new Set(eventTypes.map(({ type }) => fieldOf(type)))].filter((field) => !fields.has(field))).toEqual([]);
});

describe.skipIf(!hasCorpus)('against payloads from outside', () => {
  test('every key that the fake emits is known there with this type, or listed with its source', async () => {
    const known = shapesOfCorpus();
    const unknown = [...(await shapesOfFake())].filter((shape) => !known.has(shape) && !listed.has(shape));
    expect(unknown.toSorted()).toEqual([]);
  });

  test('the list holds nothing that is known there, and nothing that the fake does not emit', async () => {
    const known = shapesOfCorpus();
    const emitted = await shapesOfFake();
    expect([...listed].filter((shape) => known.has(shape) || !emitted.has(shape))).toEqual([]);
  });
});
