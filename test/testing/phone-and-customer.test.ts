import { expect, test } from 'vitest';
import { createClient, sendMessage } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { openShop } from './shop.js';

const dayMs = 24 * 60 * 60 * 1_000;

test('what somebody types in the app comes as an echo, and what they change and delete, too', async () => {
  const { fake, number, values } = openShop({ messageIds: 'one-spelling' });
  const phone = fake.phone(number.displayPhoneNumber);
  const mara = fake.customer('15550100987', { name: 'Mara', username: 'mara.reads' });
  const id = phone.send(mara.waId, 'We open at nine');
  const edit = phone.edit(id, 'We open at ten');
  const revoke = phone.delete(id);
  await fake.settled();
  const echoes = values('smb_message_echoes');
  for (const value of echoes) {
    expect(value).toMatchObject({
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: number.waId, phone_number_id: number.phoneNumberId },
      contacts: [{ profile: { name: 'Mara', username: 'mara.reads' }, wa_id: mara.waId, user_id: mara.userId }],
      message_echoes: [{ from: number.waId, to: mara.waId, to_user_id: mara.userId, timestamp: expect.stringMatching(/^\d+$/) as string }],
    });
  }
  expect(echoes.flatMap((value) => value.message_echoes ?? [])).toMatchObject([
    { id, type: 'text', text: { body: 'We open at nine' } },
    { id: edit, type: 'edit', edit: { original_message_id: id, message: { type: 'text', text: { body: 'We open at ten' } } } },
    { id: revoke, type: 'revoke', revoke: { original_message_id: id } },
  ]);
  expect(new Set([id, edit, revoke]).size).toBe(3);
  expect(mara.inbox).toMatchObject([{ id, via: 'app', edited: true, deleted: true }]);
  expect(mara.inbox[0]?.text).toBeUndefined();
  expect(() => phone.edit(id, 'gone')).toThrow('No message');
});

test('the caption of a file is what is edited', async () => {
  const { fake, number, values } = openShop();
  const phone = fake.phone(number);
  const id = phone.send('15550100987', { type: 'image', image: { caption: 'Front window' } });
  phone.edit(id, 'Back window');
  await fake.settled();
  const [echo, edit] = values('smb_message_echoes').flatMap((value) => value.message_echoes ?? []);
  expect(echo?.image).toMatchObject({ caption: 'Front window', mime_type: 'image/jpeg', id: expect.stringMatching(/^\d+$/) as string });
  expect(edit?.edit).toMatchObject({ message: { type: 'image', image: { ...(echo?.image as object), caption: 'Back window' } } });
});

test('no echo of what the API sends, nor of what is typed on a companion that Meta does not support', async () => {
  const { client, fake, number, values } = openShop();
  const mara = fake.customer('15550100987');
  mara.send(number.phoneNumberId, 'Hi');
  await sendMessage(client, { to: mara.waId, ...text('From the API') });
  fake.phone(number).send(mara.waId, 'From Windows', { from: 'windows' });
  fake.phone(number).send(mara.waId, 'From the browser', { from: 'web' });
  await fake.settled();
  expect(values('smb_message_echoes').flatMap((value) => value.message_echoes ?? [])).toMatchObject([
    { text: { body: 'From the browser' } },
  ]);
  expect(mara.inbox.map(({ text: body }) => body).sort()).toEqual(['From Windows', 'From the API', 'From the browser']);
});

test('contacts that are added, edited and removed', async () => {
  const { clock, fake, number, values } = openShop();
  const phone = fake.phone(number);
  phone.addContact({ waId: '+1 555 010 0987', fullName: 'Mara Lindqvist' });
  await clock.advance(5_000);
  phone.editContact('15550100987', { fullName: 'Dr. Mara Lindqvist', firstName: 'Mara' });
  phone.removeContact('15550100987');
  await fake.settled();
  const items = values('smb_app_state_sync').flatMap((value) => value.state_sync ?? []);
  expect(items).toMatchObject([
    { type: 'contact', action: 'add', contact: { full_name: 'Mara Lindqvist', first_name: 'Mara', phone_number: '15550100987' } },
    { action: 'add', contact: { full_name: 'Dr. Mara Lindqvist', first_name: 'Mara', phone_number: '15550100987' } },
    { action: 'remove', contact: { phone_number: '15550100987' } },
  ]);
  expect(items[2]?.contact).not.toHaveProperty('full_name');
  expect(Number(items[1]?.metadata.timestamp) - Number(items[0]?.metadata.timestamp)).toBe(5);
  expect(phone.contacts).toEqual([]);
  expect(() => {
    phone.removeContact('15550100987');
  }).toThrow('has no');
});

