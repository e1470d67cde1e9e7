import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { createClient, listTemplates, markAsRead, sendMessage } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { collect, openShop } from './shop.js';

const hourMs = 60 * 60 * 1_000;

/** A shop with an open service window. */
function openWindow(options?: Parameters<typeof openShop>[0]) {
  const shop = openShop(options);
  const mara = shop.fake.customer('15550100987', { name: 'Mara' });
  mara.send(shop.number.phoneNumberId, 'Hello');
  const send = (message: object) =>
    shop.client.request({
      method: 'POST',
      path: [shop.number.phoneNumberId, 'messages'],
      body: { messaging_product: 'whatsapp', to: mara.waId, ...message },
    });
  return { ...shop, mara, send };
}

test('a message reaches the customer, and sent, delivered and read come back with price and callback data', async () => {
  const { client, fake, mara, values } = openWindow({ messageIds: 'one-spelling' });
  const sent = await sendMessage(client, { to: '+1 (555) 010-0987', ...text('Hello Mara'), biz_opaque_callback_data: 'order-1' });
  const [{ id }] = sent.messages;
  expect(sent.contacts).toEqual([{ input: '+1 (555) 010-0987', wa_id: mara.waId }]);
  await fake.settled();
  expect(mara.inbox).toMatchObject([{ id, via: 'api', text: 'Hello Mara', edited: false, deleted: false }]);
  mara.read();
  await fake.settled();
  const statuses = values('messages').flatMap((value) => value.statuses ?? []);
  expect(statuses.map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
  const pricing = { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' };
  for (const status of statuses) {
    expect(status).toMatchObject({ id, recipient_id: mara.waId, recipient_user_id: mara.userId, biz_opaque_callback_data: 'order-1' });
    expect(status.pricing).toEqual(status.status === 'read' ? undefined : pricing);
  }
  expect(fake.sent).toMatchObject([{ id, to: mara.waId, type: 'text', status: 'read' }]);
});

test('a customer whose phone is off gets the message later', async () => {
  const { client, fake, mara, values } = openWindow();
  mara.setOnline(false);
  await sendMessage(client, { to: mara.waId, ...text('Hello') });
  await fake.settled();
  expect(mara.inbox).toEqual([]);
  mara.setOnline(true);
  await fake.settled();
  expect(mara.inbox).toHaveLength(1);
  expect(
    values('messages')
      .flatMap((value) => value.statuses ?? [])
      .map(({ status }) => status),
  ).toEqual(['sent', 'delivered']);
});

test('the service window: closed until the customer writes, open for 24 hours, templates at any time', async () => {
  const { client, clock, fake, number } = openShop();
  const mara = fake.customer('15550100987');
  const free = () => sendMessage(client, { to: mara.waId, ...text('Hello') });
  await expect(free()).rejects.toMatchObject({ code: 131047, httpStatus: 400, kind: 'window-closed' });
  await expect(sendMessage(client, { to: mara.waId, ...template('hello_world', 'en_US') })).resolves.toBeDefined();
  fake.phone(number).send(mara.waId, 'From the app');
  await expect(free()).rejects.toMatchObject({ code: 131047 });
  mara.send(number.phoneNumberId, 'Hi');
  await clock.advance(24 * hourMs - 1);
  await expect(free()).resolves.toBeDefined();
  await clock.advance(1);
  await expect(free()).rejects.toMatchObject({ code: 131047 });
});

test('neither a reaction nor what came while the API was suspended opens the window', async () => {
  const { client, clock, fake, number } = openShop();
  const phone = fake.phone(number);
  const mara = fake.customer('15550100987');
  const id = phone.send(mara.waId, 'Ready');
  mara.send(number.phoneNumberId, { type: 'reaction', reaction: { message_id: id, emoji: '👍' } });
  phone.changeDevice();
  mara.send(number.phoneNumberId, 'Hello?');
  await clock.advance(120_000);
  expect(phone.linked).toBe(true);
  await expect(sendMessage(client, { to: mara.waId, ...text('Hello') })).rejects.toMatchObject({ code: 131047 });
});

test('throughput: never more than 20 accepted in any trailing second, whatever the rhythm', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(120), { minLength: 30, maxLength: 90 }), async (gapsMs) => {
      const { client, clock, fake } = openShop();
      const acceptedAtMs: number[] = [];
      for (const [index, gapMs] of gapsMs.entries()) {
        await clock.advance(gapMs % 40 === 0 ? gapMs : gapMs % 7);
        const nowMs = clock.monotonic();
        const inWindow = acceptedAtMs.filter((atMs) => atMs > nowMs - 1_000).length;
        const outcome = await sendMessage(client, { to: String(15550300000 + index), ...template('hello_world', 'en_US') }).then(
          () => 'accepted',
          (error: unknown) => (error as { code: number }).code,
        );
        expect(outcome).toBe(inWindow < 20 ? 'accepted' : 130429);
        if (outcome === 'accepted') acceptedAtMs.push(nowMs);
      }
      expect(fake.maxInOneSecond()).toBeLessThanOrEqual(20);
      expect(fake.sent).toHaveLength(acceptedAtMs.length);
    }),
    { numRuns: 15 },
  );
});

