/**
 * Many tenants on one Postgres: tokens, conversations and tickets of each, written in one transaction for each webhook.
 *
 *   node examples/tenants-on-postgres/main.ts     plays two shops against a fake Cloud API, on a Postgres in this process
 *
 * With the variables of the README it listens for webhooks and for finished signups.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { memoryStore } from 'wa-coexist';
import { sqliteStore } from 'wa-coexist/sqlite';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { openPglite } from './database.ts';
import { openPlatform } from './platform.ts';

const {
  WHATSAPP_APP_ID: appId,
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  WHATSAPP_BASE_URL: baseUrl,
  TOKEN_KEY: tokenKey,
  DATABASE_FOLDER: folder = 'tenants',
  PORT = '3000',
} = process.env;

if (appId && appSecret && verifyToken && tokenKey) {
  const store = sqliteStore('tenants.db');
  const webhooks = createWebhooks({ appSecret, verifyToken, store });
  const database = await openPglite(folder);
  const client = { appId, appSecret, ...(baseUrl && { baseUrl }) };
  const platform = openPlatform({ database, key: Buffer.from(tokenKey, 'hex'), webhooks, store, client });
  const receive = toNodeHandler(webhooks);
  createServer(async (request, response) => {
    const tenant = /^\/onboardings\/([a-z0-9-]+)$/.exec(request.url ?? '')?.[1];
    if (tenant === undefined || request.method !== 'POST') return receive(request, response);
    try {
      const { state, checklist } = await platform.onboard(
        tenant,
        JSON.parse(await text(request)) as { code: string; sessionEvent: unknown },
      );
      response.end(JSON.stringify({ state, checklist }));
    } catch (error) {
      response.writeHead(409).end(error instanceof Error ? error.message : 'It failed.');
    }
  }).listen(Number(PORT), '127.0.0.1', () => {
    console.log(`listening on port ${PORT}`);
  });
} else {
  await play();
}

async function play(): Promise<void> {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, delivery: { shuffle: true, duplicateShare: 0.3 } });
  const database = await openPglite();
  const store = memoryStore({ clock });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock, store });
  fake.deliverTo(webhooks.fetch);
  const client = { appId: fake.app.id, appSecret: fake.app.secret, fetch: fake.fetch, clock };
  const platform = openPlatform({ database, key: Buffer.alloc(32, 'a key for play'), webhooks, store, client });

  const shops = {
    bakery: fake.businessAppNumber({ verifiedName: 'Harbor Bakery' }),
    books: fake.businessAppNumber({ verifiedName: 'Corner Books' }),
  };
  for (const [tenant, number] of Object.entries(shops)) {
    fake.phone(number).seedHistory({ contacts: 2, threads: 2, messages: tenant === 'bakery' ? 30 : 20, mediaShare: 0 });
    const { state } = await platform.onboard(tenant, fake.signup(number));
    console.log(`${tenant}: onboarding ${state}`);
  }
  await fake.settled();
  // The same person writes to both; each shop has a conversation and a ticket of its own.
  const mara = fake.customer('15550100987', { name: 'Mara' });
  mara.send(shops.bakery.phoneNumberId, 'Do you have rye bread?');
  mara.send(shops.books.phoneNumberId, 'Is my book there?');
  await clock.advance(1_000);
  mara.send(shops.books.phoneNumberId, 'The blue one');
  await fake.settled();
  await clock.advance(1_000);
  fake.phone(shops.bakery).send(mara.waId, 'Two left');
  await fake.settled();

  for (const [tenant, { phoneNumberId }] of Object.entries(shops)) {
    const [messages, live, tickets] = await Promise.all([
      database.query('SELECT count(*) FROM wa_messages WHERE phone_number_id = $1', [phoneNumberId]),
      database.query(
        // The whole conversation under any ID of the person, each message one time.
        `SELECT author, text FROM wa_conversation($1, $2) ORDER BY occurred_at, place, message_id`,
        [phoneNumberId, mara.waId],
      ),
      database.query('SELECT count(*) FROM tickets WHERE tenant = $1', [tenant]),
    ]);
    console.log(`${tenant}: ${String(messages.rows[0]?.['count'])} messages, ${String(tickets.rows[0]?.['count'])} ticket`);
    for (const { author, text } of live.rows) console.log(`  ${String(author)}: ${String(text)}`);
  }
  const { rows } = await database.query('SELECT token FROM tenants');
  console.log(
    `${rows.length} tokens, ${rows.some(({ token }) => Buffer.from(token as Uint8Array).includes('EAA')) ? 'to read for everybody' : 'encrypted'}`,
  );
  await platform.coexistence.close();
  await fake.close();
  await database.close();
}