test('a customer writes, answers, edits and deletes', async () => {
  const { fake, number, values } = openShop({ messageIds: 'one-spelling' });
  const mara = fake.customer('15550100987', { name: 'Mara' });
  const question = fake.phone(number).send(mara.waId, 'Pick-up at five?');
  const id = mara.send(number.phoneNumberId, 'Yes', { replyTo: question });
  mara.edit(id, 'Yes, please');
  mara.delete(id);
  await fake.settled();
  const messages = values('messages').flatMap((value) => value.messages ?? []);
  expect(messages).toMatchObject([
    { id, from: mara.waId, from_user_id: mara.userId, type: 'text', text: { body: 'Yes' }, context: { id: question } },
    { type: 'edit', edit: { original_message_id: id, message: { type: 'text', text: { body: 'Yes, please' } } } },
    { type: 'revoke', revoke: { original_message_id: id } },
  ]);
  expect(values('messages')[0]?.contacts).toEqual([{ profile: { name: 'Mara' }, wa_id: mara.waId, user_id: mara.userId }]);
  expect(() => mara.edit(question, 'not mine')).toThrow('has sent no message');
});

test('on a plain number an edit is an unsupported message (131051)', async () => {
  const { fake, values } = openShop();
  const plain = fake.cloudApiNumber();
  const mara = fake.customer('15550100987');
  mara.edit(mara.send(plain.phoneNumberId, 'One loaf'), 'Two loaves');
  await fake.settled();
  const [, edit] = values('messages').flatMap((value) => value.messages ?? []);
  expect(edit).toMatchObject({ type: 'unsupported', unsupported: { type: 'edit' }, errors: [{ code: 131051 }] });
});

test('a stub (131060), and the message itself under the same wamid 200 ms later', async () => {
  const { clock, fake, number, values } = openShop();
  const id = fake.customer('15550100987').send(number.phoneNumberId, 'From an ad', { unavailableFirst: true });
  await clock.advance(199);
  expect(values('messages').flatMap((value) => value.messages ?? [])).toMatchObject([
    { id, type: 'unsupported', errors: [{ code: 131060 }] },
  ]);
  await fake.settled();
  expect(values('messages').flatMap((value) => value.messages ?? [])[1]).toMatchObject({ id, type: 'text', text: { body: 'From an ad' } });
});

test('a person who hides the number appears by user id and username alone', async () => {
  const { fake, number, values } = openShop();
  const jonas = fake.customer('15550100988', { username: 'jonas.b', hidesNumber: true });
  jonas.send(number.phoneNumberId, 'Hi');
  fake.phone(number).send(jonas.waId, 'Hello');
  fake.phone(number).addContact({ waId: jonas.waId, fullName: 'Jonas' });
  await fake.settled();
  const seen = JSON.stringify(['messages', 'smb_message_echoes', 'smb_app_state_sync'].flatMap(values));
  expect(seen).not.toContain(jonas.waId);
  expect(seen.split(jonas.userId).length - 1).toBeGreaterThanOrEqual(3);
});

test('the same number is the same person', () => {
  const { fake } = openShop();
  const mara = fake.customer('+1 555 010 0987');
  expect(fake.customer('15550100987', { name: 'Mara' })).toBe(mara);
  expect(mara.name).toBe('Mara');
});

