import { expect, test } from 'vitest';
import { sendMessage } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { parseWebhook } from 'wa-coexist/webhooks';
import { openShop } from './shop.js';

function openThread() {
  const shop = openShop({ subscribedFields: ['messages', 'messaging_handovers', 'standby'] });
  const { client, fake, number } = shop;
  const mara = fake.customer('15550100987', { name: 'Mara' });
  const control = (body: object) =>
    client.request({
      method: 'POST',
      path: [number.phoneNumberId, 'thread_control'],
      body: { messaging_product: 'whatsapp', to: mara.waId, ...body },
    });
  const write = () => sendMessage(client, { to: mara.waId, ...text('Hello') });
  return { ...shop, mara, control, write, thread: fake.thread(number, mara.waId) };
}

test('a passed thread belongs to the escalation partner: sends fail, and messages arrive as standby', async () => {
  const { client, control, fake, number, mara, received, thread, write } = openThread();
  mara.send(number.phoneNumberId, 'Hello');
  await expect(write()).resolves.toBeDefined();
  const answer = await control({ action: 'pass', metadata: 'order 17' });
  expect(answer).toEqual({ messaging_product: 'whatsapp', request_id: expect.any(String) as unknown });
  expect(thread.owner).toBe('escalation');
  await expect(write()).rejects.toMatchObject({ code: 131070 });
  await expect(sendMessage(client, { to: mara.waId, ...template('hello_world', 'en_US') })).resolves.toBeDefined();
  await fake.settled();
  received.length = 0;
  mara.send(number.phoneNumberId, 'Is anybody there?');
  await fake.settled();
  expect(received).toMatchObject([
    { field: 'standby', value: { standby: { contacts: [{ wa_id: mara.waId }], messages: [{ text: { body: 'Is anybody there?' } }] } } },
  ]);
  await expect(control({ action: 'pass' })).rejects.toMatchObject({ code: 100 });
  await expect(control({ action: 'release' })).rejects.toMatchObject({ code: 100 });
  await expect(control({ action: 'take' })).rejects.toMatchObject({ code: 2494191 });
});

test('the app is told of a thread that is passed to it, by role', async () => {
  const { control, fake, number, mara, received, thread, write } = openThread();
  fake.routeThreads(number, { primary: 'ai_agent' });
  mara.send(number.phoneNumberId, 'Hello');
  expect(thread.owner).toBe('ai_agent');
  await expect(write()).rejects.toMatchObject({ code: 131070 });
  await fake.settled();
  received.length = 0;
  thread.pass('customer_service', { metadata: 'wants a person', summary: 'Asks for rye bread.' });
  await fake.settled();
  const common = { previous_owner_role: 'ai_agent', new_owner_role: 'customer_service', metadata: 'wants a person' };
  expect(received.map(({ field, value }) => [field, value])).toEqual([
    [
      'messaging_handovers',
      {
        messaging_product: 'whatsapp',
        recipient: { display_phone_number: number.waId, phone_number_id: number.phoneNumberId },
        sender: { phone_number: mara.waId, user_id: mara.userId },
        type: 'control_passed',
        timestamp: expect.any(String) as unknown,
        control_passed: { ...common, conversation_context: { type: 'summary', summary: { text: 'Asks for rye bread.' } } },
      },
    ],
  ]);
  const [change] = received;
  const payload = {
    object: 'whatsapp_business_account',
    entry: [{ id: number.wabaId, changes: [{ field: change?.field, value: change?.value }] }],
  };
  expect(parseWebhook(payload)).toMatchObject([{ type: 'messaging_handovers', customer: { waId: mara.waId, userId: mara.userId } }]);
  await expect(write()).resolves.toBeDefined();
  await expect(control({ action: 'pass', control_pass: { target_role: 'ai_agent' } })).resolves.toBeDefined();
  expect(thread.owner).toBe('ai_agent');
});

test('the escalation partner takes a thread by request, or by sending into it', async () => {
  const { control, fake, number, mara, received, thread, write } = openThread();
  fake.routeThreads(number, { role: 'escalation', primary: 'ai_agent' });
  mara.send(number.phoneNumberId, 'Hello');
  await control({ action: 'take' });
  expect(thread.owner).toBe('escalation');
  await control({ action: 'pass', control_pass: { target_role: 'ai_agent' } });
  await expect(write()).resolves.toBeDefined();
  expect(thread.owner).toBe('escalation');
  await expect(control({ action: 'pass' })).rejects.toMatchObject({ code: 100 });
  await fake.settled();
  expect(received.filter(({ field }) => field === 'messaging_handovers')).toEqual([]);
});

test('the app is told when the escalation partner takes its thread', async () => {
  const { fake, number, mara, values, thread, write } = openThread();
  mara.send(number.phoneNumberId, 'Hello');
  thread.take();
  await fake.settled();
  expect(values('messaging_handovers')).toMatchObject([
    { type: 'control_taken', control_taken: { previous_owner_role: 'customer_service', new_owner_role: 'escalation' } },
  ]);
  await expect(write()).rejects.toMatchObject({ code: 131070 });
});

test('a released thread is idle until the customer writes to the primary responder', async () => {
  const { control, fake, number, mara, values, thread } = openThread();
  mara.send(number.phoneNumberId, 'Hello');
  fake.routeThreads(number, { primary: 'ai_agent' });
  expect(thread.owner).toBe('customer_service');
  await control({ action: 'release', to: undefined, recipient: mara.userId });
  expect(thread.owner).toBeUndefined();
  await expect(control({ action: 'release' })).rejects.toMatchObject({ code: 100 });
  mara.send(number.phoneNumberId, 'One more thing');
  expect(thread.owner).toBe('ai_agent');
  thread.release();
  expect(thread.owner).toBeUndefined();
  await fake.settled();
  expect(values('messaging_handovers')).toEqual([]);
});

test('wrong requests are rejected', async () => {
  const { control, number, mara } = openThread();
  await expect(control({ action: 'pass' })).rejects.toMatchObject({ code: 100 });
  mara.send(number.phoneNumberId, 'Hello');
  for (const body of [
    { action: 'give' },
    { action: undefined },
    { action: 'pass', to: undefined },
    { action: 'pass', messaging_product: 'sms' },
    { action: 'release', control_pass: { target_role: 'ai_agent' } },
    { action: 'pass', control_pass: {} },
    { action: 'pass', control_pass: { target_role: 'chief' } },
    { action: 'pass', metadata: 'x'.repeat(2_001) },
    { action: 'pass', metadata: { order: 17 } },
  ]) {
    await expect(control(body), JSON.stringify(body)).rejects.toMatchObject({ code: 100 });
  }
  await expect(control({ action: 'pass', metadata: '🥖'.repeat(2_000) })).resolves.toBeDefined();
});
