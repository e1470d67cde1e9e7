/**
 * An inbox that shows what customers, the Business app and the API wrote, with edits and deletions, in a SQLite file.
 *
 *   node examples/inbox/main.ts     plays a conversation against a fake Cloud API on this machine and prints it
 *
 * With the variables of the README it serves a page on which one can read and answer.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createClient } from 'wa-coexist';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';
import { openInbox, type Inbox } from './inbox.ts';

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
  const client = createClient({ accessToken, phoneNumberId, coexistence: true, ...(baseUrl && { baseUrl }) });
  serve(openInbox({ client, phoneNumberId, webhooks, file: 'inbox.db' }), toNodeHandler(webhooks));
} else {
  await play();
}

/** `/webhook` is for Meta; the rest shows what people wrote, so it is for this machine alone: put your login before it. */
function serve(inbox: Inbox, receive: ReturnType<typeof toNodeHandler>): void {
  const server = createServer(async (request, response) => {
    if (request.url?.startsWith('/webhook')) return receive(request, response);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const body = request.method === 'POST' ? await text(request) : undefined;
    const init = { method: request.method ?? 'GET', headers, ...(body !== undefined && { body }) };
    const answer = await inbox.fetch(new Request(`http://127.0.0.1${request.url ?? '/'}`, init));
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  });
  server.listen(Number(PORT), '127.0.0.1', () => {
    console.log(`Open http://127.0.0.1:${PORT}`);
  });
}

async function play(): Promise<void> {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  fake.deliverTo(webhooks.fetch);
  const client = createClient({ accessToken: number.accessToken, phoneNumberId: number.phoneNumberId, fetch: fake.fetch, clock });
  await using inbox = openInbox({ client, phoneNumberId: number.phoneNumberId, webhooks, file: ':memory:' });
  const mara = fake.customer('15550100987', { name: 'Mara' });
  const phone = fake.phone(number);
  const next = async <Result>(happens: () => Result): Promise<Result> => {
    const result = happens();
    await fake.settled();
    await clock.advance(60_000);
    await fake.settled();
    return result;
  };

  const asked = await next(() => mara.send(number.phoneNumberId, 'Do you have rye bred?'));
  await next(() => mara.edit(asked, 'Do you have rye bread?'));
  const wrong = await next(() => phone.send(mara.waId, 'No, sold out'));
  await next(() => phone.delete(wrong));
  await next(() => phone.send(mara.waId, 'Two left, shall I keep them?'));
  await next(() => mara.send(number.phoneNumberId, 'Yes, please'));
  const answered = inbox.answer(mara.waId, 'They are yours until noon.');
  await clock.advance(60_000);
  await answered;
  await next(() => {
    mara.read();
  });

  for (const { from, at, text: said, notes } of await inbox.conversation(mara.waId)) {
    console.log(`${at?.toISOString().slice(11, 16) ?? ''} ${from}: ${[said, ...notes.map((note) => `[${note}]`)].join(' ')}`);
  }
  const shown = await inbox.fetch(new Request(`http://inbox/threads/${mara.waId}`));
  console.log(`the page answers ${shown.status}`);
}
