import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFakeCloudApi, type FakeCloudApi, type FakeReadyNumber } from 'wa-coexist/testing';
import { handlers } from 'wa-coexist/testing/msw';
import 'wa-coexist/testing/vitest';
import { openShop } from './shop.ts';

const server = setupServer();
let fake: FakeCloudApi;
let number: FakeReadyNumber;

beforeAll(() => {
  server.listen({ onUnhandledFrame: 'error' });
});
beforeEach(() => {
  fake = createFakeCloudApi();
  server.use(...handlers(fake));
  number = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
  const { accessToken, phoneNumberId } = number;
  const webhooks = openShop({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, accessToken, phoneNumberId });
  fake.deliverTo(webhooks.fetch);
});
afterEach(async () => {
  server.resetHandlers();
  await fake.close();
});
afterAll(() => {
  server.close();
});

test('a customer is greeted by name', async () => {
  const mara = fake.customer('15550100987', { name: 'Mara' });
  mara.send(number.phoneNumberId, 'Do you have rye bread?');
  await fake.settled();
  expect(mara.inbox.map(({ text }) => text)).toEqual(['Hello Mara, we will be with you in a minute.']);
  expect(fake).toHaveSent({ to: mara.waId, text: /^Hello Mara/ });
});

test('the bot keeps still where somebody in the shop has answered in the Business app', async () => {
  const mara = fake.customer('15550100987', { name: 'Mara' });
  fake.phone(number).send(mara.waId, 'Yes, fresh from the oven');
  await fake.settled();
  mara.send(number.phoneNumberId, 'Great, until five then');
  await fake.settled();
  expect(mara.inbox.map(({ via }) => via)).toEqual(['app']);
});

test('Meta is down for a moment: the webhook comes again, and the customer is greeted once', async () => {
  fake.faults.add({ kind: 'reject', code: 130429, endpoint: 'messages', times: 1 });
  const mara = fake.customer('15550100987', { name: 'Mara' });
  mara.send(number.phoneNumberId, 'Hello?');
  await fake.settled();
  expect(mara.inbox).toHaveLength(1);
});

test('a call that the fake does not know is named', async () => {
  const response = await fetch('https://graph.facebook.com/v26.0/1/teapots', {
    headers: { authorization: `Bearer ${number.accessToken}` },
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('GET /1/teapots is not a path of the fake Cloud API');
});
