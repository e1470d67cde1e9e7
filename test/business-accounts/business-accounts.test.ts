import { expect, test } from 'vitest';
import {
  assignUser,
  getBusinessAccount,
  listAssignedUsers,
  listClientBusinessAccounts,
  listOwnedBusinessAccounts,
  listSubscribedApps,
  removeAssignedUser,
  subscribeApp,
  unsubscribeApp,
  updateBusinessAccount,
} from 'wa-coexist';
import { collect, expectedOf, runAction, type ActionCase } from '../meta/recorder.js';

const waba = '/102290129340398';
const accounts = { data: [{ id: '102290129340398', name: 'Corner Shop' }] };

const cases: Record<string, ActionCase> = {
  getBusinessAccount: {
    call: (client) => getBusinessAccount(client, { fields: ['id', 'health_status'] }),
    request: `GET ${waba}`,
    query: { fields: 'id,health_status' },
    answer: { id: '102290129340398', health_status: { can_send_message: 'AVAILABLE' } },
  },
  updateBusinessAccount: {
    call: (client) => updateBusinessAccount(client, { wabaId: '104996122399160', is_enabled_for_insights: true }),
    request: 'POST /104996122399160',
    body: { is_enabled_for_insights: true },
  },
  listSubscribedApps: {
    call: (client) => collect(listSubscribedApps(client)),
    request: `GET ${waba}/subscribed_apps`,
    answer: { data: [{ whatsapp_business_api_data: { id: '1' }, override_callback_uri: 'https://example.com/hook' }] },
    result: [{ whatsapp_business_api_data: { id: '1' }, override_callback_uri: 'https://example.com/hook' }],
  },
  'subscribeApp without a body, which clears an override': {
    call: (client) => subscribeApp(client),
    request: `POST ${waba}/subscribed_apps`,
  },
  unsubscribeApp: { call: (client) => unsubscribeApp(client), request: `DELETE ${waba}/subscribed_apps` },
  listOwnedBusinessAccounts: {
    call: (client) => collect(listOwnedBusinessAccounts(client, { businessId: '506914307656634', limit: 2 })),
    request: 'GET /506914307656634/owned_whatsapp_business_accounts',
    query: { limit: '2' },
    answer: accounts,
    result: accounts.data,
  },
  listClientBusinessAccounts: {
    call: (client) =>
      collect(listClientBusinessAccounts(client, { businessId: '506914307656634', fields: ['id'], find: '102290129340398' })),
    request: 'GET /506914307656634/client_whatsapp_business_accounts',
    query: { fields: 'id', find: '102290129340398' },
    answer: accounts,
    result: accounts.data,
  },
  listAssignedUsers: {
    call: (client) => collect(listAssignedUsers(client, { businessId: '506914307656634' })),
    request: `GET ${waba}/assigned_users`,
    query: { business: '506914307656634' },
    answer: { data: [{ id: '1', user_type: 'SYSTEM_USER' }] },
    result: [{ id: '1', user_type: 'SYSTEM_USER' }],
  },
  'assignUser, a form': {
    call: (client) => assignUser(client, { userId: '1020304050', tasks: ['MANAGE', 'DEVELOP'] }),
    request: `POST ${waba}/assigned_users`,
    body: { user: '1020304050', tasks: '["MANAGE","DEVELOP"]' },
  },
  'removeAssignedUser, a form': {
    call: (client) => removeAssignedUser(client, { userId: '1020304050' }),
    request: `DELETE ${waba}/assigned_users`,
    body: { user: '1020304050' },
  },
};

test.each(Object.entries(cases))('%s', async (_name, row) => {
  expect(await runAction(row)).toEqual(expectedOf(row));
});
