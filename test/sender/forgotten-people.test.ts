import { expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { parseWebhook, type WebhookEvent } from 'wa-coexist/webhooks';
import { createPeople } from '../../src/sender/queue/sender-people.js';

const phoneNumberId = '106540352242922';
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A customer writes under a phone number and a user ID. */
function inbound(index: number): WebhookEvent {
  const [waId, userId] = [`1555${String(index).padStart(7, '0')}`, `US.${String(index)}`];
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550100123', phone_number_id: phoneNumberId },
    contacts: [{ wa_id: waId, user_id: userId, profile: { name: 'A' } }],
    messages: [
      { from: waId, from_user_id: userId, id: `wamid.${String(index)}`, timestamp: '1793610000', type: 'text', text: { body: 'Hi' } },
    ],
  };
  const entry = [{ id: '1', changes: [{ field: 'messages', value }] }];
  const event = parseWebhook({ object: 'whatsapp_business_account', entry }).find(({ type }) => type === 'message');
  return event!;
}

function setUp(isShared: boolean) {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  const people = createPeople({ store, isShared, clock, logger: quiet, onJoined: () => undefined, onLearned: undefined, maxPeople: 10 });
  const stored = async (): Promise<number> => (await store.list('wa/number/', { limit: 1_000 })).length;
  const isLinked = async (index: number): Promise<boolean> => {
    const [byUserId, byNumber] = await Promise.all([
      people.find(phoneNumberId, `US.${String(index)}`),
      people.find(phoneNumberId, `1555${String(index).padStart(7, '0')}`),
    ]);
    return byUserId !== undefined && byUserId.id === byNumber?.id;
  };
  return { people, stored, isLinked };
}

test('a sender without a store forgets the people whom it saw least recently', async () => {
  const { people, stored, isLinked } = setUp(false);
  for (let index = 0; index < 10; index += 1) await people.learn(inbound(index));
  const full = await stored();
  await people.learn(inbound(0));
  for (let index = 10; index < 15; index += 1) await people.learn(inbound(index));
  expect(await stored()).toBe(full);
  expect(await Promise.all([0, 1, 5, 6, 14].map(isLinked))).toEqual([true, false, false, true, true]);
});

test('a person with an opt-out is not forgotten', async () => {
  const { people, isLinked } = setUp(false);
  await people.learn(inbound(0));
  await people.record(phoneNumberId, { waId: '15550000000' }, 0);
  for (let index = 1; index < 40; index += 1) await people.learn(inbound(index));
  expect(await isLinked(0)).toBe(true);
  expect(await isLinked(1)).toBe(false);
});

test('a sender with a store forgets no people', async () => {
  const { people, isLinked } = setUp(true);
  for (let index = 0; index < 40; index += 1) await people.learn(inbound(index));
  expect(await isLinked(0)).toBe(true);
});
