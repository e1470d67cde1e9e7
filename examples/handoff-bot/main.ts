/**
 * A bot that falls silent while a person answers in the Business app.
 *
 *   node examples/handoff-bot/main.ts     plays it against a fake Cloud API on this machine
 *
 * With WHATSAPP_ACCESS_TOKEN, WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN it listens on PORT (3000) for the
 * webhooks of a number of your own and answers its customers, so try it with a number for tests.
 */
import { createServer } from 'node:http';
import { createClient } from 'wa-coexist';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { startBot } from './bot.ts';

const tell = (line: string): void => {
  console.log(line);
};
const {
  WHATSAPP_ACCESS_TOKEN: accessToken,
  WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  WHATSAPP_BASE_URL: baseUrl,
  PORT = '3000',
} = process.env;

if (accessToken && phoneNumberId && appSecret && verifyToken) {
  const webhooks = createWebhooks({ appSecret, verifyToken });
  startBot(createClient({ accessToken, phoneNumberId, coexistence: true, ...(baseUrl && { baseUrl }) }), webhooks, tell);
  createServer(toNodeHandler(webhooks)).listen(Number(PORT), () => {
    tell(`listening on port ${PORT}`);
  });
} else {
  await play();
}

async function play(): Promise<void> {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  fake.deliverTo(webhooks.fetch);
  const client = createClient({ fetch: fake.fetch, accessToken: number.accessToken, phoneNumberId: number.phoneNumberId, clock });
  await using _bot = startBot(client, webhooks, tell);
  const mara = fake.customer('15550100987', { name: 'Mara' });

  /** Something happens, all that follows from it does, and a minute goes by. */
  const next = async (happens: () => void): Promise<void> => {
    happens();
    await fake.settled();
    await clock.advance(60_000);
  };
  await next(() => mara.send(number.phoneNumberId, 'Do you have rye bread?'));
  await next(() => fake.phone(number).send(mara.waId, 'Two left, shall I keep them?'));
  await next(() => mara.send(number.phoneNumberId, 'Yes, please'));
  await clock.advance(30 * 60_000);
  await next(() => mara.send(number.phoneNumberId, 'When do you close?'));
}
