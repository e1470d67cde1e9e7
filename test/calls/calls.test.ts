import { describe, expect, test } from 'vitest';
import { createClient, RestrictedFeatureError } from 'wa-coexist';
import { coexistencePolicy } from 'wa-coexist/coexistence';
import { acceptCall } from '../../src/calls/accept-call.js';
import { connectCall } from '../../src/calls/connect-call.js';
import { getCallPermissions } from '../../src/calls/get-call-permissions.js';
import { preAcceptCall } from '../../src/calls/pre-accept-call.js';
import { rejectCall } from '../../src/calls/reject-call.js';
import { terminateCall } from '../../src/calls/terminate-call.js';
import type { Client } from '../../src/client/client.js';
import { recordMeta } from '../meta/recorder.js';

const callId = 'wacid.EXAMPLE1';
const sdp = 'v=0 example';
const capture = { status: 'ENABLED', purpose: 'Quality', announcement_language: 'en_US' } as const;
const actions: readonly (readonly [name: string, call: (client: Client) => PromiseLike<unknown>, body: object])[] = [
  [
    'connect',
    (client) => connectCall(client, { to: '15550100987', sdp, callbackData: 'mine' }),
    { action: 'connect', to: '15550100987', session: { sdp_type: 'offer', sdp }, biz_opaque_callback_data: 'mine' },
  ],
  [
    'connect to a business-scoped user id',
    (client) => connectCall(client, { recipient: 'US.90000000000000000001', sdp }),
    { action: 'connect', recipient: 'US.90000000000000000001', session: { sdp_type: 'offer', sdp } },
  ],
  [
    'pre-accept',
    (client) => preAcceptCall(client, { callId, sdp }),
    { action: 'pre_accept', call_id: callId, session: { sdp_type: 'answer', sdp } },
  ],
  [
    'accept',
    (client) => acceptCall(client, { callId, sdp, callbackData: 'mine' }),
    { action: 'accept', call_id: callId, session: { sdp_type: 'answer', sdp }, biz_opaque_callback_data: 'mine' },
  ],
  [
    'connect with recording and transcription',
    (client) => connectCall(client, { to: '15550100987', sdp, recording: capture, transcription: { status: 'DISABLED' } }),
    {
      action: 'connect',
      to: '15550100987',
      session: { sdp_type: 'offer', sdp },
      recording: capture,
      transcription: { status: 'DISABLED' },
    },
  ],
  [
    'accept with transcription only',
    (client) => acceptCall(client, { callId, sdp, transcription: capture }),
    { action: 'accept', call_id: callId, session: { sdp_type: 'answer', sdp }, transcription: capture },
  ],
  ['reject', (client) => rejectCall(client, { callId }), { action: 'reject', call_id: callId }],
  ['terminate', (client) => terminateCall(client, { callId }), { action: 'terminate', call_id: callId }],
];

test.each(actions)('%s', async (_name, call, body) => {
  const { fetch, requests } = recordMeta();
  await call(createClient({ accessToken: 'token', phoneNumberId: '339900112233445', fetch }));
  expect(requests).toMatchObject([{ method: 'POST', path: '/v26.0/339900112233445/calls' }]);
  expect(requests[0]?.body).toEqual({ messaging_product: 'whatsapp', ...body });
});

test.each([
  [{ waId: '15550100987' } as const, { user_wa_id: '15550100987' }],
  [{ userId: 'US.90000000000000000001' } as const, { recipient: 'US.90000000000000000001' }],
])('permissions of %o', async (user, query) => {
  const { fetch, requests } = recordMeta({ permission: { status: 'temporary', expiration_time: 1_760_000_000 }, actions: [] });
  const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', fetch });
  expect((await getCallPermissions(client, user)).permission.status).toBe('temporary');
  expect(requests).toMatchObject([{ method: 'GET', path: '/v26.0/339900112233445/call_permissions', query }]);
});

describe('on a coexistence number', () => {
  const everything = [
    ...actions.map(([name, call]) => [name, call] as const),
    ['permissions', (client: Client) => getCallPermissions(client, { waId: '1' })] as const,
  ];

  test.each(everything)('%s is rejected before the network', async (_name, call) => {
    const { fetch, requests } = recordMeta();
    const coexistence: boolean = [true].includes(true);
    const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', coexistence, fetch });
    await expect((async () => call(client))()).rejects.toThrow(RestrictedFeatureError);
    expect(requests).toEqual([]);
  });

  test('a call is sent if an override of the policy allows it', async () => {
    const { fetch, requests } = recordMeta();
    const allowed = { inApp: 'unchanged', throughApi: true, mirrored: false } as const;
    const coexistence: boolean = [true].includes(true);
    const client = createClient({
      accessToken: 'token',
      phoneNumberId: '339900112233445',
      coexistence,
      fetch,
      policy: coexistencePolicy({ overrides: { features: { 'calling-api': allowed } } }),
    });
    await rejectCall(client, { callId });
    expect(requests).toHaveLength(1);
  });

  test('a call does not compile if coexistence is literally true', () => {
    const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', coexistence: true });
    // @ts-expect-error Meta refuses this on a coexistence number
    expect(() => rejectCall(client, { callId })).toThrow(RestrictedFeatureError);
  });
});
