import { describe, expect, test } from 'vitest';
import { StoreError } from 'wa-coexist';
import { d1Schema, d1Store } from 'wa-coexist/d1';
import { fakeClock, createFakeCloudApi } from 'wa-coexist/testing';
import { storeContract } from 'wa-coexist/testing/node';
import { createWebhooks } from 'wa-coexist/webhooks';
import { d1Shim } from './d1/shim.js';

describe('d1Store', () => {
  const clock = fakeClock();
  for (const { name, run } of storeContract({ createStore: () => d1Store(d1Shim(d1Schema), { clock }), clock })) test(name, run);
});

describe('d1Store in real time', () => {
  for (const { name, run } of storeContract({ createStore: () => d1Store(d1Shim(d1Schema)) })) test(name, run);
});

test('removeExpired removes only expired keys', async () => {
  const clock = fakeClock();
  const store = d1Store(d1Shim(d1Schema), { clock });
  await store.set('soon', 1, { ttlMs: 10 });
  await store.set('later', 1, { ttlMs: 10_000 });
  await store.set('always', 1);
  await clock.advance(100);
  expect(await store.removeExpired()).toBe(1);
  expect((await store.list('', { limit: 9 })).map(({ key }) => key)).toEqual(['always', 'later']);
});

test('a missing table is explained', async () => {
  const store = d1Store(d1Shim(''));
  await expect(store.get('a')).rejects.toThrow(StoreError);
  await expect(store.get('a')).rejects.toThrow(/d1Schema/);
});

test('a receiver that exists for one request detects duplicates through D1', async () => {
  const fake = createFakeCloudApi();
  const database = d1Shim(d1Schema);
  const texts: string[] = [];
  const bodies: { readonly body: string; readonly headers: Headers }[] = [];
  const receive = async (request: Request): Promise<Response> => {
    const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, store: d1Store(database) });
    webhooks.on('message', ({ message }) => void texts.push(message.id));
    return webhooks.fetch(request);
  };
  fake.deliverTo(async (request) => {
    bodies.push({ body: await request.clone().text(), headers: request.headers });
    return receive(request);
  });
  const number = fake.coexistenceNumber();
  fake.customer('15550100987').send(number.phoneNumberId, 'Hello');
  await fake.settled();
  for (const { body, headers } of bodies) {
    expect((await receive(new Request('https://worker.example/', { method: 'POST', headers, body }))).status).toBe(200);
  }
  expect(texts).toHaveLength(1);
  await fake.close();
});
