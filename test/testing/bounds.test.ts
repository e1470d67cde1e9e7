import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { expect, test } from 'vitest';
import { openEmulator } from './open-emulator.js';

test('maxMessages limits chats, messages, deliveries and requests', async () => {
  const fake = createFakeCloudApi({ clock: fakeClock(), maxMessages: 100 });
  const { phoneNumberId, accessToken } = fake.coexistenceNumber();
  fake.deliverTo(() => Promise.resolve(new Response()));
  for (let index = 0; index < 1_000; index += 1) {
    fake.customer(String(15_550_200_000 + index)).send(phoneNumberId, 'Hello');
    await fake.fetch(`https://graph.facebook.com/${phoneNumberId}`, { headers: { authorization: `Bearer ${accessToken}` } });
  }
  await fake.settled();
  const { chats } = fake.phone(phoneNumberId);
  expect(chats).toHaveLength(100);
  expect(chats.at(-1)).toMatchObject({ customerWaId: '15550200999', messageCount: 1, lastMessage: { text: 'Hello' } });
  expect(chats.at(-1)?.lastMessageAt).toEqual(chats.at(-1)?.lastMessage?.at);
  expect(fake.deliveries.length).toBeLessThanOrEqual(110);
  expect(fake.requests.length).toBeLessThanOrEqual(110);
});

test('fake.customer returns the same customer while a program uses it', () => {
  const fake = createFakeCloudApi({ clock: fakeClock() });
  const mara = fake.customer('15550100987');
  expect(fake.customer('+1 555 010 0987')).toBe(mara);
  expect(fake.customers).toContain(mara);
});

test('the page offers the first 200 customers, and names those of all shown chats', async () => {
  const { fake, number, view } = await openEmulator();
  const before = (await view()).customers.length;
  for (let index = 0; index < 300; index += 1) {
    fake.customer(String(15_550_700_000 + index), { name: `Person ${String(index)}` }).send(number.phoneNumberId, 'Hello');
  }
  const { customers, phone } = await view();
  expect(before).toBeLessThan(200);
  expect(customers).toHaveLength(200);
  expect(customers[before]).toEqual({ waId: '15550700000', name: 'Person 0' });
  expect(phone?.chats).toHaveLength(100);
  expect(phone?.chats.every(({ name }) => name.startsWith('Person '))).toBe(true);
});
