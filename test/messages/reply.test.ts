import { expect, test } from 'vitest';
import { createSender, createWhatsApp, reply, replyTo, type ReplyableEvent } from 'wa-coexist';
import { buttons, template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, webhookPayload, type WebhookEnvelope } from 'wa-coexist/testing';
import { createWebhooks, parseWebhook } from 'wa-coexist/webhooks';
import { acceptedMessage, recordingClient } from '../meta/recorder.js';

const phoneNumberId = '106540352242922';

function parseOne(payload: WebhookEnvelope): ReplyableEvent {
  return parseWebhook(payload)[0] as ReplyableEvent;
}

/** Returns the delivery of one message with the given IDs of the customer. */
function messageFrom(
  ids: { readonly from?: string; readonly from_user_id?: string; readonly group_id?: string },
  contact: object = {},
): ReplyableEvent {
  const message = { id: 'wamid.EXAMPLE1', timestamp: '1793000000', type: 'text', text: { body: 'When do you open?' }, ...ids };
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550100001', phone_number_id: phoneNumberId },
    contacts: [contact],
    messages: [message],
  };
  return parseWebhook({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  })[0] as ReplyableEvent;
}

test('a reply goes to the phone number, from the number that received the message', async () => {
  const { client, requests } = recordingClient(acceptedMessage);
  await reply(client, messageFrom({ from: '15550100987', from_user_id: 'US.90000000000000000001' }), text('We open at nine.'));
  expect(requests.map(({ path, body }) => ({ path, body }))).toEqual([
    {
      path: expect.stringContaining(`/${phoneNumberId}/messages`) as unknown,
      body: { messaging_product: 'whatsapp', to: '15550100987', type: 'text', text: { body: 'We open at nine.' } },
    },
  ]);
});

test('a reply reaches people who hide their number by their user ID', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  await reply(client, messageFrom({ from_user_id: 'US.90000000000000000001' }), text('We open at nine.'));
  expect(bodies).toEqual([
    { messaging_product: 'whatsapp', recipient: 'US.90000000000000000001', type: 'text', text: { body: 'We open at nine.' } },
  ]);
});

test('a reply to a message of a group goes to the group', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  await reply(client, messageFrom({ from: '15550100987', group_id: 'GROUP.77' }), text('Hello, all'));
  expect(bodies).toMatchObject([{ to: 'GROUP.77', recipient_type: 'group' }]);
});

test('a reply quotes the message if asked to', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  const event = messageFrom({ from: '15550100987' });
  await reply(client, event, text('One'));
  await reply(client, event, text('Two'), { quote: true });
  expect(bodies[0]).not.toHaveProperty('context');
  expect(bodies[1]).toMatchObject({ context: { message_id: 'wamid.EXAMPLE1' } });
});

test.each([
  ['a changed message', webhookPayload('message.edit')],
  ['a message of the app', webhookPayload('echo')],
  ['a status', webhookPayload('status')],
] as const)('a reply can quote %s', (_name, payload) => {
  const event = parseOne(payload);
  const quoted =
    event.type === 'message.edit'
      ? event.originalMessageId
      : event.type === 'echo'
        ? event.message.id
        : event.type === 'status'
          ? event.status.id
          : '';
  expect(replyTo(event, text('Hello'), { quote: true })).toMatchObject({ to: event.customer?.waId, context: { message_id: quoted } });
});

test('a deleted message and an event without a message are not quoted', () => {
  for (const payload of [webhookPayload('message.revoke'), webhookPayload('user_preferences'), webhookPayload('call')]) {
    expect(replyTo(parseOne(payload), text('Hello'), { quote: true })).not.toHaveProperty('context');
  }
});

test('a recipient in the content is ignored', () => {
  const content = { to: '15550109999', recipient: 'US.5', recipient_type: 'group' as const, ...text('Hello') };
  expect(replyTo(messageFrom({ from: '15550100987' }), content)).toEqual({ to: '15550100987', type: 'text', text: { body: 'Hello' } });
  expect(replyTo(messageFrom({ from_user_id: 'US.7' }), content)).toEqual({ recipient: 'US.7', type: 'text', text: { body: 'Hello' } });
});

