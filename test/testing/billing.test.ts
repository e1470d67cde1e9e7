import { expect, test } from 'vitest';
import { createClient, sendMessage, type SentMessage } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock, type FakeNumberOptions } from 'wa-coexist/testing';
import { changesOf, type SeenValue } from './shop.js';

type SeenStatus = NonNullable<SeenValue['statuses']>[number];

/** A number on the Cloud API with a virtual clock, and the webhooks that the receiver got. */
function open(now: string, options: FakeNumberOptions = {}) {
  const clock = fakeClock({ now: new Date(now) });
  const fake = createFakeCloudApi({ clock });
  const number = fake.cloudApiNumber({ throughput: 10_000, ...options });
  const statuses: SeenStatus[] = [];
  fake.deliverTo(async (request) => {
    statuses.push(...changesOf(await request.text()).flatMap(({ value }) => value.statuses ?? []));
    return new Response();
  });
  const client = createClient({ ...number, clock, fetch: fake.fetch, maxRetries: 0 });
  const pricingOf = (status: string): unknown[] => statuses.filter((seen) => seen.status === status).map(({ pricing }) => pricing);
  return { clock, fake, number, client, statuses, pricingOf };
}

type Office = ReturnType<typeof open>;

/** Replies once to each of some customers who have just written. */
async function replyTo({ fake, number, client }: Office, first: number, count: number): Promise<readonly SentMessage[]> {
  const sent: SentMessage[] = [];
  for (let index = first; index < first + count; index += 1) {
    const customer = fake.customer(String(15_550_400_000 + index));
    customer.send(number.phoneNumberId, 'Hi');
    sent.push(await sendMessage(client, { to: customer.waId, ...text('Hello') }));
  }
  await fake.settled();
  return sent;
}

const inTier = { billable: false, type: 'free_customer_service', category: 'service' };
const beyond = { billable: true, type: 'regular', category: 'service' };

test.each([
  ['2026-09-30T23:59:00Z', { billable: false, type: 'free_customer_service', category: 'utility' }],
  ['2026-10-01T00:00:00Z', { billable: true, type: 'regular', category: 'utility' }],
])('at %s a utility template inside the window costs %o', async (now, price) => {
  const office = open(now);
  const mara = office.fake.customer('15550400000');
  mara.send(office.number.phoneNumberId, 'Hi');
  await sendMessage(office.client, { to: mara.waId, ...template('hello_world', 'en_US') });
  await office.fake.settled();
  expect(office.pricingOf('delivered')).toMatchObject([price]);
});

test('midnight of 1 October is the one of the time zone of the account', async () => {
  const office = open('2026-10-01T02:00:00Z', { timeZone: 'America/Sao_Paulo' });
  const mara = office.fake.customer('15550400000');
  mara.send(office.number.phoneNumberId, 'Hi');
  await sendMessage(office.client, { to: mara.waId, ...template('hello_world', 'en_US') });
  await office.clock.advance(2 * 3_600_000);
  await sendMessage(office.client, { to: mara.waId, ...template('hello_world', 'en_US') });
  await office.fake.settled();
  expect(office.pricingOf('delivered')).toMatchObject([{ type: 'free_customer_service' }, { type: 'regular' }]);
});

test('1,000 delivered service messages a month are free, then they are charged, and the next month begins anew', async () => {
  const office = open('2026-10-30T12:00:00Z');
  await replyTo(office, 0, 998);
  // Undelivered messages and reactions don't use the tier.
  const away = office.fake.customer('15550499999');
  const message = away.send(office.number.phoneNumberId, 'Hi');
  away.setOnline(false);
  await sendMessage(office.client, { to: away.waId, ...text('Hello') });
  await sendMessage(office.client, { to: away.waId, type: 'reaction', reaction: { message_id: message, emoji: '👍' } });
  await office.fake.settled();
  await replyTo(office, 1_000, 3);
  expect(office.pricingOf('delivered').slice(0, 1_000)).toMatchObject(Array.from({ length: 1_000 }, () => inTier));
  expect(office.pricingOf('delivered').slice(1_000)).toMatchObject([beyond]);
  // Reactions remain free.
  await sendMessage(office.client, { to: away.waId, type: 'reaction', reaction: { message_id: message, emoji: '🎉' } });
  await office.fake.settled();
  expect(office.pricingOf('sent').at(-1)).toMatchObject(inTier);
  await office.clock.advance(Date.parse('2026-11-01T00:00:00Z') - office.clock.now());
  await replyTo(office, 2_000, 1);
  expect(office.pricingOf('delivered').at(-1)).toMatchObject(inTier);
});

test('all service messages are free before 1 October', async () => {
  const office = open('2026-09-29T12:00:00Z');
  await replyTo(office, 0, 1_002);
  expect(office.pricingOf('delivered')).toMatchObject(Array.from({ length: 1_002 }, () => inTier));
});

test('without a payment method, charged messages fail with 131042 and free ones are delivered', async () => {
  const office = open('2026-10-30T12:00:00Z', { hasPaymentMethod: false });
  await replyTo(office, 0, 1_000);
  expect(office.pricingOf('delivered')).toHaveLength(1_000);
  await replyTo(office, 1_000, 1);
  await sendMessage(office.client, { to: '15550400001', ...template('hello_world', 'en_US') });
  await office.fake.settled();
  const failed = office.statuses.filter(({ status }) => status === 'failed');
  expect(failed.map(({ errors }) => errors)).toMatchObject([[{ code: 131042 }], [{ code: 131042 }]]);
  expect(office.pricingOf('delivered')).toHaveLength(1_000);
});

test.each([
  ['2026-09-27T12:00:00Z', 72],
  ['2026-09-28T12:00:00Z', 168],
])('at %s a reply to a customer from an ad opens a free entry point of %i hours', async (now, hours) => {
  const office = open(now, { hasPaymentMethod: false });
  const mara = office.fake.customer('15550400000');
  mara.send(office.number.phoneNumberId, { type: 'text', text: { body: 'Hi' }, referral: { source_type: 'ad', source_id: '1' } });
  await sendMessage(office.client, { to: mara.waId, ...text('Hello') });
  await office.fake.settled();
  await office.clock.advance(hours * 3_600_000 - 60_000);
  await sendMessage(office.client, { to: mara.waId, ...template('hello_world', 'en_US') });
  await office.fake.settled();
  const [first, second] = office.statuses.filter(({ status }) => status === 'delivered');
  expect(first).toMatchObject({ pricing: { type: 'free_entry_point', category: 'referral_conversion', billable: false } });
  expect(second).toMatchObject({ pricing: { type: 'free_entry_point' }, conversation: { origin: { type: 'referral_conversion' } } });
  const untilMs = Number((first?.conversation as { readonly expiration_timestamp: string }).expiration_timestamp) * 1_000;
  expect(untilMs).toBe(Date.parse(now) + hours * 3_600_000);
  await office.clock.advance(60_000);
  await sendMessage(office.client, { to: mara.waId, ...template('hello_world', 'en_US') });
  await office.fake.settled();
  expect(office.statuses.at(-1)).toMatchObject({ status: 'failed', errors: [{ code: 131042 }] });
});
