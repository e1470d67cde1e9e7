import { describe, expect, test } from 'vitest';
import { createClient, createWhatsApp, InvalidMessageError, markAsRead, reaction, sendMessage, template, text, type OutgoingMessage } from 'wa-coexist';

/** A client whose requests go nowhere and are kept. */
function recordingClient(options: { validate?: boolean } = {}) {
  const bodies: unknown[] = [];
  const client = createClient({
    ...options,
    accessToken: 'token',
    phoneNumberId: '339900112233445',
    fetch: async (input, init) => {
      bodies.push(await new Request(input, init).json());
      return Response.json({ messaging_product: 'whatsapp', contacts: [{ input: '1' }], messages: [{ id: 'wamid.EXAMPLE1' }], success: true });
    },
  });
  return { client, bodies };
}

const to = '15550100987';

describe('what leaves is what was given, with messaging_product', () => {
  test.each<[string, OutgoingMessage]>([
    ['a text', { to, type: 'text', text: { body: 'Hello', preview_url: true } }],
    ['a text without type', { to, text: { body: 'Hello' } }],
    ['a text to a business-scoped user id', { recipient: 'US.90000000000000000001', ...text('Hello') }],
    ['an answer', { to, context: { message_id: 'wamid.EXAMPLE9' }, ...text('Hello') }],
    ['a reaction', { to, ...reaction('wamid.EXAMPLE9', '👍') }],
    ['a template', { to, ...template('order_ready', 'en_US', [{ type: 'body', parameters: [{ type: 'text', text: '4711' }] }]) }],
  ])('%s', async (_name, message) => {
    const { client, bodies } = recordingClient();
    await sendMessage(client, message);
    expect(bodies).toEqual([{ messaging_product: 'whatsapp', ...message }]);
  });

  test('numbers are never rewritten', async () => {
    const { client, bodies } = recordingClient();
    for (const number of ['+55 (11) 9999-0001', '5215550001111', '0049 30 1']) await sendMessage(client, { to: number, ...text('Hello') });
    expect(bodies).toMatchObject([{ to: '+55 (11) 9999-0001' }, { to: '5215550001111' }, { to: '0049 30 1' }]);
  });
});

describe('limits that Meta publishes are checked before the network', () => {
  const wrong: [string, OutgoingMessage][] = [
    ['to', { to: '', ...text('Hello') }],
    ['text.body', { to, ...text('') }],
    ['text.body', { to, ...text('x'.repeat(4097)) }],
    ['biz_opaque_callback_data', { to, biz_opaque_callback_data: 'x'.repeat(513), ...text('Hello') }],
    ['reaction.message_id', { to, ...reaction('', '👍') }],
    ['context', { to, context: { message_id: 'wamid.EXAMPLE9' }, ...reaction('wamid.EXAMPLE9', '👍') }],
    ['template.name', { to, ...template('', 'en_US') }],
    ['template.language.code', { to, ...template('order_ready', '') }],
  ];
  test.each(wrong)('%s', (field, message) => {
    const { client, bodies } = recordingClient();
    const attempt = (): unknown => sendMessage(client, message);
    expect(attempt).toThrow(InvalidMessageError);
    expect(attempt).toThrow(expect.objectContaining({ field }));
    expect(bodies).toEqual([]);
  });

  test('at the limit it goes out', async () => {
    const { client, bodies } = recordingClient();
    await sendMessage(client, { to, biz_opaque_callback_data: 'x'.repeat(512), ...text('x'.repeat(4096)) });
    expect(bodies).toHaveLength(1);
  });

  test('validate: false sends as it is, by client or by call', async () => {
    const { client, bodies } = recordingClient({ validate: false });
    await sendMessage(client, { to, ...text('') });
    await sendMessage(recordingClient().client, { to, ...text('') }, { validate: false });
    expect(bodies).toHaveLength(1);
  });
});

test('read and typing', async () => {
  const { client, bodies } = recordingClient();
  await markAsRead(client, { messageId: 'wamid.EXAMPLE9' });
  await markAsRead(client, { messageId: 'wamid.EXAMPLE9', typing: true });
  expect(bodies).toEqual([
    { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.EXAMPLE9' },
    { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.EXAMPLE9', typing_indicator: { type: 'text' } },
  ]);
});

test('createWhatsApp binds the actions to a client, or makes one', async () => {
  const { client, bodies } = recordingClient();
  const wa = createWhatsApp(client);
  await wa.messages.send({ to, ...text('Hello') });
  await wa.messages.markAsRead({ messageId: 'wamid.EXAMPLE9' });
  expect(wa.client).toBe(client);
  expect(bodies).toHaveLength(2);
  expect(createWhatsApp({ accessToken: 'token', phoneNumberId: '1' }).client.target).toEqual({ phoneNumberId: '1' });
});
