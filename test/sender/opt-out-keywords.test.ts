import { expect, test } from 'vitest';
import { createClient, createSender, InvalidArgumentError, NotSentError } from 'wa-coexist';
import { createOptOutKeywords, template, text } from 'wa-coexist/messages';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';

test('a keyword stops marketing messages of the sender, and another one allows them again', async () => {
  const fake = createFakeCloudApi();
  const shop = fake.coexistenceNumber();
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken });
  fake.deliverTo(webhooks.fetch);
  const client = createClient({ ...shop, fetch: fake.fetch });
  const sender = createSender({ client, webhooks, throughput: 20, optOutKeywords: createOptOutKeywords({ languages: ['es'] }) });
  const mara = fake.customer('15550100987');
  fake.addTemplate(shop.wabaId, { name: 'sale', language: 'es', category: 'MARKETING', components: [{ type: 'BODY', text: 'Rebajas' }] });
  const offer = () => sender.send({ to: mara.waId, ...template('sale', 'es') }, { category: 'marketing' });
  const write = async (content: string): Promise<void> => {
    mara.send(shop.phoneNumberId, content);
    await fake.settled();
  };
  await write('¿Me da de baja mañana?');
  expect(await offer()).toMatchObject({ outcome: 'accepted' });
  await write('¡Baja!');
  const refused = await offer();
  expect(refused).toMatchObject({ outcome: 'rejected', error: expect.any(NotSentError) as NotSentError });
  expect(await sender.send({ to: mara.waId, ...text('De acuerdo.') })).toMatchObject({ outcome: 'accepted' });
  await write('alta');
  expect(await offer()).toMatchObject({ outcome: 'accepted' });
  await sender.close();
  await fake.close();
});

test('keywords without match are rejected', () => {
  const client = createClient({ accessToken: 'token', phoneNumberId: '1' });
  expect(() => createSender({ client, optOutKeywords: {} as never })).toThrow(InvalidArgumentError);
});
