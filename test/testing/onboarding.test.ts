import { expect, test } from 'vitest';
import {
  createClient,
  debugToken,
  exchangeCode,
  getPhoneNumber,
  isCoexistenceNumber,
  listAppSubscriptions,
  listPhoneNumbers,
  listSubscribedApps,
  requestAppDataSync,
  subscribeApp,
} from 'wa-coexist';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { collect, openShop } from './shop.js';

const hourMs = 60 * 60 * 1_000;

function beforeSignup() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.businessAppNumber({ displayPhoneNumber: '+49 (30) 1234-567' });
  const platform = createClient({ appId: fake.app.id, appSecret: fake.app.secret, clock, fetch: fake.fetch, maxRetries: 0 });
  return { clock, fake, number, platform };
}

test('the whole way: code, token, WABA, number, subscription, both syncs', async () => {
  const { clock, fake, number, platform } = beforeSignup();
  const { code, sessionEvent } = fake.signup(number);
  expect(sessionEvent).toEqual({
    type: 'WA_EMBEDDED_SIGNUP',
    event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
    version: 3,
    data: { waba_id: number.wabaId },
  });
  const { access_token, token_type, expires_in } = await exchangeCode(platform, { code });
  expect(token_type).toBe('bearer');
  expect(expires_in).toBe(60 * 24 * 60 * 60);

  const facts = await debugToken(platform, { token: access_token });
  expect(facts.is_valid).toBe(true);
  expect(facts.granular_scopes).toContainEqual({ scope: 'whatsapp_business_management', target_ids: [number.wabaId] });

  const client = createClient({ accessToken: access_token, wabaId: number.wabaId, clock, fetch: fake.fetch, maxRetries: 0 });
  expect(await collect(listSubscribedApps(client))).toEqual([]);
  await subscribeApp(client);
  expect((await collect(listSubscribedApps(client)))[0]?.whatsapp_business_api_data.id).toBe(fake.app.id);

  const [found] = await collect(listPhoneNumbers(client));
  expect(found).toMatchObject({ id: number.phoneNumberId, display_phone_number: '+49301234567', is_on_biz_app: true });
  const shop = client.for({ phoneNumberId: number.phoneNumberId });
  expect(isCoexistenceNumber(await getPhoneNumber(shop))).toBe(true);
  expect((await requestAppDataSync(shop, { syncType: 'smb_app_state_sync' })).request_id).toMatch(/^BQ\d+$/);
  await requestAppDataSync(shop, { syncType: 'history' });
  expect(fake.requests.map(({ path }) => path)).not.toContain(`${number.phoneNumberId}/register`);
});

test('a code lives 30 seconds and works once', async () => {
  const { clock, fake, number, platform } = beforeSignup();
  const { code } = fake.signup(number);
  await clock.advance(29_999);
  await exchangeCode(platform, { code });
  await expect(exchangeCode(platform, { code })).rejects.toMatchObject({ code: 100, subcode: 36009, httpStatus: 400 });
  const late = fake.signup(number);
  await clock.advance(30_000);
  await expect(exchangeCode(platform, { code: late.code })).rejects.toMatchObject({ code: 100, subcode: 36007 });
  await expect(exchangeCode(platform, { code: 'AQBmade-up' })).rejects.toMatchObject({ code: 100 });
});

test('a wrong app secret gets no token', async () => {
  const { clock, fake, number } = beforeSignup();
  const { code } = fake.signup(number);
  const stranger = createClient({ appId: fake.app.id, appSecret: 'guessed', clock, fetch: fake.fetch, maxRetries: 0 });
  await expect(exchangeCode(stranger, { code })).rejects.toMatchObject({ httpStatus: 400 });
});

test('tells the fields that the app subscribed to, to the app alone', async () => {
  const { fake, platform, clock } = beforeSignup();
  fake.app.subscribedFields.delete('smb_message_echoes');
  const { data } = await listAppSubscriptions(platform, { appId: fake.app.id }).page();
  expect(data[0]).toMatchObject({ object: 'whatsapp_business_account', active: true });
  expect(data[0]?.fields?.map(({ name }) => name)).toEqual(['messages', 'account_update', 'history', 'smb_app_state_sync']);
  const stranger = createClient({ appId: fake.app.id, appSecret: 'guessed', clock, fetch: fake.fetch, maxRetries: 0 });
  await expect(collect(listAppSubscriptions(stranger, { appId: fake.app.id }))).rejects.toMatchObject({ code: 190 });
});

