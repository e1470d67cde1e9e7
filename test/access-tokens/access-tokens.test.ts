import { expect, test } from 'vitest';
import { createClient, debugToken, exchangeCode, listAppSubscriptions, MissingCredentialsError } from 'wa-coexist';
import { getAppAccessToken } from '../../src/access-tokens/get-app-access-token.js';
import { subscribeAppFields } from '../../src/access-tokens/subscribe-app-fields.js';
import { unsubscribeAppFields } from '../../src/access-tokens/unsubscribe-app-fields.js';
import { collect, recordMeta } from '../meta/recorder.js';

const appId = '123456789012345';
const setUp = (answer: object = { success: true }) => {
  const { fetch, requests } = recordMeta(answer);
  return { client: createClient({ appId, appSecret: 'app-secret', fetch }), requests };
};

test('exchangeCode sends the ID and the secret of the app, and no token', async () => {
  const { client, requests } = setUp({ access_token: 'business-token', token_type: 'bearer' });
  expect((await exchangeCode(client, { code: 'CODE' })).access_token).toBe('business-token');
  expect(requests).toMatchObject([
    { method: 'GET', path: '/v26.0/oauth/access_token', query: { client_id: appId, client_secret: 'app-secret', code: 'CODE' } },
  ]);
  expect(requests[0]?.headers.has('authorization')).toBe(false);
});

test('getAppAccessToken returns a token of the app', async () => {
  const { client, requests } = setUp({ access_token: 'app-token', token_type: 'bearer' });
  expect((await getAppAccessToken(client)).access_token).toBe('app-token');
  expect(requests[0]?.query).toEqual({ client_id: appId, client_secret: 'app-secret', grant_type: 'client_credentials' });
});

test('debugToken returns the app, the scopes and the expiry of a token', async () => {
  const { client, requests } = setUp({ data: { is_valid: true, scopes: ['whatsapp_business_messaging'] } });
  expect((await debugToken(client, { token: 'business-token' })).is_valid).toBe(true);
  expect(requests).toMatchObject([{ path: '/v26.0/debug_token', query: { input_token: 'business-token' } }]);
  expect(requests[0]?.headers.get('authorization')).toBe(`Bearer ${appId}|app-secret`);
});

test('subscriptions of the app are listed, created and removed', async () => {
  const { client, requests } = setUp({ data: [], success: true });
  await collect(listAppSubscriptions(client, { appId }));
  await subscribeAppFields(client, {
    appId,
    fields: ['messages', 'history'],
    callbackUrl: 'https://shop.example/hook',
    verifyToken: 'verify',
  });
  await unsubscribeAppFields(client, { appId, fields: ['history', 'calls'] });
  await unsubscribeAppFields(client, { appId });
  const path = `/v26.0/${appId}/subscriptions`;
  expect(requests).toMatchObject([
    { method: 'GET', path },
    {
      method: 'POST',
      path,
      body: {
        object: 'whatsapp_business_account',
        fields: 'messages,history',
        callback_url: 'https://shop.example/hook',
        verify_token: 'verify',
      },
    },
    { method: 'DELETE', path, query: { object: 'whatsapp_business_account', fields: 'history,calls' } },
    { method: 'DELETE', path, query: { object: 'whatsapp_business_account' } },
  ]);
  expect(new Set(requests.map((request) => request.headers.get('authorization')))).toEqual(new Set([`Bearer ${appId}|app-secret`]));
});

test('calls without an app ID and an app secret send no request', async () => {
  const { fetch, requests } = recordMeta();
  const client = createClient({ accessToken: 'token', fetch });
  await expect(getAppAccessToken(client)).rejects.toThrow(MissingCredentialsError);
  await expect(unsubscribeAppFields(client, { appId })).rejects.toThrow(MissingCredentialsError);
  expect(requests).toEqual([]);
});