test('disconnect: PARTNER_REMOVED in the shape of the guide, and no access any more', async () => {
  const { client, fake, number, received } = openShop();
  const phone = fake.phone(number);
  phone.disconnect();
  await fake.settled();
  expect(received).toMatchObject([
    { entryId: number.wabaId, field: 'account_update', value: { phone_number: number.waId, event: 'PARTNER_REMOVED' } },
  ]);
  expect(received[0]?.value).not.toHaveProperty('disconnection_info');
  expect(received[0]?.time).toBeTypeOf('number');
  expect(phone.linked).toBe(false);
  await expect(sendMessage(client, { to: '15550100987', ...text('x') })).rejects.toMatchObject({ code: 100, subcode: 33 });
  phone.send('15550100987', 'still works in the app');
  fake.customer('15550100987').send(number.phoneNumberId, 'so does this');
  await fake.settled();
  expect(received).toHaveLength(1);
});

test('disconnect: PARTNER_REMOVED in the shape of the reference', async () => {
  const { fake, number, received } = openShop();
  fake.phone(number).disconnect({ reason: 'CHANGE_NUMBER', shape: 'reference' });
  await fake.settled();
  expect(received[0]).toMatchObject({
    value: {
      event: 'PARTNER_REMOVED',
      waba_info: { waba_id: number.wabaId, owner_business_id: number.businessId },
      disconnection_info: { reason: 'CHANGE_NUMBER', initiated_by: 'USER' },
    },
  });
  expect(received[0]?.entryId).not.toBe(number.wabaId);
});

test('an app that nobody opens for 14 days is cut off; one that is opened is not', async () => {
  const { clock, fake, number, received } = openShop();
  const other = fake.coexistenceNumber();
  await clock.advance(13 * dayMs);
  fake.phone(other).openApp();
  await clock.advance(dayMs);
  await fake.settled();
  expect(received).toMatchObject([
    {
      entryId: number.wabaId,
      value: { event: 'PARTNER_REMOVED', disconnection_info: { reason: 'PRIMARY_INACTIVITY', initiated_by: 'SYSTEM' } },
    },
  ]);
  expect(fake.phone(other).linked).toBe(true);
  expect(fake.phone(other).lastUsedAt.getTime()).toBe(clock.now() - dayMs);
});

test('a change of device: offboarded, suspended, reconnected, with subscriptions and token as before', async () => {
  const { client, clock, fake, number, received } = openShop();
  const phone = fake.phone(number);
  phone.linkCompanion('web');
  const mara = fake.customer('15550100987');
  mara.send(number.phoneNumberId, 'Hi');
  phone.changeDevice();
  mara.send(number.phoneNumberId, 'Lost on the way');
  await fake.settled();
  expect(received.map(({ value }) => value.event ?? value.messages?.[0]?.text)).toEqual([{ body: 'Hi' }, 'ACCOUNT_OFFBOARDED']);
  await expect(sendMessage(client, { to: mara.waId, ...text('x') })).rejects.toMatchObject({ code: 133010 });
  await clock.advance(120_000);
  await fake.settled();
  expect(received.at(-1)).toMatchObject({ entryId: number.wabaId, value: { event: 'ACCOUNT_RECONNECTED' } });
  expect(phone.companions).toEqual([]);
  await expect(sendMessage(client, { to: mara.waId, ...text('back') })).resolves.toBeDefined();
});

test('a change of device without the opt-in stays offboarded until the next signup', async () => {
  const { clock, fake, number, received } = openShop();
  fake.phone(number).changeDevice({ reconnect: false });
  await clock.advance(3 * dayMs);
  expect(received.map(({ value }) => value.event)).toEqual(['ACCOUNT_OFFBOARDED']);
  expect(fake.phone(number).linked).toBe(false);
  fake.signup(number);
  expect(fake.phone(number).linked).toBe(true);
});

test('one number of a WABA leaves, the other stays', async () => {
  const { clock, fake, number } = openShop();
  const second = fake.coexistenceNumber({ wabaId: number.wabaId });
  expect(second.businessId).toBe(number.businessId);
  fake.phone(number).disconnect();
  const client = createClient({
    accessToken: second.accessToken,
    phoneNumberId: second.phoneNumberId,
    clock,
    fetch: fake.fetch,
    maxRetries: 0,
  });
  fake.customer('15550100987').send(second.phoneNumberId, 'Hi');
  await expect(sendMessage(client, { to: '15550100987', ...text('x') })).resolves.toBeDefined();
});
