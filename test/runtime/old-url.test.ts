import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient, downloadMedia, listTemplates, sendMessage } from 'wa-coexist';
import { launchSignup, readSignupRedirect, signupUrl, type FacebookLogin } from 'wa-coexist/embedded-signup';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { recordMeta } from '../meta/recorder.js';

/** Safari 16 and Chrome 119 have neither of these. */
const { parse, canParse } = URL;

beforeEach(() => {
  Object.assign(URL, { parse: undefined, canParse: undefined });
});
afterEach(() => {
  Object.assign(URL, { parse, canParse });
});

test('embedded signup works in browsers without URL.parse and URL.canParse', async () => {
  const redirectUri = 'https://shop.example/connected';
  expect(signupUrl({ appId: '1', configId: '2', redirectUri, state: 'state' })).toContain('https://www.facebook.com/');
  expect(() => signupUrl({ appId: '1', configId: '2', redirectUri: 'connected', state: 'state' })).toThrow('redirectUri');
  expect(readSignupRedirect('/connected?code=AQB&state=state', { state: 'state' })).toEqual({ outcome: 'finished', code: 'AQB' });
  const page = new EventTarget();
  const facebook: FacebookLogin = {
    login: (callback) => {
      callback({ authResponse: { code: 'AQB' } });
    },
  };
  const signup = launchSignup(facebook, { configId: '2', window: page });
  const data = JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', data: { waba_id: '3', phone_number_id: '4' } });
  page.dispatchEvent(Object.assign(new Event('message'), { origin: 'https://www.facebook.com', data }));
  expect(await signup).toMatchObject({ outcome: 'finished', code: 'AQB', sessionEvent: { wabaId: '3' } });
});

test('listings, downloads, base URLs and the fake work without URL.parse and URL.canParse', async () => {
  const { fetch } = recordMeta(({ url, query: { after } }) => {
    if (url.startsWith('lookaside.fbsbx.com')) return new Response('bytes');
    const next = after === undefined && { paging: { next: 'https://graph.facebook.com/v26.0/2/message_templates?after=QVFI' } };
    return { data: [{ name: after ?? 'first' }], ...next };
  });
  const client = createClient({ accessToken: 'token', wabaId: '2', baseUrl: 'https://graph.facebook.com', fetch });
  const names: string[] = [];
  for await (const { name } of listTemplates(client)) names.push(name);
  expect(names).toEqual(['first', 'QVFI']);
  const file = await downloadMedia(client, { mediaId: '5', url: 'https://lookaside.fbsbx.com/5' });
  expect(new TextDecoder().decode(await file.bytes())).toBe('bytes');

  const fake = createFakeCloudApi();
  const number = fake.cloudApiNumber();
  fake.customer('15550400000').send(number.phoneNumberId, 'Hi');
  const shop = createClient({ ...number, fetch: fake.fetch });
  const document = { link: 'https://shop.example/menu.pdf' };
  await expect(sendMessage(shop, { to: '15550400000', type: 'document', document })).resolves.toBeDefined();
});
