import { expect, test } from 'vitest';
import { requestAppDataSync, sendMessage } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { parseWebhook } from 'wa-coexist/webhooks';
import { openShop } from './shop.js';

test('everything that the fake emits is understood by the library, and nothing is unknown', async () => {
  const { client, clock, fake, number } = openShop();
  const phone = fake.phone(number);
  phone.seedHistory({ messages: 800, mediaShare: 0.3 });
  await requestAppDataSync(client, { syncType: 'smb_app_state_sync' });
  await requestAppDataSync(client, { syncType: 'history' });
  const mara = fake.customer('15550100987', { name: 'Mara', username: 'mara.reads' });
  const jonas = fake.customer('15550100988', { hidesNumber: true });
  for (const person of [mara, jonas]) {
    const id = person.send(number.phoneNumberId, 'Hello', { unavailableFirst: true });
    person.send(number.phoneNumberId, { type: 'audio', audio: { voice: true } });
    person.edit(id, 'Hello!');
    person.delete(id);
    const echo = phone.send(person.waId, 'Hi');
    phone.send(person.waId, { type: 'document', document: { filename: 'menu.pdf' } });
    phone.edit(echo, 'Hi!');
    phone.delete(echo);
  }
  phone.addContact({ waId: mara.waId, fullName: 'Mara Lindqvist' });
  phone.removeContact(mara.waId);
  await sendMessage(client, { to: mara.waId, ...template('hello_world', 'en_US') });
  await sendMessage(client, { to: mara.waId, type: 'reaction', reaction: { message_id: 'wamid.EXAMPLE', emoji: '👍' } });
  await fake.settled();
  mara.read();
  phone.changeDevice();
  await clock.advance(120_000);
  phone.disconnect({ reason: 'CHANGE_NUMBER', shape: 'reference' });
  fake.signup(number);
  phone.declineHistory();
  const token = fake.issueToken();
  await client.request({ method: 'POST', path: [number.wabaId, 'subscribed_apps'], auth: { token } });
  const body = { messaging_product: 'whatsapp', sync_type: 'history' };
  await client.request({ method: 'POST', path: [number.phoneNumberId, 'smb_app_data'], body, auth: { token } });
  await fake.settled();
  phone.disconnect();
  await fake.settled();

  const events = fake.deliveries.flatMap((delivery) => parseWebhook(JSON.parse(delivery.body)));
  expect(fake.deliveries.every(({ state }) => state === 'delivered')).toBe(true);
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set([
      'message',
      'message.edit',
      'message.revoke',
      'status',
      'echo',
      'echo.edit',
      'echo.revoke',
      'history.chunk',
      'history.media',
      'history.declined',
      'contact',
      'account.offboarded',
      'account.reconnected',
      'account.disconnected',
    ]),
  );
  for (const event of events) expect(event.wabaId).toBe(number.wabaId);
  const contents = events.flatMap((event) => {
    switch (event.type) {
      case 'message':
      case 'message.edit':
      case 'echo':
      case 'echo.edit':
      case 'history.media':
        return [event.message];
      case 'history.chunk':
        return event.threads.flatMap(({ messages }) => messages.map(({ message }) => message));
      default:
        return [];
    }
  });
  expect(contents.filter(({ type }) => type === 'unknown')).toEqual([]);
  expect(contents.length).toBeGreaterThan(800);
});
