import { createHash, createHmac } from 'node:crypto';
import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { createClient, getMedia, requestAppDataSync, sendMessage } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock, type FakeChange, type FakeSnapshot } from 'wa-coexist/testing';
import { sha256, signatureOf, toHex } from '../../src/testing/fake/sha-256.js';
import { pack, unpack } from '../../src/testing/fake/pack.js';
import { changesOf, openShop } from './shop.js';

const dayMs = 24 * 60 * 60 * 1_000;

test('hashes and signatures are those of the platform', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.string({ maxLength: 100, unit: 'binary' }), (bytes, secret, body) => {
      expect(toHex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(signatureOf(body, secret)).toBe(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    }),
  );
});

test('what is packed can be written as JSON and comes out as it went in', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.date({ noInvalidDate: true }), fc.uint8Array());
  const { value: values } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('$')), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
      fc.array(fc.string(), { maxLength: 4 }).map((items) => new Set(items)),
    ),
  }));
  fc.assert(
    fc.property(values, (value) => {
      // JSON has no negative zero.
      fc.pre(!JSON.stringify(pack(value)).includes('__proto__'));
      expect(unpack(JSON.parse(JSON.stringify(pack(value))))).toEqual(value);
    }),
  );
});

test('a snapshot takes up everything: numbers, tokens, chats, files, templates, and what was going to happen', async () => {
  const first = openShop();
  const { number } = first;
  const phone = first.fake.phone(number);
  phone.seedHistory({ messages: 50 });
  phone.addContact({ waId: '15550100987', fullName: 'Mara Lindqvist' });
  const mara = first.fake.customer('15550100987', { name: 'Mara', online: false });
  mara.send(number.phoneNumberId, { type: 'image', image: { caption: 'Like this?' } });
  const { messages } = await sendMessage(first.client, { to: mara.waId, ...text('On its way') });
  await first.fake.settled();
  const file = first.received.flatMap(({ value }) => value.messages ?? [])[0]?.['image'] as { id: string };
  phone.changeDevice({ reconnectAfterMs: 60_000 });
  const snapshot = JSON.parse(JSON.stringify(first.fake.snapshot())) as FakeSnapshot;
  await first.fake.close();

  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, snapshot });
  const fields: string[] = [];
  fake.deliverTo(async (request) => {
    fields.push(...changesOf(await request.text()).map(({ field }) => field));
    return new Response();
  });
  expect(fake.phone(number).linked).toBe(false);
  await clock.advance(60_000);
  expect(fake.phone(number).linked).toBe(true);
  expect(fake.phone(number).contacts).toEqual(phone.contacts);
  expect(fake.phone(number).chats).toEqual(phone.chats);
  const client = createClient({ ...number, clock, fetch: fake.fetch, maxRetries: 0 });
  expect(await getMedia(client, { mediaId: file.id })).toMatchObject({ mime_type: 'image/jpeg' });
  fake.customer(mara.waId).setOnline(true);
  await fake.settled();
  expect(fake.sent).toMatchObject([{ id: messages[0].id, status: 'delivered' }]);
  expect(fields).toEqual(['account_update', 'account_update', 'messages']);
  const next = await sendMessage(client, { to: mara.waId, ...text('And another') });
  expect(next.messages[0].id).not.toBe(messages[0].id);
  await clock.advance(14 * dayMs);
  expect(fake.phone(number).linked).toBe(false);
  expect(() => createFakeCloudApi({ snapshot: { version: 2 } as unknown as FakeSnapshot })).toThrow('version 2');
});

test('a delivery that was being retried is tried on', async () => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { phoneNumberId } = fake.coexistenceNumber();
  fake.deliverTo(async () => new Response(null, { status: 500 }));
  fake.customer('15550100987').send(phoneNumberId, 'Hello');
  await clock.advance(4_000);
  const again = createFakeCloudApi({ clock, snapshot: fake.snapshot() });
  await fake.close();
  let body = '';
  again.deliverTo(async (request) => {
    body = await request.text();
    return new Response();
  });
  await again.settled();
  expect(body).toContain('Hello');
  expect(again.deliveries).toMatchObject([{ state: 'delivered' }]);
  expect(again.deliveries[0]?.attempts.length).toBeGreaterThan(3);
});

