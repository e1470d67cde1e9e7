import { describe, expect, test } from 'vitest';
import { createClient, RestrictedFeatureError } from 'wa-coexist';
import type { Client } from '../../src/client/client.js';
import { approveJoinRequests } from '../../src/groups/approve-join-requests.js';
import { createGroup } from '../../src/groups/create-group.js';
import { deleteGroup } from '../../src/groups/delete-group.js';
import { getGroupInviteLink } from '../../src/groups/get-group-invite-link.js';
import { getGroup } from '../../src/groups/get-group.js';
import { listGroups } from '../../src/groups/list-groups.js';
import { listJoinRequests } from '../../src/groups/list-join-requests.js';
import { rejectJoinRequests } from '../../src/groups/reject-join-requests.js';
import { removeGroupParticipants } from '../../src/groups/remove-group-participants.js';
import { resetGroupInviteLink } from '../../src/groups/reset-group-invite-link.js';
import { updateGroup } from '../../src/groups/update-group.js';
import { collect, recordMeta } from '../meta/recorder.js';

const groupId = 'GROUP-EXAMPLE-1';
const whatsapp = { messaging_product: 'whatsapp' };
const path = (...segments: readonly string[]): string => ['/v26.0', ...segments].join('/');

const actions: readonly (readonly [name: string, call: (client: Client) => unknown, request: object])[] = [
  [
    'create',
    (client) => createGroup(client, { subject: 'Kitchen', description: 'All about it', joinApprovalMode: 'approval_required' }),
    {
      method: 'POST',
      path: path('339900112233445', 'groups'),
      body: { ...whatsapp, subject: 'Kitchen', description: 'All about it', join_approval_mode: 'approval_required' },
    },
  ],
  [
    'get with all fields',
    (client) => getGroup(client, { groupId }),
    { method: 'GET', path: path(groupId), query: { fields: expect.stringContaining('participants') as string } },
  ],
  [
    'get with one field',
    (client) => getGroup(client, { groupId, fields: ['subject'] }),
    { method: 'GET', path: path(groupId), query: { fields: 'subject' } },
  ],
  [
    'update',
    (client) => updateGroup(client, { groupId, subject: 'Bath' }),
    { method: 'POST', path: path(groupId), body: { ...whatsapp, subject: 'Bath' } },
  ],
  [
    'update the picture',
    (client) => updateGroup(client, { groupId, description: 'New', picture: new Blob(['jpeg'], { type: 'image/jpeg' }) }),
    {
      method: 'POST',
      path: path(groupId),
      body: { ...whatsapp, description: 'New', profile_picture_file: { type: 'image/jpeg', text: 'jpeg' } },
    },
  ],
  ['delete', (client) => deleteGroup(client, { groupId }), { method: 'DELETE', path: path(groupId) }],
  ['get the invite link', (client) => getGroupInviteLink(client, { groupId }), { method: 'GET', path: path(groupId, 'invite_link') }],
  [
    'reset the invite link',
    (client) => resetGroupInviteLink(client, { groupId }),
    { method: 'POST', path: path(groupId, 'invite_link'), body: whatsapp },
  ],
  [
    'approve requests',
    (client) => approveJoinRequests(client, { groupId, joinRequestIds: ['r1', 'r2'] }),
    { method: 'POST', path: path(groupId, 'join_requests'), body: { ...whatsapp, join_requests: ['r1', 'r2'] } },
  ],
  [
    'reject requests',
    (client) => rejectJoinRequests(client, { groupId, joinRequestIds: ['r1'] }),
    { method: 'DELETE', path: path(groupId, 'join_requests'), body: { ...whatsapp, join_requests: ['r1'] } },
  ],
  [
    'remove participants',
    (client) => removeGroupParticipants(client, { groupId, users: ['15550100987'] }),
    { method: 'DELETE', path: path(groupId, 'participants'), body: { ...whatsapp, participants: [{ user: '15550100987' }] } },
  ],
];

test.each(actions)('%s', async (_name, call, request) => {
  const { fetch, requests } = recordMeta();
  await call(createClient({ accessToken: 'token', phoneNumberId: '339900112233445', fetch }));
  expect(requests).toMatchObject([request]);
});

test('groups are listed in pages, from one level deeper than other lists', async () => {
  const { fetch, requests } = recordMeta(
    { data: { groups: [{ id: 'g1', subject: 'One' }] }, paging: { cursors: { after: 'A1' }, next: 'https://graph.facebook.com/next' } },
    { data: { groups: [{ id: 'g2' }] }, paging: { cursors: { after: 'A2' } } },
  );
  const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', fetch });
  const groups = await collect(listGroups(client, { limit: 1 }));
  expect(groups.map((group) => group.id)).toEqual(['g1', 'g2']);
  expect(requests.map((request) => request.query)).toEqual([{ limit: '1' }, { limit: '1', after: 'A1' }]);
});

test('join requests are listed in pages', async () => {
  const { fetch, requests } = recordMeta({ data: [{ join_request_id: 'r1', wa_id: '15550100987' }], paging: {} });
  const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', fetch });
  expect(await collect(listJoinRequests(client, { groupId }))).toEqual([{ join_request_id: 'r1', wa_id: '15550100987' }]);
  expect(requests).toMatchObject([{ method: 'GET', path: path(groupId, 'join_requests') }]);
});

test('a partial success is returned, not thrown', async () => {
  const failed = [{ join_request_id: 'r2', errors: [{ code: 131213, title: 'No such request' }] }];
  const { fetch } = recordMeta({ ...whatsapp, approved_join_requests: ['r1'], failed_join_requests: failed, errors: failed[0]?.errors });
  const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', fetch });
  const answer = await approveJoinRequests(client, { groupId, joinRequestIds: ['r1', 'r2'] });
  expect(answer).toMatchObject({ approved_join_requests: ['r1'], failed_join_requests: failed });
});

describe('on a coexistence number', () => {
  const everything = [
    ...actions.map(([name, call]) => [name, call] as const),
    ['list groups', (client: Client) => listGroups(client)] as const,
    ['list requests', (client: Client) => listJoinRequests(client, { groupId })] as const,
  ];

  test.each(everything)('%s is rejected before the network', async (_name, call) => {
    const { fetch, requests } = recordMeta();
    const coexistence: boolean = [true].includes(true);
    const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', coexistence, fetch });
    await expect((async () => call(client))()).rejects.toThrow(RestrictedFeatureError);
    expect(requests).toEqual([]);
  });

  test("group actions don't compile if coexistence is literally true", () => {
    const client = createClient({ accessToken: 'token', phoneNumberId: '339900112233445', coexistence: true });
    // @ts-expect-error Meta refuses this on a coexistence number
    expect(() => deleteGroup(client, { groupId })).toThrow(RestrictedFeatureError);
  });
});
