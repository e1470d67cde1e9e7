import { setupServer } from 'msw/node';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { handlers } from 'wa-coexist/testing/msw';
import { openShop } from './shop.js';

const server = setupServer();
let fake;
let number;

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
