import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { markAsRead, messageToken, parseMessageId, sameMessage, sendMessage } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { createFakeCloudApi, webhookPayload, type FakeCloudApiOptions } from 'wa-coexist/testing';
import { parseWebhook } from 'wa-coexist/webhooks';
import { openShop, type SeenMessage, type Shop } from './shop.js';

/** Returns the messages of customers and the business, in the order of arrival. */
function messagesOf({ values }: Shop): readonly SeenMessage[] {
  return values('messages').flatMap(({ messages = [] }) => messages);
}

/** Returns the last element of a list, which must have one. */
function last<Item>(items: readonly Item[]): Item {
  const item = items.at(-1);
  if (item === undefined) throw new Error('The list is empty.');
  return item;
}

/** Decodes a wamid to hexadecimal digits. */
function bytesOf(messageId: string): string {
  return Array.from(atob(messageId.slice('wamid.'.length)), (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}

const hex = (ascii: string): string => Array.from(ascii, (character) => character.charCodeAt(0).toString(16)).join(' ');

/** A shop with an open service window, and one message in each direction. */
async function talk(options?: FakeCloudApiOptions) {
  const shop = openShop(options);
  const { client, fake, number } = shop;
  const mara = fake.customer('15550100987', { name: 'Mara' });
  const phone = fake.phone(number);
  const incoming = mara.send(number.phoneNumberId, 'Do you have rye bread?');
  const typed = phone.send(mara.waId, 'We do');
  const { messages } = await sendMessage(client, { to: mara.waId, ...text('Shall I put one aside?') });
  await fake.settled();
  return { ...shop, mara, phone, incoming, typed, sent: messages[0].id };
}

describe('wamids', () => {
  test('a wamid has the observed layout, with the direction and the number of the customer', async () => {
    const { incoming, typed, sent, mara } = await talk();
    const peer = `1c 18 0b ${hex(mara.waId)} 15 02 00`;
    expect(bytesOf(incoming)).toMatch(new RegExp(`^${peer} 12 18 14( [0-9a-f]{2}){20} 00$`));
    expect(bytesOf(typed)).toMatch(new RegExp(`^${peer} 11 18 14( [0-9a-f]{2}){20} 00$`));
    expect(bytesOf(sent)).toMatch(new RegExp(`^${peer} 11 18 12( [0-9a-f]{2}){18} 00$`));
    expect(messageToken(sent)).toMatch(/^[0-9A-F]{18}$/);
  });

  test('the same seed makes the same wamids, and no two messages have the same token', () => {
    const ids = (seed: number): readonly string[] => {
      const fake = createFakeCloudApi({ seed });
      const number = fake.coexistenceNumber();
      return Array.from({ length: 200 }, () => fake.customer('15550100987').send(number.phoneNumberId, 'Hi'));
    };
    expect(ids(3)).toEqual(ids(3));
    expect(ids(3)).not.toEqual(ids(4));
    expect(new Set(ids(3).map(messageToken)).size).toBe(200);
  });

  test('quotes, reactions, edits, deletions and statuses contain the other wamid of the message', async () => {
    const shop = await talk();
    const { fake, number, mara, phone, incoming, typed, sent, values } = shop;
    const other = (messageId: string): unknown =>
      expect.toSatisfy((id: string) => id !== messageId && sameMessage(id, messageId) && parseMessageId(id)?.peer === mara.userId);
    for (const replyTo of [incoming, typed, sent]) {
      mara.send(number.phoneNumberId, 'Yes', { replyTo });
      mara.send(number.phoneNumberId, { type: 'reaction', reaction: { message_id: replyTo, emoji: '👍' } });
    }
    mara.edit(incoming, 'Do you have rye bread today?');
    mara.delete(incoming);
    phone.edit(typed, 'We do today');
    phone.delete(typed);
    mara.read();
    await fake.settled();
    const seen = messagesOf(shop).slice(1);
    expect(seen).toMatchObject([
      ...[incoming, typed, sent].flatMap((id) => [{ context: { id: other(id) } }, { reaction: { message_id: other(id) } }]),
      { edit: { original_message_id: other(incoming) } },
      { revoke: { original_message_id: other(incoming) } },
    ]);
    expect(seen[0]).toMatchObject({ context: { from: mara.waId } });
    expect(seen[2]).toMatchObject({ context: { from: number.waId } });
    expect(values('smb_message_echoes').flatMap((value) => value.message_echoes ?? [])).toMatchObject([
      { id: typed },
      { edit: { original_message_id: other(typed) } },
      { revoke: { original_message_id: other(typed) } },
    ]);
    const statuses = values('messages').flatMap((value) => value.statuses ?? []);
    expect(statuses.map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
    expect(statuses.map(({ id }) => id)).toEqual([other(sent), other(sent), other(sent)]);
  });

  test('history contains the other wamid of a message, also in quotes, and media follow under that of their placeholder', async () => {
    const { client, clock, fake, number, values } = openShop();
    const mara = fake.customer('15550100987');
    const phone = fake.phone(number);
    phone.disconnect();
    const asked = mara.send(number.phoneNumberId, 'Are you open?');
    const replied = mara.send(number.phoneNumberId, 'And tomorrow?', { replyTo: asked });
    const photo = phone.send(mara.waId, { type: 'image', image: {} });
    await clock.advance(1_000);
    fake.signup(number);
    const auth = { token: fake.issueToken() };
    await client.request({ method: 'POST', path: [number.wabaId, 'subscribed_apps'], auth });
    const body = { messaging_product: 'whatsapp', sync_type: 'history' };
    await client.request({ method: 'POST', path: [number.phoneNumberId, 'smb_app_data'], body, auth });
    await fake.settled();
    const [chunk, media] = values('history');
    const past = (chunk?.history ?? []).flatMap(({ threads = [] }) => threads.flatMap(({ messages }) => messages));
    expect(past.map(({ id }) => messageToken(id))).toEqual([asked, replied, photo].map(messageToken));
    expect(past.map(({ id }) => parseMessageId(id)?.peer)).toEqual([mara.userId, mara.userId, mara.userId]);
    expect(past[1]).toMatchObject({ context: { id: past[0]?.id } });
    expect(media?.message_echoes).toMatchObject([{ id: past[2]?.id, type: 'image' }]);
  });

  test('requests accept both wamids of a message', async () => {
    const shop = await talk();
    const { client, fake, number, mara, phone, incoming, sent, typed, values } = shop;
    mara.send(number.phoneNumberId, 'Yes', { replyTo: incoming });
    await fake.settled();
    const { context } = last(messagesOf(shop)) as SeenMessage & { context: { id: string } };
    expect(context.id).not.toBe(incoming);
    await expect(markAsRead(client, { messageId: context.id })).resolves.toMatchObject({ success: true });
    expect(phone.chats[0]?.messages[0]).toMatchObject({ id: incoming, status: 'READ' });
    await sendMessage(client, { to: mara.waId, type: 'reaction', reaction: { message_id: context.id, emoji: '👍' } });
    const answer = await sendMessage(client, { to: mara.waId, ...text('Gladly'), context: { message_id: context.id } });
    await fake.settled();
    const statuses = values('messages').flatMap((value) => value.statuses ?? []);
    expect(statuses.filter(({ status }) => status === 'failed')).toEqual([]);
    const statusId = statuses.find(({ id }) => sameMessage(id, sent))?.id ?? '';
    const history = await client.request<{ data: unknown[] }>({
      method: 'GET',
      path: [number.phoneNumberId, 'message_history'],
      query: { message_id: statusId },
    });
    expect(history.data).toMatchObject([{ message_id: sent }]);
    // Phones and customers also accept both.
    const echoId = mara.send(number.phoneNumberId, 'Why', { replyTo: typed });
    await fake.settled();
    const quoted = last(messagesOf(shop)) as SeenMessage & { context: { id: string } };
    expect(quoted.id).toBe(echoId);
    phone.edit(quoted.context.id, 'We do, of course');
    expect(mara.inbox.find(({ id }) => id === typed)).toMatchObject({ edited: true });
    mara.read(statuses.find(({ id }) => sameMessage(id, answer.messages[0].id))?.id);
    await fake.settled();
    expect(fake.sent.find(({ id }) => id === answer.messages[0].id)).toMatchObject({ status: 'read' });
  });

  test('with one spelling, a message has the same wamid everywhere', async () => {
    const shop = await talk({ messageIds: 'one-spelling' });
    const { fake, number, mara, phone, incoming, typed, sent, values } = shop;
    mara.send(number.phoneNumberId, 'Yes', { replyTo: typed });
    mara.edit(incoming, 'Rye?');
    phone.delete(typed);
    await fake.settled();
    expect(messagesOf(shop).slice(1)).toMatchObject([{ context: { id: typed } }, { edit: { original_message_id: incoming } }]);
    expect(last(values('smb_message_echoes'))).toMatchObject({ message_echoes: [{ revoke: { original_message_id: typed } }] });
    expect(values('messages').flatMap(({ statuses = [] }) => statuses.map(({ id }) => id))).toEqual([sent, sent]);
  });

  test('a send to the user ID returns a wamid with the user ID, and statuses contain the one with the number', async () => {
    const { client, fake, mara, values } = await talk();
    const { messages } = await sendMessage(client, { recipient: mara.userId, ...text('Hello') });
    await fake.settled();
    expect(parseMessageId(messages[0].id)?.peer).toBe(mara.userId);
    const { id } = last(values('messages').flatMap((value) => value.statuses ?? []));
    expect(parseMessageId(id)?.peer).toBe(mara.waId);
    expect(sameMessage(id, messages[0].id)).toBe(true);
  });

  test('an unknown spelling is rejected', () => {
    expect(() => createFakeCloudApi({ messageIds: 'three' as 'one-spelling' })).toThrow('messageIds');
  });

  test('snapshots and the limit of messages keep both wamids right', async () => {
    const first = await talk();
    const fake = createFakeCloudApi({ snapshot: first.fake.snapshot(), clock: first.clock });
    const mara = fake.customer(first.mara.waId);
    const { id } = last(first.values('messages').flatMap((value) => value.statuses ?? []));
    mara.read(id);
    expect(fake.sent).toMatchObject([{ id: first.sent, status: 'read' }]);
    const small = openShop({ maxMessages: 2 });
    const jonas = small.fake.customer('15550100988');
    const oldest = jonas.send(small.number.phoneNumberId, 'one');
    for (const content of ['two', 'three']) jonas.send(small.number.phoneNumberId, content);
    expect(() => jonas.edit(oldest, 'none')).toThrow('has sent no message');
  });
});

describe('customers', () => {
  const numberIn = (shop: Shop, waId: string): boolean => {
    const bodies = JSON.stringify(shop.received);
    const wamids = bodies.match(/wamid\.[A-Za-z0-9+/=]+/g) ?? [];
    return bodies.includes(waId) || wamids.some((id) => atob(id.slice('wamid.'.length)).includes(waId));
  };

  test('who hides the number is named by user ID and username everywhere, also inside wamids', async () => {
    const shop = await talk();
    const { client, fake, number, mara, phone, incoming, typed, received } = shop;
    mara.setUsername('mara.reads');
    expect(mara).toMatchObject({ username: 'mara.reads', hidesNumber: true });
    received.length = 0;
    mara.send(number.phoneNumberId, 'Still there?', { replyTo: typed });
    mara.send(number.phoneNumberId, 'And this?', { replyTo: incoming });
    mara.edit(incoming, 'Rye bread?');
    phone.edit(typed, 'We do, yes');
    phone.send(mara.waId, 'Here I am');
    mara.setMarketing(number.phoneNumberId, false);
    mara.changeUserId();
    await sendMessage(client, { recipient: mara.userId, ...text('Hello') });
    await fake.settled();
    mara.read();
    await fake.settled();
    expect(received.length).toBeGreaterThan(8);
    expect(numberIn(shop, mara.waId)).toBe(false);
    expect(JSON.stringify(received)).toContain('mara.reads');
    mara.showNumber();
    mara.send(number.phoneNumberId, 'Here is my number');
    await fake.settled();
    expect(last(messagesOf(shop))).toMatchObject({ from: mara.waId, from_user_id: mara.userId });
    mara.hideNumber();
    mara.send(number.phoneNumberId, 'Gone again');
    await fake.settled();
    expect(last(messagesOf(shop))).not.toHaveProperty('from');
  });

  test('a new user ID is reported by a system message without from and contacts', async () => {
    const shop = openShop();
    const { client, fake, number, values } = shop;
    const mara = fake.customer('15550100987', { name: 'Mara', userId: 'US.1', parentUserId: 'US.ENT.1' });
    mara.send(number.phoneNumberId, 'Hello');
    await fake.settled();
    expect(last(messagesOf(shop))).toMatchObject({ from_user_id: 'US.1', from_parent_user_id: 'US.ENT.1' });
    mara.changeUserId({ userId: 'US.2', parentUserId: 'US.ENT.2' });
    await fake.settled();
    const value = last(values('messages'));
    expect(value).not.toHaveProperty('contacts');
    expect(value.messages).toEqual([
      {
        id: expect.stringMatching(/^wamid\./) as unknown,
        timestamp: expect.any(String) as unknown,
        type: 'system',
        system: {
          type: 'user_changed_user_id',
          body: 'User Mara changed from US.1 to US.2',
          user_id: 'US.2',
          previous_user_id: 'US.1',
          parent_user_id: 'US.ENT.2',
          previous_parent_user_id: 'US.ENT.1',
        },
      },
    ]);
    await expect(sendMessage(client, { recipient: 'US.1', ...text('x') })).rejects.toMatchObject({ code: 131026 });
    await expect(sendMessage(client, { recipient: 'US.2', ...text('x') })).resolves.toBeDefined();
    mara.changeUserId();
    expect(mara.userId).toMatch(/^US\.\d{20}$/);
    expect(mara.parentUserId).toMatch(/^US\.ENT\.\d{20}$/);
  });

  test('a new number is reported the same way, and the chats, window and inbox move along', async () => {
    const shop = await talk();
    const { client, fake, number, mara, phone, incoming, sent, values } = shop;
    const previous = mara.userId;
    const moved = mara.changeNumber('+1 555 010-0555');
    await fake.settled();
    expect(moved.waId).toBe('15550100555');
    const value = last(values('messages'));
    expect(value).not.toHaveProperty('contacts');
    expect(value.messages?.[0]).not.toHaveProperty('from');
    expect(value.messages).toMatchObject([
      { type: 'system', system: { type: 'user_changed_number', wa_id: moved.waId, user_id: moved.userId, previous_user_id: previous } },
    ]);
    expect(values('user_id_update')).toEqual([]);
    expect(moved).toMatchObject({ name: 'Mara', userId: expect.not.stringMatching(previous) as unknown });
    expect(phone.chats.map(({ customerWaId, messages }) => [customerWaId, messages.length])).toEqual([[moved.waId, 3]]);
    expect(moved.inbox.map(({ id }) => id)).toContain(sent);
    moved.edit(incoming, 'Rye?');
    await expect(sendMessage(client, { to: moved.waId, ...text('The window is open') })).resolves.toBeDefined();
    await expect(sendMessage(client, { to: mara.waId, ...text('This one is not') })).rejects.toMatchObject({ code: 131047 });
    expect(number.waId).not.toBe(moved.waId);
  });

  test('a recycled number is another person with another user ID', () => {
    const fake = createFakeCloudApi();
    const mara = fake.customer('15550100987', { name: 'Mara' });
    const jonas = fake.customer('15550100988', { name: 'Jonas' });
    const before = jonas.userId;
    const now = mara.changeNumber(jonas.waId);
    expect(now.waId).toBe('15550100988');
    expect(now.name).toBe('Mara');
    expect(now.userId).not.toBe(before);
    expect(new Set(fake.customers.map(({ userId }) => userId)).size).toBe(fake.customers.length);
    expect(() => {
      mara.changeNumber('none');
    }).toThrow('no phone number');
  });

  test('every change of identity names the user IDs before and after, whatever happened before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('number', 'user ID', 'hide', 'show', 'username'), { maxLength: 8 }), async (steps) => {
        const shop = openShop();
        const { fake, number } = shop;
        let mara = fake.customer('15550100987');
        mara.send(number.phoneNumberId, 'Hello');
        for (const [index, step] of steps.entries()) {
          const known = mara.userId;
          if (step === 'number') {
            const waId = String(15550100600 + index);
            mara = mara.changeNumber(waId);
          } else if (step === 'user ID') mara.changeUserId();
          else if (step === 'hide') mara.hideNumber();
          else if (step === 'show') mara.showNumber();
          else mara.setUsername(`mara.${String(index)}`);
          await fake.settled();
          if (step !== 'number' && step !== 'user ID') continue;
          const { value } = last(shop.received);
          expect(value.messages).toMatchObject([{ system: { previous_user_id: known, user_id: mara.userId } }]);
        }
        mara.send(number.phoneNumberId, 'Bye');
        await fake.settled();
        expect(last(messagesOf(shop)).from_user_id).toBe(mara.userId);
      }),
      { numRuns: 50 },
    );
  });
});

