import { expect, expectTypeOf, test } from 'vitest';
import { InvalidArgumentError, memoryStore, silentLogger } from 'wa-coexist';
import { createConversations, type ConversationsOptions } from 'wa-coexist/conversations';
import { defineCallback } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';

const pick = defineCallback({ name: 'pick', fields: { day: 'string' } });
const tap = (id: string) => ({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title: 'Yes' } } }) as const;

function open() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { phoneNumberId } = fake.coexistenceNumber();
  const mara = fake.customer('15550100987');
  const store = memoryStore({ clock });
  /** Starts a process: a receiver with a module. */
  const start = (options: Partial<ConversationsOptions> = {}) => {
    const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock, logger: silentLogger });
    fake.deliverTo(webhooks.fetch);
    return createConversations({ webhooks, store, clock, logger: silentLogger, ...options });
  };
  const conversation = { phoneNumberId, customer: { waId: mara.waId, userId: mara.userId } };
  const send = async (content: Parameters<typeof mara.send>[1], from = mara): Promise<void> => {
    from.send(phoneNumberId, content);
    await fake.settled();
  };
  return { clock, fake, phoneNumberId, mara, store, start, conversation, send };
}
const hour = 3_600_000;

test('waitFor resolves with the first message that passes the filter', async () => {
  const { fake, start, conversation, send } = open();
  const conversations = start();
  const waiting = conversations.waitFor(conversation, { button: pick, text: /^\d+$/ }, { timeoutMs: hour });
  await send('hello');
  await send('7', fake.customer('15550100111'));
  await send(tap(pick.id({ day: 'mon' })));
  const result = await waiting;
  if (result.type !== 'answered') throw new Error(result.type);
  expectTypeOf(result.match.type).toEqualTypeOf<'button' | 'text'>();
  expect(result.match).toMatchObject({ type: 'button', data: { day: 'mon' } });
  await conversations.close();
});

test('waitFor ends at its timeout, with its signal, and when the module is closed', async () => {
  const { clock, start, conversation } = open();
  const conversations = start();
  const abort = new AbortController();
  const late = conversations.waitFor(conversation, 'reply', { timeoutMs: 1_000 });
  await clock.advance(1_000);
  expect(await late).toEqual({ type: 'timed-out' });
  const aborted = conversations.waitFor(conversation, 'reply', { timeoutMs: hour, signal: abort.signal });
  abort.abort();
  expect(await aborted).toEqual({ type: 'closed' });
  const open1 = conversations.waitFor(conversation, 'reply', { timeoutMs: hour });
  await conversations.close();
  expect(await open1).toEqual({ type: 'closed' });
  expect(await conversations.waitFor(conversation, 'reply', { timeoutMs: hour })).toEqual({ type: 'closed' });
});

test('waitFor recognizes a customer whose user ID changed', async () => {
  const { fake, mara, start, phoneNumberId, send } = open();
  const conversations = start();
  await send('Hi');
  const waiting = conversations.waitFor({ phoneNumberId, customer: { userId: mara.userId } }, 'text', { timeoutMs: hour });
  mara.changeUserId();
  await fake.settled();
  mara.hideNumber();
  await send('me again');
  expect(await waiting).toMatchObject({ type: 'answered', match: { text: 'me again' } });
});

test('waitFor recognizes a customer by every ID that an event contained', async () => {
  const { fake, start, phoneNumberId, mara, send } = open();
  const conversations = start();
  // Known by number only, until a message that doesn't pass contains both IDs.
  const linked = conversations.waitFor({ phoneNumberId, customer: { waId: mara.waId } }, { text: /^\d+$/ }, { timeoutMs: hour });
  await send('Hi');
  mara.changeUserId();
  await fake.settled();
  mara.hideNumber();
  await send('7');
  expect(await linked).toMatchObject({ type: 'answered', match: { text: '7' } });
  await conversations.close();
});

test('waitFor recognizes a customer by number after the user ID changed, and not the next owner of the number', async () => {
  const { start, phoneNumberId } = open();
  const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', logger: silentLogger });
  const conversations = start({ webhooks });
  let token = 0;
  const deliver = async (message: object): Promise<void> => {
    const metadata = { display_phone_number: '15550100123', phone_number_id: phoneNumberId };
    const messages = [{ id: `wamid.${String((token += 1))}`, timestamp: '1795300000', ...message }];
    const changes = [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata, messages } }];
    await webhooks.process({ body: { object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] } });
  };
  const customer = { waId: '5511987654321', userId: 'BR.1' };
  const waiting = conversations.waitFor({ phoneNumberId, customer }, 'text', { timeoutMs: hour });
  const next = conversations.waitFor({ phoneNumberId, customer: { waId: '5511987654321' } }, { text: 'mine' }, { timeoutMs: hour });
  await deliver({ type: 'system', system: { type: 'user_changed_user_id', user_id: 'BR.2', previous_user_id: 'BR.1' } });
  await deliver({ from: '551187654321', from_user_id: 'BR.9', type: 'text', text: { body: 'The next owner' } });
  await deliver({ from: '551187654321', type: 'text', text: { body: 'me again' } });
  expect(await waiting).toMatchObject({ type: 'answered', match: { text: 'me again' } });
  // Another user ID contradicts the one that the wait has learned.
  await deliver({ from: '551187654321', from_user_id: 'BR.10', type: 'text', text: { body: 'mine' } });
  await conversations.close();
  expect(await next).toEqual({ type: 'closed' });
  await webhooks.close();
});

