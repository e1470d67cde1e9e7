import { describe, expect, test } from 'vitest';
import { createClient, createWhatsApp, markAsRead, MissingTargetError, sendMessage, type OutgoingMessage } from 'wa-coexist';
import { reaction, template, text } from 'wa-coexist/messages';
import { sendMarketingMessage } from '../../src/messages/send-marketing-message.js';
import { acceptedMessage, recordingClient } from '../meta/recorder.js';

const to = '15550100987';

describe('the request body is the given message with messaging_product', () => {
  test.each<[string, OutgoingMessage]>([
    ['a text', { to, type: 'text', text: { body: 'Hello', preview_url: true } }],
    ['a text without type', { to, text: { body: 'Hello' } }],
    ['a text to a business-scoped user id', { recipient: 'US.90000000000000000001', ...text('Hello') }],
    ['an answer', { to, context: { message_id: 'wamid.EXAMPLE9' }, ...text('Hello') }],
    ['a text that Meta makes a template of', { to, category: 'utility', direct_send_config: { template_name: 'ready' }, ...text('Hello') }],
    ['a reaction', { to, ...reaction('wamid.EXAMPLE9', '👍') }],
    ['a template', { to, ...template('order_ready', 'en_US', [{ type: 'body', parameters: [{ type: 'text', text: '4711' }] }]) }],
  ])('%s', async (_name, message) => {
    const { client, bodies } = recordingClient(acceptedMessage);
    await sendMessage(client, message);
    expect(bodies).toEqual([{ messaging_product: 'whatsapp', ...message }]);
  });

  test('numbers are never changed', async () => {
    const { client, bodies } = recordingClient(acceptedMessage);
    for (const number of ['+55 (11) 9999-0001', '5215550001111', '0049 30 1']) await sendMessage(client, { to: number, ...text('Hello') });
    expect(bodies).toMatchObject([{ to: '+55 (11) 9999-0001' }, { to: '5215550001111' }, { to: '0049 30 1' }]);
  });
});

describe('a rejection before the network', () => {
  test('rejects the promise and never throws', async () => {
    const { client, bodies } = recordingClient(acceptedMessage);
    const refused = [
      sendMessage(client, { to, ...text('') }),
      sendMessage(client, { to, ...reaction('', '👍') }),
      sendMessage(client, { to, ...template('', 'en_US') }),
      sendMarketingMessage(client, { to, ...template('', 'en_US') }),
    ];
    for (const refusal of refused) await expect(refusal).rejects.toMatchObject({ kind: 'invalid-message' });
    const nowhere = createClient({ accessToken: 'token' });
    await expect(sendMessage(nowhere, { to, ...text('Hello') })).rejects.toThrow(MissingTargetError);
    await expect(sendMarketingMessage(nowhere, { to, ...template('sale', 'en_US') })).rejects.toThrow(MissingTargetError);
    expect(bodies).toEqual([]);
  });

  test('validate: false sends the message unchecked, by client or by call', async () => {
    const off = recordingClient(acceptedMessage, { validate: false });
    await sendMessage(off.client, { to, ...text('') });
    const on = recordingClient(acceptedMessage);
    await sendMessage(on.client, { to, ...template('', '') }, { validate: false });
    await sendMarketingMessage(on.client, { to, ...template('', '') }, { validate: false });
    expect([off.bodies.length, on.bodies.length]).toEqual([1, 2]);
  });

  test('validate: true of a call wins over the client', async () => {
    const { client } = recordingClient(acceptedMessage, { validate: false });
    await expect(sendMessage(client, { to, ...text('') }, { validate: true })).rejects.toMatchObject({ field: 'text.body' });
  });
});

test('withResponse returns the full response of a send', async () => {
  const { data, response } = await sendMessage(recordingClient(acceptedMessage).client, { to, ...text('Hello') }).withResponse();
  expect([data.messages[0].id, response.status]).toEqual(['wamid.EXAMPLE1', 200]);
});

test('a marketing message is sent to its own endpoint, with its own fields', async () => {
  const { client, requests } = recordingClient(acceptedMessage);
  await sendMarketingMessage(client, {
    to,
    ...template('spring_sale', 'en_US'),
    product_policy: 'STRICT',
    message_activity_sharing: true,
    phoneNumberId: '339900112233446',
  });
  expect(requests.map(({ path, body }) => ({ path, body }))).toEqual([
    {
      path: '/v26.0/339900112233446/marketing_messages',
      body: {
        messaging_product: 'whatsapp',
        to,
        type: 'template',
        template: { name: 'spring_sale', language: { code: 'en_US' } },
        product_policy: 'STRICT',
        message_activity_sharing: true,
      },
    },
  ]);
});

test('messages can be marked as read, with a typing indicator', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  await markAsRead(client, { messageId: 'wamid.EXAMPLE9' });
  await markAsRead(client, { messageId: 'wamid.EXAMPLE9', typing: true });
  expect(bodies).toEqual([
    { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.EXAMPLE9' },
    { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.EXAMPLE9', typing_indicator: { type: 'text' } },
  ]);
});

test('createWhatsApp binds the actions to a client, or creates one', async () => {
  const { client, bodies } = recordingClient(acceptedMessage);
  const wa = createWhatsApp(client);
  await wa.messages.send({ to, ...text('Hello') });
  await wa.messages.markAsRead({ messageId: 'wamid.EXAMPLE9' });
  expect(wa.client).toBe(client);
  expect(bodies).toHaveLength(2);
  expect(createWhatsApp({ accessToken: 'token', phoneNumberId: '1' }).client.target).toEqual({ phoneNumberId: '1' });
});
