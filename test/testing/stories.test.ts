import { expect, test } from 'vitest';
import { createClient, createCoexistence, exchangeCode, memoryStore, requestAppDataSync, subscribeApp } from 'wa-coexist';
import { busyShop, changeOfDevice, createFakeCloudApi, fakeClock, idlePhone, onboardWithHistory } from 'wa-coexist/testing';
import { createWebhooks, parseWebhook } from 'wa-coexist/webhooks';
import { openShop } from './shop.js';

test('onboarding with 180 days of history: every message of the past arrives once', async () => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, delivery: { shuffle: true, duplicateShare: 0.2 } });
  const { code, number, past } = onboardWithHistory(fake, { messages: 400, mediaFirst: true });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  const seen = new Set<string>();
  webhooks.on('history.chunk', (event) => {
    for (const { messages } of event.threads) for (const { message } of messages) if (message.id) seen.add(message.id);
  });
  fake.deliverTo(webhooks.fetch);
  const platform = createClient({ appId: fake.app.id, appSecret: fake.app.secret, clock, fetch: fake.fetch });
  const { access_token: accessToken } = await exchangeCode(platform, { code });
  const { phoneNumberId, wabaId } = number;
  const client = createClient({ accessToken, phoneNumberId, wabaId, clock, fetch: fake.fetch });
  await subscribeApp(client);
  await requestAppDataSync(client, { syncType: 'history' });
  await fake.settled();
  expect(seen.size).toBe(past.messages);
});

test('a phone that does not share its chats, and one whose history stalls', async () => {
  for (const [options, types] of [
    [{ declines: true }, ['history.declined']],
    [{ messages: 500, chunkMessages: 100, stopAfterChunks: 2 }, ['history.chunk', 'history.chunk']],
  ] as const) {
    const clock = fakeClock();
    const fake = createFakeCloudApi({ clock });
    fake.deliverTo(async () => new Response());
    const { number } = onboardWithHistory(fake, options);
    const accessToken = fake.issueToken();
    const client = createClient({ accessToken, ...number, clock, fetch: fake.fetch });
    await subscribeApp(client);
    await requestAppDataSync(client, { syncType: 'history' });
    await fake.settled();
    expect(fake.deliveries.flatMap(({ body }) => parseWebhook(JSON.parse(body))).map(({ type }) => type)).toEqual(types);
  }
});

test('a busy shop: what happened is what arrives, and the same seed does the same', async () => {
  const run = async () => {
    const { fake, number, received } = openShop();
    const story = await busyShop(fake, number, { minutes: 5 });
    return { story, received };
  };
  const { story, received } = await run();
  expect(story.messages).toHaveLength(60);
  const arrived = new Set(
    received.flatMap(({ value }) => [...(value.messages ?? []), ...(value.message_echoes ?? [])]).map(({ id }) => id),
  );
  expect(arrived).toEqual(new Set([...story.messages, ...story.echoes, ...story.changes]));
  expect((await run()).story).toEqual(story);
});

test('an idle phone loses its link on the fourteenth day, and the library says so', async () => {
  const { fake, number, clock } = openShop();
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  const store = memoryStore();
  const client = createClient({ accessToken: number.accessToken, clock, fetch: fake.fetch });
  const coexistence = createCoexistence({ client, webhooks, store, clock, saveToken: async () => undefined });
  const reasons: unknown[] = [];
  webhooks.on('account.disconnected', (event) => void reasons.push(event.reason));
  fake.deliverTo(webhooks.fetch);
  expect(await idlePhone(fake, number)).toBe(14);
  expect(reasons).toEqual(['PRIMARY_INACTIVITY']);
  await expect(idlePhone(fake, number)).rejects.toThrow('is not linked');
  await coexistence.close();
});

test('a change of device, with reconnection and without', async () => {
  const { fake, number, received } = openShop();
  expect(await changeOfDevice(fake, number)).toBe(true);
  expect(await changeOfDevice(fake, number, { reconnect: false })).toBe(false);
  expect(received.map(({ value }) => value['event'])).toEqual(['ACCOUNT_OFFBOARDED', 'ACCOUNT_RECONNECTED', 'ACCOUNT_OFFBOARDED']);
});

test('a story in which time passes says that it needs a clock that can be moved', async () => {
  const fake = createFakeCloudApi();
  await expect(idlePhone(fake, fake.coexistenceNumber())).rejects.toThrow('fakeClock()');
});