test('nothing can be reached before the signup, nor with the token of another business', async () => {
  const { clock, fake, number } = beforeSignup();
  const other = fake.coexistenceNumber();
  const everything = createClient({ accessToken: fake.issueToken(), clock, fetch: fake.fetch, maxRetries: 0 });
  const read = { phoneNumberId: number.phoneNumberId };
  await expect(getPhoneNumber(everything, read)).rejects.toMatchObject({ code: 100, subcode: 33, httpStatus: 400 });
  fake.signup(number);
  await expect(getPhoneNumber(everything, read)).resolves.toMatchObject({ id: number.phoneNumberId });
  const foreign = createClient({ accessToken: other.accessToken, clock, fetch: fake.fetch, maxRetries: 0 });
  await expect(getPhoneNumber(foreign, read)).rejects.toMatchObject({ code: 100, subcode: 33 });
});

test('tokens expire, are revoked, and lack scopes', async () => {
  const { clock, fake, number, client } = openShop();
  const withToken = (accessToken: string) =>
    getPhoneNumber(createClient({ accessToken, clock, fetch: fake.fetch, maxRetries: 0 }), { phoneNumberId: number.phoneNumberId });
  const short = fake.issueToken({ expiresInSeconds: 60 });
  await expect(withToken(short)).resolves.toBeDefined();
  await clock.advance(60_000);
  await expect(withToken(short)).rejects.toMatchObject({ code: 190, subcode: 463, httpStatus: 401, kind: 'authentication' });
  await expect(withToken('EAAGmade-up')).rejects.toMatchObject({ code: 190 });
  await expect(withToken(fake.issueToken({ scopes: ['whatsapp_business_messaging'] }))).rejects.toMatchObject({
    code: 10,
    httpStatus: 403,
  });
  fake.revokeToken(number.accessToken);
  await expect(getPhoneNumber(client)).rejects.toMatchObject({ code: 190, subcode: 460 });
});

test('each sync is granted once in 24 hours, and anew after another signup', async () => {
  const { clock, fake, number, client } = openShop();
  const contacts = () => requestAppDataSync(client, { syncType: 'smb_app_state_sync' });
  const history = () => requestAppDataSync(client, { syncType: 'history' });
  await contacts();
  await expect(contacts()).rejects.toMatchObject({ code: 2593107, kind: 'coexistence-sync', httpStatus: 400 });
  await clock.advance(24 * hourMs);
  await history();
  await expect(history()).rejects.toMatchObject({ code: 2593107 });
  await clock.advance(1);
  await expect(history()).rejects.toMatchObject({ code: 2593108 });
  fake.signup(number);
  await contacts();
  await history();
});

test("the machine's clock stepping does not move Meta's", async () => {
  const { clock, client } = openShop();
  clock.stepWall(48 * hourMs);
  await expect(requestAppDataSync(client, { syncType: 'history' })).resolves.toBeDefined();
});

test('a number that is not on the Business app has nothing to sync, and is not to be onboarded', async () => {
  const { clock, fake } = openShop();
  const plain = fake.cloudApiNumber();
  const client = createClient({
    accessToken: plain.accessToken,
    phoneNumberId: plain.phoneNumberId,
    clock,
    fetch: fake.fetch,
    maxRetries: 0,
  });
  expect(isCoexistenceNumber(await getPhoneNumber(client))).toBe(false);
  await expect(requestAppDataSync(client, { syncType: 'history' })).rejects.toMatchObject({ code: 131009 });
  expect(() => fake.signup(plain)).toThrow('not on the WhatsApp Business app');
  expect(() => fake.phone(plain)).toThrow('not on the WhatsApp Business app');
});

test('register and deregister are refused for a coexistence number and done for a plain one', async () => {
  const { clock, fake, client, number } = openShop();
  const plain = fake.cloudApiNumber();
  const plainClient = createClient({ accessToken: plain.accessToken, clock, fetch: fake.fetch, maxRetries: 0 });
  const body = { messaging_product: 'whatsapp', pin: '123456' };
  for (const edge of ['register', 'deregister']) {
    await expect(client.request({ method: 'POST', path: [number.phoneNumberId, edge], body })).rejects.toMatchObject({ code: 100 });
    await expect(plainClient.request({ method: 'POST', path: [plain.phoneNumberId, edge], body })).resolves.toEqual({ success: true });
  }
});

test('onboarding unlinks every companion, and at most four can be linked', () => {
  const { fake, number } = openShop();
  const phone = fake.phone(number);
  for (const companion of ['web', 'mac', 'web', 'windows'] as const) phone.linkCompanion(companion);
  expect(() => {
    phone.linkCompanion('mac');
  }).toThrow('at most four');
  fake.signup(number);
  expect(phone.companions).toEqual([]);
});