test('throughput: exactly a second after, there is room again', async () => {
  const { client, clock, fake } = openShop();
  const send = (index: number) => sendMessage(client, { to: String(15550300000 + index), ...template('hello_world', 'en_US') });
  await Promise.all(Array.from({ length: 20 }, (_, index) => send(index)));
  await clock.advance(999);
  await expect(send(20)).rejects.toMatchObject({ code: 130429 });
  await clock.advance(1);
  await expect(send(20)).resolves.toBeDefined();
  expect(fake.maxInOneSecond()).toBe(20);
});

test('throughput is counted for each number by itself, and a plain number has 80', async () => {
  const { client, clock, fake, number } = openShop();
  const plain = fake.cloudApiNumber();
  const plainClient = createClient({
    accessToken: plain.accessToken,
    phoneNumberId: plain.phoneNumberId,
    clock,
    fetch: fake.fetch,
    maxRetries: 0,
  });
  const burst = async (sender: typeof client) => {
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        sendMessage(sender, { to: String(15550300000 + index), ...template('hello_world', 'en_US') }),
      ),
    );
    return results.filter(({ status }) => status === 'fulfilled').length;
  };
  expect(await burst(client)).toBe(20);
  expect(await burst(plainClient)).toBe(80);
  expect(fake.maxInOneSecond(number.phoneNumberId)).toBe(20);
  expect(fake.maxInOneSecond()).toBe(80);
  const throttled = fake.requests.filter(({ errorCode }) => errorCode === 130429);
  expect(throttled).toHaveLength(100);
});

test('pair rate: 45 messages ahead of one every 6 seconds, then 131056', async () => {
  const { clock, send } = openWindow();
  let accepted = 0;
  for (let index = 0; index < 60; index += 1) {
    await clock.advance(60);
    await send(text(String(index))).then(
      () => (accepted += 1),
      (error: unknown) => {
        expect(error).toMatchObject({ code: 131056, kind: 'pair-rate', httpStatus: 400 });
      },
    );
  }
  expect(accepted).toBe(46);
  await clock.advance(6_000);
  await expect(send(text('later'))).resolves.toBeDefined();
  await expect(send(text('too soon'))).rejects.toMatchObject({ code: 131056 });
});

test('pair rate: 46 at the same moment, not one more', async () => {
  const { send, clock } = openWindow();
  for (let index = 0; index < 46; index += 1) {
    if (index % 20 === 0) await clock.advance(1_000);
    await send(text(String(index)));
  }
  await clock.advance(1_000);
  await expect(send(text('one more'))).rejects.toMatchObject({ code: 131056 });
  // The debt of 46 messages is 276 s, and 270 s are allowed.
  await clock.advance(6_000 - 3_000 - 1);
  await expect(send(text('one more'))).rejects.toMatchObject({ code: 131056 });
  await clock.advance(1);
  await expect(send(text('one more'))).resolves.toBeDefined();
});

test('wrong bodies are refused with the code that fits', async () => {
  const { client, number, send } = openWindow();
  await expect(client.request({ method: 'POST', path: [number.phoneNumberId, 'messages'], body: { to: '1' } })).rejects.toMatchObject({
    code: 100,
  });
  const cases: [Record<string, unknown>, number][] = [
    [{ to: undefined, ...text('x') }, 100],
    [{ to: 'nobody', ...text('x') }, 131009],
    [{ type: 'fax', fax: {} }, 100],
    [{ type: 'image' }, 131008],
    [{ type: 'text', text: {} }, 131008],
    [{ ...text('x'.repeat(4_097)) }, 100],
    [{ ...text('x'), biz_opaque_callback_data: 'x'.repeat(513) }, 100],
    [{ type: 'image', image: { id: '1', link: 'https://example.com/a.jpg' } }, 131009],
    [{ type: 'reaction', reaction: { emoji: '👍' } }, 131008],
    [{ type: 'template', template: { name: 'hello_world' } }, 131008],
    [{ type: 'template', template: { name: 'nobody_knows', language: { code: 'en_US' } } }, 132001],
    [{ to: number.waId, ...text('x') }, 131021],
    [{ recipient_type: 'group', to: '1555', ...text('x') }, 100],
    [{ type: 'image', image: { id: '1' } }, 131009],
    [{ type: 'interactive', interactive: { type: 'button', body: { text: 'Yes?' }, action: { buttons: [] } } }, 131009],
    [{ to: undefined, recipient: 'US.1', ...text('x') }, 131026],
  ];
  for (const [message, code] of cases) await expect(send(message), JSON.stringify(message)).rejects.toMatchObject({ code });
});

