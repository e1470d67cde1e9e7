import { describe, expect, test } from 'vitest';
import {
  createClient,
  createWhatsApp,
  InvalidArgumentError,
  passThreadControl,
  PermissionError,
  releaseThreadControl,
  sendMessage,
  takeThreadControl,
  UndeliverableError,
  type Client,
} from 'wa-coexist';
import { parseWebhook } from 'wa-coexist/webhooks';
import { graphError, recordingClient, recordMeta } from '../meta/recorder.js';

const phoneNumberId = '339900112233445';
const result = { messaging_product: 'whatsapp', request_id: 'request-1' };
const userId = 'US.90000000000000000001';

const actions: readonly (readonly [name: string, call: (client: Client) => PromiseLike<unknown>, body: object])[] = [
  [
    'pass to a role, with text',
    (client) => passThreadControl(client, { recipient: userId, targetRole: 'customer_service', metadata: 'Asked for a person' }),
    { action: 'pass', recipient: userId, metadata: 'Asked for a person', control_pass: { target_role: 'customer_service' } },
  ],
  ['pass to the escalation partner', (client) => passThreadControl(client, { to: '15550100987' }), { action: 'pass', to: '15550100987' }],
  [
    'pass to a role that Meta adds',
    (client) => passThreadControl(client, { to: '15550100987', targetRole: 'new_role' }),
    { action: 'pass', to: '15550100987', control_pass: { target_role: 'new_role' } },
  ],
  ['release', (client) => releaseThreadControl(client, { to: '15550100987' }), { action: 'release', to: '15550100987' }],
  [
    'take',
    (client) => takeThreadControl(client, { to: '15550100987', metadata: 'x'.repeat(2_000) }),
    { action: 'take', to: '15550100987', metadata: 'x'.repeat(2_000) },
  ],
];

describe('a change of thread control', () => {
  test.each(actions)('sends the body that Meta documents: %s', async (_name, call, body) => {
    const { fetch, requests } = recordMeta(result);
    await expect(call(createClient({ accessToken: 'token', phoneNumberId, fetch }))).resolves.toEqual(result);
    expect(requests).toMatchObject([{ method: 'POST', path: `/v26.0/${phoneNumberId}/thread_control` }]);
    expect(requests[0]?.body).toEqual({ messaging_product: 'whatsapp', ...body });
  });

  test('is available in the bound form', async () => {
    const { fetch, requests } = recordMeta(result);
    const wa = createWhatsApp({ accessToken: 'token', phoneNumberId, fetch });
    await wa.threadControl.pass({ to: '1', targetRole: 'utility' });
    await wa.threadControl.release({ to: '1' });
    await wa.threadControl.take({ recipient: userId, phoneNumberId: '339900112233446' });
    expect(requests.map(({ path, body }) => [path, (body as { readonly action: string }).action])).toEqual([
      [`/v26.0/${phoneNumberId}/thread_control`, 'pass'],
      [`/v26.0/${phoneNumberId}/thread_control`, 'release'],
      ['/v26.0/339900112233446/thread_control', 'take'],
    ]);
  });

  test.each<[string, object]>([
    ['no customer', {}],
    ['an empty customer', { to: '' }],
    ['two customers', { to: '1', recipient: userId }],
    ['text of 2,001 characters', { to: '1', metadata: 'x'.repeat(2_001) }],
    ['text of 1,001 emoji, which are 2,002 UTF-16 units', { to: '1', metadata: '🥖'.repeat(1_001) }],
  ])('is rejected before the request with %s', (_name, parameters) => {
    const { fetch, requests } = recordMeta(result);
    const client = createClient({ accessToken: 'token', phoneNumberId, fetch });
    for (const action of [passThreadControl, releaseThreadControl, takeThreadControl]) {
      expect(() => action(client, parameters as { readonly to: string })).toThrow(InvalidArgumentError);
    }
    expect(requests).toEqual([]);
  });
});

test.each([
  [2_494_191, PermissionError, (client: Client) => takeThreadControl(client, { to: '15550100987' })],
  [131_070, UndeliverableError, (client: Client) => sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } })],
  [138_038, PermissionError, (client: Client) => releaseThreadControl(client, { to: '15550100987' })],
])('error %i is a %o and is not repeated', async (code, type, call) => {
  const { client, requests } = recordingClient(() => graphError(code, { fbtrace_id: 'A1' }));
  await expect(call(client)).rejects.toBeInstanceOf(type);
  await expect(call(client)).rejects.toMatchObject({ code });
  expect(requests).toHaveLength(2);
});

test.each(['control_passed', 'control_taken'] as const)('the webhook %s contains the roles of both owners', (type) => {
  const control = { previous_owner_role: 'ai_agent', new_owner_role: 'customer_service', metadata: 'Asked for a person' };
  const value = {
    messaging_product: 'whatsapp',
    type,
    timestamp: '1795300000',
    sender: { phone_number: '15550100987', user_id: userId },
    recipient: { phone_number_id: phoneNumberId, display_phone_number: '15550100123' },
    [type]: control,
  };
  const [event] = parseWebhook({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messaging_handovers', value }] }],
  });
  if (event?.type !== 'messaging_handovers') throw new Error('no handover');
  expect(event.value[type]?.new_owner_role).toBe('customer_service');
  expect(event.value[type]?.previous_owner_role).toBe('ai_agent');
  expect(event.customer).toEqual({ waId: '15550100987', userId });
});
