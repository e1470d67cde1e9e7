import { describe, expect, test } from 'vitest';
import { blockUsers, GraphApiError, InvalidParameterError, listBlockedUsers, unblockUsers } from 'wa-coexist';
import { collect, expectedOf, recordingClient, runAction, type ActionCase } from '../meta/recorder.js';

const path = '/339900112233445/block_users';
const body = { messaging_product: 'whatsapp', block_users: [{ user: '15550100987' }, { user: 'US.90000000000000000001' }] };
const users = ['15550100987', 'US.90000000000000000001'];

const cases: Record<string, ActionCase> = {
  blockUsers: {
    call: (client) => blockUsers(client, { users }),
    request: `POST ${path}`,
    body,
    answer: { messaging_product: 'whatsapp', block_users: { added_users: [{ input: '15550100987', wa_id: '15550100987' }] } },
  },
  'unblockUsers, a DELETE with a body': {
    call: (client) => unblockUsers(client, { users }),
    request: `DELETE ${path}`,
    body,
    answer: { messaging_product: 'whatsapp', block_users: { removed_users: [{ input: '15550100987', wa_id: '15550100987' }] } },
  },
  listBlockedUsers: {
    call: (client) => collect(listBlockedUsers(client, { limit: 10, after: 'CURSOR' })),
    request: `GET ${path}`,
    query: { limit: '10', after: 'CURSOR' },
    answer: { data: [{ messaging_product: 'whatsapp', wa_id: '15550100987' }] },
    result: [{ messaging_product: 'whatsapp', wa_id: '15550100987' }],
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});

describe('a mixed result', () => {
  const mixed = {
    messaging_product: 'whatsapp',
    block_users: {
      added_users: [{ input: '15550100987', wa_id: '15550100987' }],
      failed_users: [{ input: '15550100988', wa_id: '15550100988', errors: [{ code: 131047, message: 'Re-engagement message' }] }],
    },
    error: {
      message: '(#139100) Failed to block/unblock users',
      type: 'OAuthException',
      code: 139100,
      error_data: { details: 'Some failed' },
    },
  };

  test('with status 400 returns the blocked users and the failed ones', async () => {
    const { client } = recordingClient(() => Response.json(mixed, { status: 400, headers: { 'x-fb-trace-id': 'TRACE1' } }));
    const { data, response } = await blockUsers(client, { users: ['15550100987', '15550100988'] }).withResponse();
    expect(data.block_users).toEqual(mixed.block_users);
    expect(data.error).toBeInstanceOf(InvalidParameterError);
    expect(data.error).toMatchObject({ code: 139100, httpStatus: 400, details: 'Some failed', fbtraceId: 'TRACE1' });
    expect(response.status).toBe(400);
  });

  test('returns the failed users of unblockUsers, too', async () => {
    const { client } = recordingClient(() =>
      Response.json({ ...mixed, block_users: { removed_users: mixed.block_users.added_users } }, { status: 400 }),
    );
    const { block_users, error } = await unblockUsers(client, { users: ['15550100987'] });
    expect(block_users.removed_users).toHaveLength(1);
    expect(error?.code).toBe(139100);
  });

  test("doesn't contain the token, even if Meta's response quotes it", async () => {
    const quoting = { ...mixed, error: { ...mixed.error, message: 'token CANARYTOKEN failed' } };
    const { client } = recordingClient(() => Response.json(quoting, { status: 400 }), { accessToken: 'CANARYTOKEN' });
    const { error } = await blockUsers(client, { users: ['15550100987'] });
    expect(error?.message).not.toContain('CANARYTOKEN');
  });
});

test('an error without block_users rejects', async () => {
  const { client } = recordingClient(() => Response.json({ error: { message: 'limit', code: 139101 } }, { status: 400 }));
  await expect(blockUsers(client, { users })).rejects.toThrow(GraphApiError);
});
