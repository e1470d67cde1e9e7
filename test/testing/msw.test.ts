import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClient, NetworkError, sendMessage } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { handlers } from 'wa-coexist/testing/msw';

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledFrame: 'error' });
});
afterEach(() => {
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

test('answers every call to Graph without an option of the client', async () => {
  const fake = createFakeCloudApi();
  server.use(...handlers(fake));
  const { accessToken, phoneNumberId } = fake.coexistenceNumber();
  const client = createClient({ accessToken, phoneNumberId, maxRetries: 0 });
  const message = { to: '15550100987', ...template('hello_world', 'en_US') };
  const sent = await sendMessage(client, message);
  expect(fake.sent).toMatchObject([{ id: sent.messages[0].id, to: '15550100987' }]);
  await expect(client.request({ method: 'GET', path: [phoneNumberId, 'teapot'] })).rejects.toMatchObject({
    code: 100,
    message: expect.stringContaining(`GET /${phoneNumberId}/teapot`) as string,
  });
  fake.faults.add({ kind: 'cut', times: 1 });
  await expect(sendMessage(client, message)).rejects.toBeInstanceOf(NetworkError);
});

test('at another base address', async () => {
  const fake = createFakeCloudApi();
  server.use(...handlers(fake, { baseUrl: 'https://graph.example/' }));
  const { accessToken, phoneNumberId } = fake.coexistenceNumber();
  const client = createClient({ accessToken, phoneNumberId, baseUrl: 'https://graph.example', maxRetries: 0 });
  await expect(sendMessage(client, { to: '15550100987', ...template('hello_world', 'en_US') })).resolves.toBeDefined();
});