describe('payloads', () => {
  const eventOf = (payload: object) => last(parseWebhook(payload as never));

  test('people may have a user ID only, or a username only', () => {
    for (const type of ['message', 'message.edit', 'echo', 'status', 'standby.message', 'user_preferences', 'call'] as const) {
      const byUserId = eventOf(webhookPayload(type, { customer: { userId: 'US.42' } }));
      expect(byUserId.customer, type).toMatchObject({ userId: 'US.42' });
      expect(byUserId.customer, type).not.toHaveProperty('waId');
      const byUsername = eventOf(webhookPayload(type, { customer: { username: 'mara.reads' } }));
      expect(byUsername.customer, type).not.toHaveProperty('waId');
    }
    expect(eventOf(webhookPayload('message', { customer: { username: 'mara.reads' } })).customer).toMatchObject({ username: 'mara.reads' });
    expect(JSON.stringify(webhookPayload('group_participants_update', {}))).not.toContain('"wa_id":""');
  });

  test('wamids have the layout, with the customer of the payload, and no two are the same', () => {
    const idOf = (customer: { waId?: string; userId?: string }): string => {
      const event = eventOf(webhookPayload('message', { customer }));
      return event.type === 'message' ? event.message.id : '';
    };
    expect(parseMessageId(idOf({ waId: '15550100988' }))?.peer).toBe('15550100988');
    expect(parseMessageId(idOf({ userId: 'US.42' }))?.peer).toBe('US.42');
    expect(new Set(Array.from({ length: 100 }, () => idOf({ waId: '15550100988' }))).size).toBe(100);
  });
});

test('Meta revokes the username of a business: an update with a context and no customer', async () => {
  const { client, fake, number, received } = openShop({ subscribedFields: ['business_username_updates'] });
  expect(() => {
    fake.revokeUsername(number);
  }).toThrow('no username');
  const path = [number.phoneNumberId, 'username'];
  await client.request({ method: 'POST', path, body: { username: 'harbor.bakery' } });
  fake.revokeUsername(number);
  await fake.settled();
  const common = { display_phone_number: number.waId };
  expect(received.map(({ field, value }) => [field, value])).toEqual([
    ['business_username_updates', { ...common, username: 'harbor.bakery', status: 'approved' }],
    ['business_username_updates', { ...common, status: 'deleted', context: 'revoked' }],
  ]);
  const payload = {
    object: 'whatsapp_business_account',
    entry: [{ id: '1', time: 1, changes: [{ field: 'business_username_updates', value: received[1]?.value }] }],
  };
  expect(parseWebhook(payload)).toMatchObject([{ type: 'business_username_update' }]);
  expect(parseWebhook(payload)[0]).not.toHaveProperty('customer');
  await expect(client.request({ method: 'GET', path })).resolves.toEqual({ username: '' });
});
