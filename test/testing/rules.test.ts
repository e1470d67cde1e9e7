import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import * as wa from 'wa-coexist';
import { createClient, sendMessage } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { idlePhone } from 'wa-coexist/testing';
import { collect, openShop } from './shop.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Lines of the table in the guide. */
const lines = readFileSync(new URL('../../docs/guide/fake-cloud-api.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| rule') && !line.startsWith('| --'))
  .map((line) => {
    const [rule = '', source = '', date = '', enforced = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { rule, source, date, enforced };
  });

const hello = { ...template('hello_world', 'en_US') };
const to = (index: number) => ({ to: String(15550400000 + index), ...hello });

/** A shop with an open window that isn't on the app. */
function openOffice() {
  const shop = openShop();
  const number = shop.fake.cloudApiNumber();
  const client = createClient({ ...number, clock: shop.clock, fetch: shop.fake.fetch, maxRetries: 0 });
  return { ...shop, number, client };
}

/** A check that the fake enforces a rule, by the text of the rule. */
const checks: Readonly<Record<string, () => Promise<void>>> = {
  async 'A signup code expires after 30 seconds and works only once'() {
    const { fake, clock } = openShop();
    const platform = createClient({ appId: fake.app.id, appSecret: fake.app.secret, clock, fetch: fake.fetch, maxRetries: 0 });
    const { code } = fake.signup(fake.businessAppNumber());
    await clock.advance(29_999);
    await wa.exchangeCode(platform, { code });
    await expect(wa.exchangeCode(platform, { code })).rejects.toMatchObject({ code: 100 });
    const late = fake.signup(fake.businessAppNumber());
    await clock.advance(30_000);
    await expect(wa.exchangeCode(platform, { code: late.code })).rejects.toMatchObject({ code: 100 });
  },
  async 'A token is valid for its WABAs and scopes until it expires or is revoked (190, 10, 131005)'() {
    const { fake, clock, number } = openShop();
    const withToken = (accessToken: string) => createClient({ ...number, accessToken, clock, fetch: fake.fetch, maxRetries: 0 });
    await expect(sendMessage(withToken(fake.issueToken({ scopes: [] })), to(1))).rejects.toMatchObject({ code: 131005 });
    await expect(wa.getPhoneNumber(withToken(fake.issueToken({ scopes: [] })))).rejects.toMatchObject({ code: 10 });
    await expect(wa.getPhoneNumber(withToken(fake.issueToken({ wabaIds: ['1'] })))).rejects.toMatchObject({ code: 100, subcode: 33 });
    const short = fake.issueToken({ expiresInSeconds: 60 });
    await clock.advance(minuteMs);
    await expect(wa.getPhoneNumber(withToken(short))).rejects.toMatchObject({ code: 190 });
    fake.revokeToken(number.accessToken);
    await expect(wa.getPhoneNumber(withToken(number.accessToken))).rejects.toMatchObject({ code: 190 });
  },
  async 'Contacts and history can be requested once each (2593107)'() {
    const { client } = openShop();
    for (const syncType of ['smb_app_state_sync', 'history'] as const) {
      await wa.requestAppDataSync(client, { syncType });
      await expect(wa.requestAppDataSync(client, { syncType })).rejects.toMatchObject({ code: 2593107 });
    }
  },
  async 'Contacts and history can be requested within 24 hours of onboarding (2593108)'() {
    const { client, clock } = openShop();
    await clock.advance(24 * hourMs);
    await wa.requestAppDataSync(client, { syncType: 'history' });
    await clock.advance(1);
    await expect(wa.requestAppDataSync(client, { syncType: 'smb_app_state_sync' })).rejects.toMatchObject({ code: 2593108 });
  },
  async 'A coexistence number sends at most 20 messages in any second (130429)'() {
    const { client, clock } = openShop();
    for (let index = 0; index < 20; index += 1) await sendMessage(client, to(index));
    await clock.advance(999);
    await expect(sendMessage(client, to(20))).rejects.toMatchObject({ code: 130429 });
    await clock.advance(1);
    await sendMessage(client, to(20));
  },
  async 'A recipient receives one message per 6 seconds, after a burst of 45 (131056)'() {
    const { client, clock } = openShop();
    for (let index = 0; index < 46; index += 1) {
      await sendMessage(client, to(0));
      await clock.advance(50);
    }
    await expect(sendMessage(client, to(0))).rejects.toMatchObject({ code: 131056 });
    await clock.advance(6_000);
    await sendMessage(client, to(0));
  },
  async 'Free-form messages need a message from the customer in the last 24 hours (131047)'() {
    const { client, clock, fake, number } = openShop();
    fake.customer('15550400000').send(number.phoneNumberId, 'Hi');
    await clock.advance(24 * hourMs - 1);
    await sendMessage(client, { to: '15550400000', ...text('Hi') });
    await clock.advance(1);
    await expect(sendMessage(client, { to: '15550400000', ...text('Hi') })).rejects.toMatchObject({ code: 131047 });
  },
  async "Messages from before onboarding and messages from the app don't open the window"() {
    const { client, fake, number } = openShop();
    fake.customer('15550400000').send(number.phoneNumberId, 'Hi');
    fake.signup(number);
    fake.phone(number).send('15550400000', 'Hi');
    const { accessToken: _, ...target } = number;
    const again = createClient({ ...target, accessToken: fake.issueToken(), clock: client.clock, fetch: fake.fetch, maxRetries: 0 });
    await expect(sendMessage(again, { to: '15550400000', ...text('Hi') })).rejects.toMatchObject({ code: 131047 });
  },
  async 'A template must be approved, and the number of parameters must match (132000, 132001)'() {
    const { client, fake, number } = openShop();
    fake.addTemplate(number.wabaId, { name: 'ready', body: 'Order {{1}} is ready.' });
    fake.addTemplate(number.wabaId, { name: 'fresh', status: 'PENDING' });
    await expect(sendMessage(client, { to: '1', ...template('ready', 'en_US') })).rejects.toMatchObject({ code: 132000 });
    await expect(sendMessage(client, { to: '1', ...template('fresh', 'en_US') })).rejects.toMatchObject({ code: 132001 });
  },
  async 'A template is paused for 3 hours, then for 6 hours, then disabled (132015, 132016)'() {
    const { client, clock, fake, number } = openShop();
    const tired = fake.template(fake.addTemplate(number.wabaId, { name: 'tired' }));
    for (const hours of [3, 6]) {
      tired.pause();
      await clock.advance(hours * hourMs - 1);
      await expect(sendMessage(client, { to: '1', ...template('tired', 'en_US') })).rejects.toMatchObject({ code: 132015 });
      await clock.advance(1);
      await sendMessage(client, { to: '1', ...template('tired', 'en_US') });
    }
    tired.pause();
    await expect(sendMessage(client, { to: '1', ...template('tired', 'en_US') })).rejects.toMatchObject({ code: 132016 });
  },
  async 'A new template is reviewed before you can send it'() {
    const { client, clock } = openShop();
    const components = [{ type: 'BODY', text: 'Your order is ready.' }] as const;
    await wa.createTemplate(client, { name: 'ready', language: 'en_US', category: 'UTILITY', components });
    await expect(sendMessage(client, { to: '1', ...template('ready', 'en_US') })).rejects.toMatchObject({ code: 132001 });
    await clock.advance(minuteMs);
    await sendMessage(client, { to: '1', ...template('ready', 'en_US') });
  },
  async 'You can create 100 templates per hour, and edit an approved template once a day'() {
    const { client, clock } = openShop();
    const components = [{ type: 'BODY', text: 'Your order is ready.' }] as const;
    const create = (index: number) =>
      wa.createTemplate(client, { name: `ready_${String(index)}`, language: 'en_US', category: 'UTILITY', components });
    const { id: templateId } = await create(0);
    for (let index = 1; index < 100; index += 1) await create(index);
    await expect(create(100)).rejects.toMatchObject({ code: 80007 });
    await clock.advance(hourMs);
    await create(100);
    await wa.editTemplate(client, { templateId, components });
    await clock.advance(minuteMs);
    await expect(wa.editTemplate(client, { templateId, components })).rejects.toMatchObject({ code: 100, subcode: 2388039 });
  },
  async 'Authentication templates need a phone number (131062)'() {
    const { client, fake, number } = openShop();
    fake.addTemplate(number.wabaId, { name: 'code', category: 'AUTHENTICATION' });
    const { userId } = fake.customer('15550400000');
    await expect(sendMessage(client, { recipient: userId, ...template('code', 'en_US') })).rejects.toMatchObject({ code: 131062 });
  },
  async 'A customer with a username can hide the number, and webhooks then omit it'() {
    const { fake, number, received } = openShop();
    fake.customer('15550400000', { username: 'mara.reads', hidesNumber: true }).send(number.phoneNumberId, 'Hi');
    await fake.settled();
    expect(JSON.stringify(received)).toContain('mara.reads');
    expect(JSON.stringify(received)).not.toContain('15550400000');
  },
  async 'A new number or user ID is reported by a system message without `from` and `contacts`'() {
    const { fake, number, values } = openShop();
    const mara = fake.customer('15550400000');
    mara.send(number.phoneNumberId, 'Hi');
    mara.changeUserId();
    mara.changeNumber('15550400001');
    await fake.settled();
    const [, ...changes] = values('messages');
    expect(changes).toMatchObject(['user_changed_user_id', 'user_changed_number'].map((type) => ({ messages: [{ system: { type } }] })));
    for (const { contacts, messages } of changes) expect([contacts, messages?.[0]?.from]).toEqual([undefined, undefined]);
  },
  async 'Quotes, reactions, edits, deletions, statuses and history can contain a different wamid'() {
    const { client, fake, values } = openShop();
    const [{ id }] = (await sendMessage(client, to(0))).messages;
    await fake.settled();
    const [status] = values('messages').flatMap(({ statuses = [] }) => statuses);
    expect([status?.id === id, wa.sameMessage(status?.id ?? '', id)]).toEqual([false, true]);
  },
  async 'A revoked username of a business is reported with the context `revoked`'() {
    const { client, fake, number, values } = openShop({ subscribedFields: ['business_username_updates'] });
    await client.request({ method: 'POST', path: [number.phoneNumberId, 'username'], body: { username: 'harbor.bakery' } });
    fake.revokeUsername(number);
    await fake.settled();
    expect(values('business_username_updates')).toMatchObject([{ status: 'approved' }, { status: 'deleted', context: 'revoked' }]);
  },
  async 'Service messages to a thread that another responder owns are rejected (131070)'() {
    const { client, fake, number } = openShop();
    fake.routeThreads(number, { primary: 'ai_agent' });
    fake.customer('15550400000').send(number.phoneNumberId, 'Hi');
    await expect(sendMessage(client, { to: '15550400000', ...text('Hello') })).rejects.toMatchObject({ code: 131070 });
  },
  async 'Only the escalation partner can take a thread (2494191)'() {
    const { client, fake, number } = openShop();
    const body = { messaging_product: 'whatsapp', to: '15550400000', action: 'take' };
    const take = () => client.request({ method: 'POST', path: [number.phoneNumberId, 'thread_control'], body });
    await expect(take()).rejects.toMatchObject({ code: 2494191 });
    fake.routeThreads(number, { role: 'escalation' });
    await expect(take()).resolves.toMatchObject({ messaging_product: 'whatsapp' });
  },
  async 'Marketing messages to a customer who opted out are rejected (131050)'() {
    const { client, fake, number } = openShop();
    fake.addTemplate(number.wabaId, { name: 'sale', category: 'MARKETING' });
    fake.customer('15550400000').setMarketing(number.phoneNumberId, false);
    await expect(sendMessage(client, { to: '15550400000', ...template('sale', 'en_US') })).rejects.toMatchObject({ code: 131050 });
    await sendMessage(client, to(0));
  },
  async 'A media URL expires after 5 minutes and requires the token'() {
    const { client, clock, fake, number } = openShop();
    const { id: mediaId } = await wa.uploadMedia(client, { file: new Blob(['x'], { type: 'image/png' }), filename: 'x.png' });
    const { url } = await wa.getMedia(client, { mediaId });
    const headers = { authorization: `Bearer ${number.accessToken}` };
    expect((await fake.fetch(url)).status).toBe(404);
    await clock.advance(5 * minuteMs - 1_000);
    expect((await fake.fetch(url, { headers })).status).toBe(200);
    await clock.advance(1_000);
    expect((await fake.fetch(url, { headers })).status).toBe(404);
  },
  async 'The media ID of an upload expires after 30 days, the ID from a webhook after 7'() {
    const { client, clock, fake, number, values } = openShop();
    fake.phone(number).linkCompanion('web');
    const { id: uploaded } = await wa.uploadMedia(client, { file: new Blob(['x'], { type: 'image/png' }), filename: 'x.png' });
    fake.customer('15550400000').send(number.phoneNumberId, { type: 'image', image: {} });
    await fake.settled();
    const { id: received } = values('messages')[0]?.messages?.[0]?.['image'] as { id: string };
    const live = async (days: number, mediaId: string) => {
      await clock.advance(days * dayMs);
      fake.phone(number).openApp();
      return wa.getMedia(client, { mediaId }).then(
        () => true,
        () => false,
      );
    };
    expect(await live(6.9, received)).toBe(true);
    expect(await live(0.1, received)).toBe(false);
    await clock.advance(12 * dayMs);
    fake.phone(number).openApp();
    expect(await live(10.9, uploaded)).toBe(true);
    expect(await live(0.1, uploaded)).toBe(false);
  },
  async 'Media of the last 14 days arrive after the history'() {
    const { fake, client, number, values, clock } = openShop();
    fake.phone(number).seedHistory({ messages: 600, mediaShare: 1 });
    fake.signup(number);
    const again = createClient({ ...number, accessToken: fake.issueToken(), clock, fetch: fake.fetch });
    await wa.subscribeApp(again);
    await wa.requestAppDataSync(again, { syncType: 'history' });
    await fake.settled();
    const times = values('history').flatMap(({ messages = [], message_echoes: echoes = [] }) => [...messages, ...echoes]);
    expect(times.length).toBeGreaterThan(10);
    for (const { timestamp } of times) expect(clock.now() - Number(timestamp) * 1_000).toBeLessThanOrEqual(14 * dayMs + 1_000);
    expect(client).toBeDefined();
  },
  async "A coexistence number can't use calls and groups"() {
    const { client } = openShop();
    await expect(wa.createGroup(client, { subject: 'Kitchen' })).rejects.toMatchObject({ code: 100 });
    await expect(collect(wa.listGroups(client))).rejects.toMatchObject({ code: 100 });
    await expect(wa.connectCall(client, { to: '1', sdp: 'v=0' })).rejects.toMatchObject({ code: 100 });
    await expect(wa.updatePhoneNumberSettings(client, { calling: { status: 'ENABLED' } })).rejects.toMatchObject({ code: 100 });
  },
  async "A coexistence number can't register, deregister, set its PIN or update its profile"() {
    const { client } = openShop();
    for (const refused of [
      wa.registerPhoneNumber(client, { pin: '123456' }),
      wa.deregisterPhoneNumber(client),
      wa.setTwoStepPin(client, { pin: '123456' }),
      wa.updateBusinessProfile(client, { about: 'Bread' }),
      wa.requestVerificationCode(client, { code_method: 'SMS', language: 'en_US' }),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 100 });
    }
  },
  async 'A number allows 10 register and deregister calls in 72 hours (133016)'() {
    const { client, clock } = openOffice();
    for (let index = 0; index < 10; index += 1) await wa.registerPhoneNumber(client, { pin: '123456' });
    await expect(wa.deregisterPhoneNumber(client)).rejects.toMatchObject({ code: 133016 });
    await clock.advance(72 * hourMs);
    await wa.deregisterPhoneNumber(client);
  },
  async 'You can only block customers who sent a message in the last 24 hours (139100)'() {
    const { client, clock, fake, number } = openShop();
    const mara = fake.customer('15550400000');
    expect((await wa.blockUsers(client, { users: [mara.waId] })).error).toMatchObject({ code: 139100 });
    mara.send(number.phoneNumberId, 'Hi');
    expect((await wa.blockUsers(client, { users: [mara.waId] })).error).toBeUndefined();
    await clock.advance(24 * hourMs);
    expect((await wa.blockUsers(client, { users: [mara.waId] })).error).toMatchObject({ code: 139100 });
  },
  async 'Meta disconnects a number after about 14 days without the app (PRIMARY_INACTIVITY)'() {
    const { fake, number, received } = openShop();
    expect(await idlePhone(fake, number)).toBe(14);
    expect(received.at(-1)?.value).toMatchObject({ disconnection_info: { reason: 'PRIMARY_INACTIVITY', initiated_by: 'SYSTEM' } });
  },
  async 'After a change of device the number reconnects automatically, and sends fail until then'() {
    const { client, clock, fake, number } = openShop();
    fake.phone(number).changeDevice();
    await expect(sendMessage(client, to(0))).rejects.toMatchObject({ code: 133010 });
    await clock.advance(2 * minuteMs);
    await sendMessage(client, to(0));
  },
  async 'Only coexistence numbers receive edits and deletions from customers'() {
    for (const [open, type] of [
      [openShop, 'edit'],
      [openOffice, 'unsupported'],
    ] as const) {
      const { fake, number, values } = open();
      const mara = fake.customer('15550400000');
      mara.edit(mara.send(number.phoneNumberId, 'Hi'), 'Hello');
      await fake.settled();
      expect(values('messages').at(-1)?.messages?.[0]?.type).toBe(type);
    }
  },
  async 'Prices depend on the message, its category and the window'() {
    const { client, fake, number, values } = openShop();
    const mara = fake.customer('15550400000');
    await sendMessage(client, to(0));
    mara.send(number.phoneNumberId, 'Hi');
    await sendMessage(client, to(0));
    await sendMessage(client, { to: mara.waId, ...text('Hi') });
    await fake.settled();
    const prices = values('messages').flatMap(({ statuses = [] }) =>
      statuses.flatMap(({ status, pricing }) => (status === 'sent' ? [pricing] : [])),
    );
    expect(prices).toMatchObject([
      { billable: true, type: 'regular', category: 'utility' },
      { billable: true, type: 'regular', category: 'utility' },
      { billable: false, type: 'free_customer_service', category: 'service' },
    ]);
  },
  async 'The first 1,000 service messages delivered per number and month are free'() {
    const { client, clock, fake, number, values } = openShop();
    const office = fake.cloudApiNumber({ wabaId: number.wabaId, throughput: 10_000 });
    const other = createClient({ ...office, clock, fetch: fake.fetch, maxRetries: 0 });
    const reply = async (index: number): Promise<void> => {
      const customer = fake.customer(String(15550400000 + index));
      customer.send(office.phoneNumberId, 'Hi');
      await sendMessage(other, { to: customer.waId, ...text('Hi') });
    };
    for (let index = 0; index < 1_001; index += 1) await reply(index);
    fake.customer('15550400000').send(number.phoneNumberId, 'Hi');
    await sendMessage(client, { to: '15550400000', ...text('Hi') });
    await fake.settled();
    const types = values('messages').flatMap(({ statuses = [] }) =>
      statuses.flatMap(({ status, pricing }) => (status === 'delivered' && pricing ? [(pricing as { type: string }).type] : [])),
    );
    // The other number of the account has its own free tier.
    expect(types.filter((type) => type === 'regular')).toHaveLength(1);
    expect(types.filter((type) => type === 'free_customer_service')).toHaveLength(1_001);
  },
  async 'Without a payment method, charged messages fail (131042)'() {
    const { clock, fake, values } = openShop();
    const number = fake.cloudApiNumber({ hasPaymentMethod: false });
    await sendMessage(createClient({ ...number, clock, fetch: fake.fetch, maxRetries: 0 }), to(0));
    await fake.settled();
    expect(values('messages').at(-1)?.statuses).toMatchObject([{ status: 'failed', errors: [{ code: 131042 }] }]);
  },
  async 'After a reply to a customer from an ad, all messages are free for up to 7 days'() {
    const { client, clock, fake, number, values } = openShop();
    const mara = fake.customer('15550400000');
    mara.send(number.phoneNumberId, { type: 'text', text: { body: 'Hi' }, referral: { source_type: 'ad' } });
    await sendMessage(client, { to: mara.waId, ...text('Hi') });
    await clock.advance(7 * dayMs - minuteMs);
    await sendMessage(client, to(0));
    await clock.advance(minuteMs);
    await sendMessage(client, to(0));
    await fake.settled();
    const types = values('messages').flatMap(({ statuses = [] }) =>
      statuses.flatMap(({ status, pricing }) => (status === 'sent' ? [(pricing as { type: string }).type] : [])),
    );
    expect(types).toEqual(['free_entry_point', 'free_entry_point', 'regular']);
  },
  async 'Webhooks are signed, and retried for 7 days until the receiver returns 200'() {
    const { fake, number, clock } = openShop();
    fake.deliverTo(async () => new Response(null, { status: 503 }));
    fake.customer('15550400000').send(number.phoneNumberId, 'Hi');
    await clock.advance(7 * dayMs);
    expect(fake.deliveries[0]).toMatchObject({ state: 'abandoned', signature: expect.stringMatching(/^sha256=[0-9a-f]{64}$/) as string });
  },
  async "A callback of a number or WABA replaces the app's callback for messages"() {
    const { fake, client, number, received } = openShop();
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.end(query.get('hub.challenge') ?? ''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const callbackUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    await wa.subscribeApp(client, { override: { callbackUrl, verifyToken: 'any' } });
    fake.customer('15550400000').send(number.phoneNumberId, 'to the override');
    fake.phone(number).send('15550400000', 'an echo');
    while (bodies.length === 0) await fake.settled();
    await fake.settled();
    expect(bodies.join()).toContain('to the override');
    expect(received.map(({ field }) => field)).toEqual(['smb_message_echoes']);
    server.close();
  },
  async 'A WABA with a number can make 5,000 management calls per hour (80007)'() {
    const { fake, client, number } = openShop();
    const headers = { authorization: `Bearer ${number.accessToken}` };
    const url = `https://graph.facebook.com/v26.0/${number.wabaId}?fields=id`;
    for (let index = 0; index < 5_000; index += 1) await fake.answer({ method: 'GET', url, authorization: headers.authorization });
    await expect(wa.getBusinessAccount(client)).rejects.toMatchObject({ code: 80007 });
    const usage = (await fake.fetch(url, { headers })).headers.get('x-business-use-case-usage');
    expect(JSON.parse(usage ?? '')).toMatchObject({ [number.wabaId]: [{ call_count: 100 }] });
    await expect(collect(wa.listTemplates(client))).rejects.toMatchObject({ code: 80007 });
  },
};

describe('the table of rules in the guide', () => {
  test('says of each rule where and when it is written, and whether it is enforced', () => {
    expect(lines.length).toBeGreaterThan(25);
    for (const { rule, source, date, enforced } of lines)
      expect([source !== '', date !== '', /^(?:yes|no\b)/.test(enforced)], rule).toEqual([true, true, true]);
  });

  test('has a check for every rule that is enforced, and for no other', () => {
    expect(Object.keys(checks).toSorted()).toEqual(
      lines
        .filter(({ enforced }) => enforced === 'yes')
        .map(({ rule }) => rule)
        .toSorted(),
    );
  });

  test.each(Object.entries(checks))('%s', async (_rule, check) => {
    await check();
  });
});
