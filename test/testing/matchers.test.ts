import { createClient, sendMessage } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import 'wa-coexist/testing/vitest';
import { createWebhooks } from 'wa-coexist/webhooks';
import { expect, test } from 'vitest';

async function openShop() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { accessToken, phoneNumberId } = fake.coexistenceNumber();
  const client = createClient({ accessToken, phoneNumberId, clock, fetch: fake.fetch, maxRetries: 0 });
  const mara = fake.customer('15550100987');
  mara.send(phoneNumberId, 'Do you have rye bread?');
  await sendMessage(client, { to: mara.waId, ...text('Fresh since seven.') });
  await fake.settled();
  return { fake, client };
}

test('toHaveSent finds a message by recipient, text, pattern and status', async () => {
  const { fake } = await openShop();
  expect(fake).toHaveSent({ to: '+1 555 010 0987', text: 'Fresh since seven.' });
  expect(fake).toHaveSent({ text: /since/g, type: 'text', status: 'sent' === fake.sent[0]?.status ? 'sent' : 'delivered' });
  expect(fake).toHaveSent({ text: expect.stringContaining('seven') as { asymmetricMatch: (other: unknown) => boolean } });
  expect(fake).not.toHaveSent({ to: '15550100988' });
  expect(() => {
    expect(fake).toHaveSent({ text: 'Sold out' });
  }).toThrow(/sent a message like \{"text":"Sold out"\}.*text to 15550100987: "Fresh since seven\."/s);
});

test('toHaveRequested and toHaveDelivered find rejected requests and events', async () => {
  const { fake, client } = await openShop();
  await sendMessage(client, { to: '15550100988', ...text('Late') }).catch(() => undefined);
  expect(fake).toHaveRequested({ path: /messages$/, status: 400, errorCode: 131047 });
  expect(fake).not.toHaveRequested({ path: /register$/ });
  expect(fake).toHaveDelivered({ event: 'status', field: 'messages' });
  expect(fake).not.toHaveDelivered({ event: 'echo' });
});

test('requests contain the body and the response, without tokens', async () => {
  const { fake, client } = await openShop();
  await sendMessage(client, { to: '15550100988', ...text('Late') }).catch(() => undefined);
  const request = fake.requests.at(-1);
  expect(request).toMatchObject({
    id: 2,
    method: 'POST',
    status: 400,
    errorCode: 131047,
    body: { to: '15550100988', text: { body: 'Late' } },
  });
  expect(request?.responseText).toContain('131047');
  await fake.fetch(`https://graph.facebook.com/v26.0/oauth/access_token?client_id=1&client_secret=hush&code=x`);
  expect(JSON.stringify(fake.requests)).not.toContain('hush');
});

test('redeliver sends a webhook again, also with another body and a valid signature', async () => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { phoneNumberId } = fake.coexistenceNumber();
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  const seen: string[] = [];
  webhooks.on('message', ({ message }) => void seen.push(message.type === 'text' ? message.text.body : message.type));
  fake.deliverTo(webhooks.fetch);
  fake.customer('15550100987').send(phoneNumberId, 'Hello');
  await fake.settled();
  const [first] = fake.deliveries;
  const again = fake.redeliver(1);
  fake.redeliver(1, (first?.body ?? '').replace('Hello', 'Changed').replaceAll(/"wamid\.[^"]*"/g, '"wamid.other"'));
  await fake.settled();
  expect(again).toMatchObject({ id: 2, duplicateOf: 1, state: 'delivered' });
  expect(seen).toEqual(['Hello', 'Changed']);
  expect(() => fake.redeliver(99)).toThrow('there is no delivery 99');
});

test('a failed delivery contains the beginning of the response', async () => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { phoneNumberId } = fake.coexistenceNumber();
  fake.deliverTo(() => Promise.resolve(new Response('TypeError at bot.ts:12', { status: 500 })));
  fake.customer('15550100987').send(phoneNumberId, 'Hello');
  await fake.settled().catch(() => undefined);
  expect(fake.deliveries[0]?.attempts[0]).toMatchObject({ status: 500, responseText: 'TypeError at bot.ts:12' });
});