test('requests, deliveries and changes can be watched', async () => {
  const { fake, number, client } = openShop();
  const seen: string[] = [];
  const changes: FakeChange[] = [];
  const stop = fake.on('request', ({ method, path }) => void seen.push(`${method} ${path.replace(number.phoneNumberId, ':id')}`));
  fake.on('delivery', ({ fields, state }) => void seen.push(`${fields.join()} ${state}`));
  fake.on('change', (change) => void changes.push(change));
  fake.on('change', () => {
    throw new Error('the affair of the listener');
  });
  await sendMessage(client, { to: '15550100987', ...template('hello_world', 'en_US') });
  await fake.settled();
  const delivered = ['messages waiting', 'messages waiting', 'messages delivered', 'messages delivered'];
  expect(seen.toSorted()).toEqual(['POST :id/messages', ...delivered].toSorted());
  expect(changes.map(({ what }) => what)).toEqual(['customer', 'message', 'message', 'message']);
  fake.phone(number).openApp();
  expect(changes.at(-1)).toEqual({ what: 'number', id: number.phoneNumberId });
  stop();
  await sendMessage(client, { to: '15550100988', ...template('hello_world', 'en_US') });
  expect(seen.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  expect(fake.numbers.map(({ phoneNumberId }) => phoneNumberId)).toEqual([number.phoneNumberId]);
  expect(fake.customers.map(({ waId }) => waId)).toEqual(['15550100987', '15550100988']);
  expect(fake.throughput(number)).toEqual({ inLastSecond: 2, limit: 20 });
});

test('held back for as long as was asked', async () => {
  const { fake, number, clock, received } = openShop({ delivery: { delayMs: [200, 400] } });
  fake.customer('15550100987').send(number.phoneNumberId, 'Hello');
  await clock.advance(199);
  expect(received).toEqual([]);
  await fake.settled();
  expect(received).toHaveLength(1);
  expect(clock.monotonic()).toBeLessThanOrEqual(400);
});

test('a storm passes, and meets the number that it was made for', async () => {
  const { fake, client, clock, number } = openShop();
  const other = fake.coexistenceNumber();
  fake.faults.add({ kind: 'reject', code: 130429, endpoint: 'messages', id: number.phoneNumberId, forMs: 5_000 });
  const message = { to: '15550100987', ...template('hello_world', 'en_US') };
  await expect(sendMessage(client, message)).rejects.toMatchObject({ code: 130429 });
  const elsewhere = createClient({ accessToken: other.accessToken, phoneNumberId: other.phoneNumberId, clock, fetch: fake.fetch });
  await expect(sendMessage(elsewhere, message)).resolves.toBeDefined();
  await clock.advance(5_000);
  await expect(sendMessage(client, message)).resolves.toBeDefined();
  expect(fake.requests.map(({ fault }) => fault)).toEqual(['reject', undefined, undefined]);
});

test('a sync that was asked for before the restart still comes', async () => {
  const first = openShop();
  first.fake.phone(first.number).seedHistory({ messages: 20 });
  first.fake.signup(first.number);
  const accessToken = first.fake.issueToken();
  const client = createClient({ ...first.number, accessToken, clock: first.clock, fetch: first.fake.fetch });
  await requestAppDataSync(client, { syncType: 'history' });
  const fake = createFakeCloudApi({ clock: fakeClock(), snapshot: first.fake.snapshot() });
  const bodies: string[] = [];
  fake.deliverTo(async (request) => {
    bodies.push(await request.text());
    return new Response();
  });
  await fake.settled();
  expect(bodies.some((body) => body.includes('"field":"history"'))).toBe(true);
});
