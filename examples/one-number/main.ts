/**
 * One number of one's own, on the app and on the API, without being a Tech Provider: a partner onboarded it.
 *
 *   node examples/one-number/main.ts     plays it against a fake Cloud API on this machine; see the README for Meta
 */
import { createServer } from 'node:http';
import { createClient, memoryStore, type OutgoingMessage } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { sqliteStore } from 'wa-coexist/sqlite';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { startBusiness } from './business.ts';

const tell = (line: string): void => {
  console.log(line);
};
const {
  WHATSAPP_ACCESS_TOKEN: accessToken,
  WHATSAPP_BUSINESS_ACCOUNT_ID: wabaId,
  WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  WHATSAPP_BASE_URL: baseUrl,
  PORT = '3000',
} = process.env;

if (accessToken && wabaId && phoneNumberId && appSecret && verifyToken) {
  const store = sqliteStore('one-number.db');
  const webhooks = createWebhooks({ appSecret, verifyToken, store });
  const number = { wabaId, phoneNumberId, onboardedAt: new Date(process.env['ONBOARDED_AT'] ?? Date.now()) };
  const client = createClient({ accessToken, wabaId, phoneNumberId, coexistence: true, ...(baseUrl && { baseUrl }) });
  await startBusiness({ client, webhooks, store, number, tell });
  createServer(toNodeHandler(webhooks)).listen(Number(PORT), () => {
    tell(`listening on port ${PORT}`);
  });
} else {
  await play();
}

async function play(): Promise<void> {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const bakery = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' }); // a partner did that a month ago
  const { wabaId, phoneNumberId } = bakery;
  const accessToken = fake.issueToken({ wabaIds: [wabaId] }); // Business Settings > System users
  const store = memoryStore({ clock });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock, store });
  fake.deliverTo(webhooks.fetch);
  const client = createClient({ accessToken, wabaId, phoneNumberId, coexistence: true, fetch: fake.fetch, clock });
  const number = { wabaId, phoneNumberId, onboardedAt: new Date(clock.now() - 30 * 86_400_000) };
  await using business = await startBusiness({ client, webhooks, store, number, tell });
  const mara = fake.customer('15550100987', { name: 'Mara' });

  /** Something happens, all that follows from it does, and a minute goes by. */
  const next = async (happens: () => void): Promise<void> => {
    happens();
    await fake.settled();
    await clock.advance(60_000);
  };
  await next(() => mara.send(phoneNumberId, 'Do you have rye bread?'));
  await next(() => fake.phone(bakery).send(mara.waId, 'Two left, shall I keep them?'));
  await next(() => mara.send(phoneNumberId, 'Yes, please'));

  await clock.advance(24 * 3_600_000);
  const send = async (message: OutgoingMessage): Promise<void> => {
    const sent = business.sender.send(message);
    await clock.advance(10_000);
    const result = await sent;
    tell(`a day later, ${message.type ?? 'text'}: ${result.outcome === 'accepted' ? 'accepted' : result.error.message}`);
  };
  await send({ to: mara.waId, ...text('Your bread is here') });
  await send({ to: mara.waId, ...template('hello_world', 'en_US') });
  await business.coexistence.heartbeat.recordAppOpened({ phoneNumberId });
  const heartbeat = await business.coexistence.heartbeat.get(phoneNumberId);
  tell(`somebody opened the app; next time by ${heartbeat?.dueAt.toISOString().slice(0, 10) ?? 'an unknown day'}`);
  await next(() => {
    fake.phone(bakery).disconnect();
  });
  await send({ to: mara.waId, ...template('hello_world', 'en_US') });
}