test('every type of message goes through', async () => {
  const { fake, mara, send } = openWindow();
  const types: Record<string, unknown>[] = [
    { text: { body: 'without a type' } },
    { type: 'image', image: { link: 'https://example.com/a.jpg' } },
    { type: 'location', location: { latitude: 52.5, longitude: 13.4 } },
    { type: 'contacts', contacts: [{ name: { formatted_name: 'Mara' } }] },
    {
      type: 'interactive',
      interactive: { type: 'button', body: { text: 'Yes?' }, action: { buttons: [{ type: 'reply', reply: { id: 'y', title: 'Yes' } }] } },
    },
  ];
  for (const message of types) await send(message);
  await fake.settled();
  expect(mara.inbox.map(({ type }) => type)).toEqual(['text', 'image', 'location', 'contacts', 'interactive']);
});

test('a message to a business-scoped user id answers with that id', async () => {
  const { client, fake, number } = openShop();
  const jonas = fake.customer('15550100988', { userId: 'US.42', username: 'jonas.b', hidesNumber: true });
  jonas.send(number.phoneNumberId, 'Hi');
  const sent = await sendMessage(client, { recipient: 'US.42', ...text('Hello') });
  expect(sent.contacts).toEqual([{ input: 'US.42', user_id: 'US.42' }]);
});

test('templates: listed, priced by category, and refused when paused or short of parameters', async () => {
  const { client, fake, mara, number, values, send } = openWindow();
  fake.addTemplate(number.wabaId, { name: 'order_ready', body: 'Order {{1}} for {{2}} is ready.' });
  fake.addTemplate(number.wabaId, { name: 'sale', category: 'MARKETING' });
  fake.addTemplate(number.wabaId, { name: 'tired', status: 'PAUSED' });
  fake.addTemplate(number.wabaId, { name: 'new', status: 'PENDING' });
  const approved = await collect(listTemplates(client, { status: 'APPROVED' }));
  expect(approved.map(({ name }) => name)).toEqual(['hello_world', 'order_ready', 'sale']);

  await expect(send(template('order_ready', 'en_US'))).rejects.toMatchObject({ code: 132000 });
  await expect(send(template('tired', 'en_US'))).rejects.toMatchObject({ code: 132015 });
  await expect(send(template('new', 'en_US'))).rejects.toMatchObject({ code: 132001, httpStatus: 404 });
  await send(
    template('order_ready', 'en_US', [
      {
        type: 'BODY',
        parameters: [
          { type: 'text', text: '1' },
          { type: 'text', text: 'Mara' },
        ],
      },
    ]),
  );
  await send(template('sale', 'en_US'));
  await send({
    to: '15550100999',
    ...template('order_ready', 'en_US', [
      {
        type: 'body',
        parameters: [
          { type: 'text', text: '2' },
          { type: 'text', text: 'Jo' },
        ],
      },
    ]),
  });
  await fake.settled();
  const prices = values('messages')
    .flatMap((value) => value.statuses ?? [])
    .filter(({ status }) => status === 'sent')
    .map(({ pricing }) => pricing);
  expect(prices).toEqual([
    { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' },
    { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' },
    { billable: true, pricing_model: 'PMP', type: 'regular', category: 'utility' },
  ]);
  expect(mara.inbox).toHaveLength(2);
});

test('a reaction to a message that is not there is accepted and fails', async () => {
  const { client, fake, mara, values } = openWindow();
  const own = mara.send(fake.sent[0]?.phoneNumberId ?? client.target.phoneNumberId ?? '', 'React to this');
  await sendMessage(client, { to: mara.waId, type: 'reaction', reaction: { message_id: own, emoji: '👍' } });
  await sendMessage(client, { to: mara.waId, type: 'reaction', reaction: { message_id: 'wamid.EXAMPLE', emoji: '👍' } });
  await fake.settled();
  const statuses = values('messages').flatMap((value) => value.statuses ?? []);
  expect(statuses).toMatchObject([{ status: 'sent' }, { status: 'failed', errors: [{ code: 131009 }] }]);
});

test('read and typing are for messages that were received', async () => {
  const { client, mara, number } = openWindow();
  const id = mara.send(number.phoneNumberId, 'Anybody there?');
  await expect(markAsRead(client, { messageId: id, typing: true })).resolves.toEqual({ success: true });
  await expect(markAsRead(client, { messageId: 'wamid.EXAMPLE' })).rejects.toMatchObject({ code: 100 });
});

test('a token without the scope for messages, and a number that is being moved, cannot send', async () => {
  const { clock, client, fake, mara, number } = openWindow();
  const reader = createClient({
    accessToken: fake.issueToken({ scopes: ['whatsapp_business_management'] }),
    phoneNumberId: number.phoneNumberId,
    clock,
    fetch: fake.fetch,
    maxRetries: 0,
  });
  await expect(sendMessage(reader, { to: mara.waId, ...text('x') })).rejects.toMatchObject({ code: 131005, httpStatus: 403 });
  fake.phone(number).changeDevice();
  await expect(sendMessage(client, { to: mara.waId, ...text('x') })).rejects.toMatchObject({ code: 133010 });
});
