/**
 * What the Business app carried for free, and what the API was billed for.
 *
 *   node examples/cost-report/main.ts     plays a day against a fake Cloud API on this machine and reports on it
 *
 * With WHATSAPP_ACCESS_TOKEN and WHATSAPP_BUSINESS_ACCOUNT_ID it reads Meta's own count of the last 30 days instead; it changes nothing.
 */
import { createClient, createCoexistence, createSender, getPricingAnalytics } from 'wa-coexist';
import { reconcileCosts } from 'wa-coexist/coexistence';
import { template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';

const { WHATSAPP_ACCESS_TOKEN: accessToken, WHATSAPP_BUSINESS_ACCOUNT_ID: wabaId, WHATSAPP_BASE_URL: baseUrl } = process.env;
await (accessToken && wabaId ? read(accessToken, wabaId) : play());

async function read(token: string, account: string): Promise<void> {
  const client = createClient({ accessToken: token, wabaId: account, ...(baseUrl && { baseUrl }) });
  const to = new Date();
  const from = new Date(to.getTime() - 30 * 86_400_000);
  const dimensions = ['PRICING_CATEGORY', 'PRICING_TYPE'] as const;
  const points = await getPricingAnalytics(client, { startAt: from, endAt: to, granularity: 'DAILY', dimensions });
  const { rows, reported, cost } = reconcileCosts([], points, { from, to });
  for (const row of rows) console.log(`${row.category} ${row.type}: ${row.reported} messages, about ${row.cost.toFixed(2)}`);
  console.log(`${reported} messages of the API in 30 days, about ${cost.toFixed(2)} in the currency of the account`);
}

async function play(): Promise<void> {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
  const { phoneNumberId } = number;
  const client = createClient({ fetch: fake.fetch, accessToken: number.accessToken, phoneNumberId, clock });
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  fake.deliverTo(webhooks.fetch);
  await using coexistence = createCoexistence({ client, webhooks, saveToken: () => undefined, costs: { keepMs: 30 * 86_400_000 } });
  await using sender = createSender({ client, throughput: 'coexistence', webhooks, clock });

  const mara = fake.customer('15550100987', { name: 'Mara' });
  mara.send(phoneNumberId, 'Do you have rye bread?');
  await fake.settled();
  const sends = [
    sender.send({ to: mara.waId, ...text('Yes, fresh at nine.') }),
    sender.send({ to: '15550100111', ...template('hello_world', 'en_US') }),
  ];
  for (let second = 0; second < 10; second += 1) await clock.advance(1_000);
  await Promise.all(sends);
  fake.phone(number).send(mara.waId, 'Two left, shall I keep them?');
  fake.phone(number).send(mara.waId, 'Until noon');
  await fake.settled();

  const report = await coexistence.costs.report({ phoneNumberIds: [phoneNumberId], by: 'category' });
  for (const { group, messages, billed } of report.groups) console.log(`${group}: ${messages} messages, ${billed} billed`);
  console.log(`the app carried ${Math.round(report.appShare * 100)} % of ${report.messages} messages, free of charge`);
}