test('an expected reply survives a restart and reaches its handler once', async () => {
  const { start, conversation, send } = open();
  const seen: unknown[] = [];
  const first = start();
  await first.expectReply(conversation, 'day', { timeoutMs: hour, state: { step: 2 } });
  await first.close();
  const second = start();
  second.onReply('day', { button: pick }, ({ match, state }) => {
    seen.push([match.data.day, state]);
  });
  await send('not a button');
  await send(tap(pick.id({ day: 'mon' })));
  await send(tap(pick.id({ day: 'tue' })));
  expect(seen).toEqual([['mon', { step: 2 }]]);
});

test('a customer with a new number answers the question that the old number got', async () => {
  const { fake, mara, start, conversation, send } = open();
  const conversations = start();
  const seen: string[] = [];
  conversations.onReply('name', 'text', ({ match }) => {
    seen.push(match.text);
  });
  await send('Hi');
  await conversations.expectReply(conversation, 'name', { timeoutMs: hour });
  const moved = mara.changeNumber('15550100222');
  await fake.settled();
  await send('Mara', moved);
  expect(seen).toEqual(['Mara']);
});

test('a handler that fails gets the same message again, and can expect the next reply', async () => {
  const { start, conversation, send } = open();
  const conversations = start();
  const seen: string[] = [];
  let failures = 1;
  conversations.onReply('first', 'text', async ({ event, match }) => {
    if (failures-- > 0) throw new Error('database is down');
    seen.push(`first ${match.text}`);
    await conversations.expectReply(event, 'second', { timeoutMs: hour });
  });
  conversations.onReply('second', 'reply', ({ match }) => {
    seen.push(`second ${match.type}`);
  });
  await conversations.expectReply(conversation, 'first', { timeoutMs: hour });
  await send('one');
  await send('two');
  await send('three');
  expect(seen).toEqual(['first one', 'second text']);
});

test('a missing reply calls onTimeout once, and a late message answers nothing', async () => {
  const { clock, start, conversation, send, phoneNumberId, mara } = open();
  const conversations = start();
  const seen: unknown[] = [];
  let failures = 1;
  conversations.onReply('day', 'reply', () => void seen.push('answered'), {
    onTimeout: ({ customer, state, phoneNumberId: number }) => {
      if (failures-- > 0) throw new Error('not now');
      seen.push([number, customer.waId, state]);
    },
  });
  await conversations.expectReply(conversation, 'day', { timeoutMs: hour, state: 7 });
  await clock.advance(2 * hour);
  await conversations.sweep();
  await send('too late');
  expect(seen).toEqual([[phoneNumberId, mara.waId, 7]]);
  await conversations.close();
});

test('a new question replaces the earlier one, and a cancelled one expects nothing', async () => {
  const { start, conversation, send, clock, store } = open();
  const conversations = start();
  const seen: string[] = [];
  for (const name of ['a', 'b']) conversations.onReply(name, 'reply', () => void seen.push(name));
  await conversations.expectReply(conversation, 'a', { timeoutMs: hour });
  await conversations.expectReply(conversation, 'b', { timeoutMs: hour });
  await send('one');
  await conversations.expectReply(conversation, 'a', { timeoutMs: hour });
  await conversations.cancelReply(conversation);
  await send('two');
  await clock.advance(2 * hour);
  await conversations.sweep();
  expect(seen).toEqual(['b']);
  expect(await store.list('wa/expected-reply/', { limit: 10 })).toEqual([]);
  await conversations.close();
});

test('a parser that throws counts as no match', async () => {
  const { start, conversation, send } = open();
  const conversations = start();
  const parser = {
    parse: (): { readonly day: string } | undefined => {
      throw new Error('broken');
    },
  };
  const waiting = conversations.waitFor(conversation, { button: parser, text: 'stop' }, { timeoutMs: hour });
  await send(tap('x'));
  await send('stop');
  expect(await waiting).toMatchObject({ type: 'answered', match: { type: 'text' } });
});

test('wrong arguments are rejected by name', async () => {
  const { start, conversation, phoneNumberId } = open();
  const conversations = start();
  expect(() => conversations.waitFor({ phoneNumberId }, 'reply', { timeoutMs: 1 })).toThrow('conversation.customer');
  expect(() => conversations.waitFor(conversation, {}, { timeoutMs: 1 })).toThrow('filter');
  expect(() => conversations.waitFor(conversation, 'reply', { timeoutMs: 0 })).toThrow('timeoutMs');
  await expect(conversations.expectReply({ customer: { waId: '1' } }, 'a', { timeoutMs: 1 })).rejects.toThrow('conversation.phoneNumberId');
  conversations.onReply('a', 'reply', () => undefined);
  expect(() => conversations.onReply('a', 'reply', () => undefined)).toThrow(InvalidArgumentError);
  expect(() => createConversations({ webhooks: {} as ConversationsOptions['webhooks'] })).toThrow('webhooks');
});