test('a reply to an event without a phone number or user ID is rejected with the reason', async () => {
  const { client, requests } = recordingClient(acceptedMessage);
  const event = messageFrom({}, { profile: { name: 'Mara', username: 'mara' } });
  await expect(reply(client, event, text('Hello'))).rejects.toMatchObject({ kind: 'invalid-argument', field: 'event' });
  expect(requests).toEqual([]);
});

test.each([
  ['the event is missing', [undefined, text('Hello'), {}]],
  ['the content is a text', [messageFrom({ from: '15550100987' }), 'Hello', {}]],
  ['the event names nobody', [messageFrom({}, { profile: { username: 'mara' } }), text('Hello'), {}]],
  ['the options are null', [messageFrom({ from: '15550100987' }), text('Hello'), null]],
] as const)('the error names the function that was called if %s', async (_name, parameters) => {
  const { client } = recordingClient(acceptedMessage);
  // Callers without TypeScript can pass any value.
  const [event, content, options] = parameters as unknown as Parameters<typeof replyTo>;
  expect(() => replyTo(event, content, options)).toThrow(/^replyTo: /);
  await expect(reply(client, event, content, options)).rejects.toThrow(/^reply: /);
});

test.each([undefined, null, 'event', 7, {}, [], { type: 'message' }, { type: 'message', message: null }])(
  'an event that is %j rejects the promise',
  async (value) => {
    const { client } = recordingClient(acceptedMessage);
    // @ts-expect-error Callers without TypeScript pass anything.
    await expect(reply(client, value, text('Hello'))).rejects.toMatchObject({ kind: 'invalid-argument' });
  },
);

test.each([undefined, null, 'Hello', 7, []])('content that is %j rejects the promise', async (value) => {
  const { client } = recordingClient(acceptedMessage);
  // @ts-expect-error Callers without TypeScript pass anything.
  await expect(reply(client, messageFrom({ from: '15550100987' }), value)).rejects.toMatchObject({ kind: 'invalid-argument' });
});

test('the bound client and the sender reply, too', async () => {
  await using fake = createFakeCloudApi();
  const shop = fake.coexistenceNumber();
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken });
  fake.deliverTo(webhooks.fetch);
  const wa = createWhatsApp({ accessToken: shop.accessToken, fetch: fake.fetch });
  await using sender = createSender({ client: wa.client.for({ phoneNumberId: shop.phoneNumberId }), throughput: 'coexistence' });
  webhooks.on('message', async (event) => {
    await wa.messages.reply(event, buttons('Do you want a table?', [{ id: 'yes', title: 'Yes' }]), { quote: true });
    await sender.send(replyTo(event, text('Inside or outside?')), { key: event.key });
  });
  const mara = fake.customer('15550100987');
  mara.send(shop.phoneNumberId, 'Hello');
  await fake.settled();
  expect(mara.inbox).toHaveLength(2);
});

/** Compiled by `tsc -p test/tsconfig.json`, never run. */
export function compiles(): void {
  const { client } = recordingClient(acceptedMessage);
  const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
  const sender = createSender({ client });
  const coexistence = createWhatsApp({ accessToken: 'token', coexistence: true });
  webhooks.on('message', async (event) => {
    void reply(client, event, template('order_ready', 'en_US'));
    void coexistence.messages.reply(event, text('Hello'));
    await sender.enqueue(replyTo(event, text('Hello')));
  });
  webhooks.on('status', (event) => void reply(client, event, text('Hello')));
  // @ts-expect-error A part of the history belongs to many conversations.
  webhooks.on('history.chunk', (event) => void reply(client, event, text('Hello')));
  // @ts-expect-error A change of the account has no recipient.
  webhooks.on('account.disconnected', (event) => void reply(client, event, text('Hello')));
  // @ts-expect-error Another app replies in this conversation.
  webhooks.on('standby.message', (event) => void reply(client, event, text('Hello')));
  // @ts-expect-error Any event may lack a recipient.
  webhooks.on('*', (event) => void reply(client, event, text('Hello')));
  // @ts-expect-error A template status has no recipient.
  webhooks.on('message_template_status_update', (event) => void replyTo(event, text('Hello')));
}
