import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { createClient, exchangeCode, requestAppDataSync, sendMessage, subscribeApp } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock, onboardWithHistory } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { compare } from './harness/compare.ts';
import type { Figure } from './harness/figure.ts';

const sends = 20;
const historyMessages = 200;

/** The time of a complete integration test, compared to plain sends with manually mocked responses. */
export const figure: Figure = {
  name: 'a test with onboarding, 200 messages of history and 20 sends, to 20 sends through msw',
  target: { atMost: 3 },
  async run() {
    const answer = { messaging_product: 'whatsapp', contacts: [{ input: '1', wa_id: '1' }], messages: [{ id: 'wamid.EXAMPLE' }] };
    const server = setupServer(http.post('https://graph.facebook.com/*', () => HttpResponse.json(answer)));
    const medians = await compare(
      {
        msw: () => {
          server.listen();
          return async () => {
            const client = createClient({ accessToken: 'token', phoneNumberId: '1' });
            for (let index = 0; index < sends; index += 1) await sendMessage(client, { to: '15550100987', ...text('Hello') });
            server.close();
          };
        },
        fake: () => integratorsTest,
      },
      { rounds: 20, warmUpRounds: 5 },
    );
    return { value: medians.fake / medians.msw, unit: '×', details: { 'msw ms': medians.msw, 'fake ms': medians.fake } };
  },
};

async function integratorsTest(): Promise<void> {
  const clock = fakeClock();
  await using fake = createFakeCloudApi({ clock });
  const { code, number, past } = onboardWithHistory(fake, { messages: historyMessages, contacts: 10, threads: 10 });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  let seen = 0;
  webhooks.on('history.chunk', ({ threads }) => {
    for (const { messages } of threads) seen += messages.length;
  });
  fake.deliverTo(webhooks.fetch);
  const platform = createClient({ appId: fake.app.id, appSecret: fake.app.secret, clock, fetch: fake.fetch });
  const { access_token: accessToken } = await exchangeCode(platform, { code });
  const client = createClient({ accessToken, phoneNumberId: number.phoneNumberId, wabaId: number.wabaId, clock, fetch: fake.fetch });
  await subscribeApp(client);
  await requestAppDataSync(client, { syncType: 'history' });
  await fake.settled();
  if (seen !== past.messages) throw new Error(`History was lost: ${seen} of ${past.messages}.`);
  const mara = fake.customer('15550100987');
  mara.send(number.phoneNumberId, 'Hello');
  for (let index = 0; index < sends; index += 1) await sendMessage(client, { to: mara.waId, ...text('Hello') });
  await fake.settled();
  if (mara.inbox.length !== sends) throw new Error('Messages were lost.');
}
