import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { sendMessage, silentLogger, wait } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { createFakeCloudApi, FakeDeliveryError, fakeClock, type FakeDeliveryOptions } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { changesOf, openShop } from './shop.js';

/** A fake with the given receiver, a number and a customer. */
function openWith(receiver: (request: Request) => Promise<Response>, delivery: FakeDeliveryOptions = {}, seed = 1) {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, delivery, seed, appSecret: 'the app secret' });
  const number = fake.coexistenceNumber();
  const mara = fake.customer('15550100987', { name: 'Mara' });
  fake.deliverTo(receiver);
  return { clock, fake, number, mara, write: (body: string) => mara.send(number.phoneNumberId, body) };
}

test('bodies are ASCII with escaped slashes, signed with the app secret over exactly these bytes', async () => {
  const requests: { bytes: Uint8Array; headers: Headers; method: string }[] = [];
  const { fake, write } = openWith(async (request) => {
    requests.push({ bytes: new Uint8Array(await request.arrayBuffer()), headers: request.headers, method: request.method });
    return new Response();
  });
  write('Grüße 🙏 https://example.com/a');
  await fake.settled();
  const [{ bytes, headers, method } = expect.fail('nothing came')] = requests;
  const body = new TextDecoder().decode(bytes);
  expect(method).toBe('POST');
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('x-hub-signature-256')).toBe(`sha256=${createHmac('sha256', 'the app secret').update(bytes).digest('hex')}`);
  expect(bytes.every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true);
  expect(body).toContain('Gr\\u00fc\\u00dfe \\ud83d\\ude4f https:\\/\\/example.com\\/a');
  expect(changesOf(body)[0]?.value.messages?.[0]?.text).toEqual({ body: 'Grüße 🙏 https://example.com/a' });
});

test('without being told otherwise: in order, each once, one change a request', async () => {
  const { fake, values, number } = openShop();
  const mara = fake.customer('15550100987');
  const ids = Array.from({ length: 30 }, (_, index) => mara.send(number.phoneNumberId, String(index)));
  await fake.settled();
  expect(
    values('messages')
      .flatMap((value) => value.messages ?? [])
      .map(({ id }) => id),
  ).toEqual(ids);
  expect(fake.deliveries.map(({ state, attempts }) => [state, attempts.length])).toEqual(ids.map(() => ['delivered', 1]));
});

test('shuffled, doubled and batched as asked for: nothing is lost, and the same seed does the same', async () => {
  const run = async (seed: number, delivery: FakeDeliveryOptions) => {
    const seen: string[] = [];
    const sizes: number[] = [];
    const { fake, write } = openWith(
      async (request) => {
        const changes = changesOf(await request.text());
        sizes.push(changes.length);
        seen.push(...changes.flatMap(({ value }) => value.messages ?? []).map(({ id }) => id));
        return new Response();
      },
      delivery,
      seed,
    );
    const ids = Array.from({ length: 40 }, (_, index) => write(String(index)));
    await fake.settled();
    return { ids, seen, sizes, copies: fake.deliveries.filter(({ duplicateOf }) => duplicateOf !== undefined).length };
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const delivery = { shuffle: true, duplicateShare: 0.3, batch: 3 };
      const { ids, seen, sizes, copies } = await run(seed, delivery);
      expect(new Set(seen)).toEqual(new Set(ids));
      expect(seen).not.toEqual(ids);
      expect(Math.max(...sizes)).toBe(3);
      expect(seen.length > ids.length).toBe(copies > 0);
      expect((await run(seed, delivery)).seen).toEqual(seen);
    }),
    { numRuns: 15 },
  );
  expect((await run(1, { duplicateShare: 1 })).copies).toBe(40);
});

test('is tried again, later and later, until 200', async () => {
  const tries: number[] = [];
  const { clock, fake, write } = openWith(async () => {
    tries.push(clock.monotonic());
    if (tries.length === 1) throw new Error('receiver crashed');
    return new Response(null, { status: tries.length < 5 ? 500 : 200 });
  });
  write('Hello');
  await clock.advance(15_000);
  expect(tries).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  expect(fake.deliveries).toMatchObject([
    { state: 'delivered', attempts: [{}, { status: 500 }, { status: 500 }, { status: 500 }, { status: 200 }] },
  ]);
  expect(fake.deliveries[0]?.attempts[0]).not.toHaveProperty('status');
});

test('anything but 200 counts as failed, and after 7 days Meta gives up', async () => {
  const { clock, fake, write } = openWith(async () => new Response(null, { status: 202 }));
  write('Hello');
  await clock.advance(7 * 24 * 60 * 60 * 1_000);
  const [delivery] = fake.deliveries;
  expect(delivery?.state).toBe('abandoned');
  expect(delivery?.attempts.length).toBeGreaterThan(100);
  expect(clock.monotonic()).toBeLessThanOrEqual(7 * 24 * 60 * 60 * 1_000);
});

test('a receiver that does not answer within 10 seconds has failed', async () => {
  let calls = 0;
  const { clock, fake, write } = openWith(() => {
    calls += 1;
    return calls === 1 ? new Promise(() => undefined) : Promise.resolve(new Response());
  });
  write('Hello');
  await clock.advance(10_000);
  expect(fake.deliveries[0]?.attempts).toHaveLength(1);
  await fake.settled();
  expect(fake.deliveries[0]?.state).toBe('delivered');
});

test('one delivery that fails holds up no other', async () => {
  const seen: string[] = [];
  const { fake, write } = openWith(async (request) => {
    const body = await request.text();
    if (body.includes('poison') && seen.length < 3) return new Response(null, { status: 500 });
    seen.push(body.includes('poison') ? 'poison' : 'good');
    return new Response();
  });
  for (const body of ['poison', 'one', 'two', 'three']) write(body);
  await fake.settled();
  expect(seen).toEqual(['good', 'good', 'good', 'poison']);
});

test('settled() moves the clock for a handler that waits for it', async () => {
  const { clock, fake, write } = openWith(async () => {
    await wait(clock, 300);
    return new Response();
  });
  write('Hello');
  await fake.settled();
  expect(fake.deliveries[0]?.state).toBe('delivered');
  expect(clock.monotonic()).toBe(300);
});

test('dropped: no receiver, a field or WABA that is not subscribed', async () => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.coexistenceNumber();
  const mara = fake.customer('15550100987');
  mara.send(number.phoneNumberId, 'nobody listens');
  fake.deliverTo(async () => new Response());
  fake.app.subscribedFields.delete('smb_message_echoes');
  fake.phone(number).send(mara.waId, 'no echo');
  const other = fake.businessAppNumber();
  fake.signup(other);
  mara.send(other.phoneNumberId, 'not subscribed yet');
  mara.send(number.phoneNumberId, 'heard');
  await fake.settled();
  expect(fake.deliveries.map(({ state, reason }) => reason ?? state)).toEqual([
    'no-receiver',
    'field-not-subscribed',
    'waba-not-subscribed',
    'delivered',
  ]);
  expect(fake.deliveries[0]?.body).toContain('nobody listens');
});

test('the handshake: challenge for challenge, with the right token alone', async () => {
  const receiver = (token: string) => async (request: Request) => {
    const query = new URL(request.url).searchParams;
    return query.get('hub.mode') === 'subscribe' && query.get('hub.verify_token') === token
      ? new Response(query.get('hub.challenge'))
      : new Response('no', { status: 403 });
  };
  const fake = createFakeCloudApi({ clock: fakeClock(), verifyToken: 'expected' });
  expect(await fake.verifyCallback()).toBe(false);
  fake.deliverTo(receiver('expected'));
  expect(await fake.verifyCallback()).toBe(true);
  fake.deliverTo(receiver('another'));
  expect(await fake.verifyCallback()).toBe(false);
});

test("on the machine's clock it settles by itself, and close() ends what is left", async () => {
  const fake = createFakeCloudApi();
  const { phoneNumberId } = fake.coexistenceNumber();
  let calls = 0;
  fake.deliverTo(async () => new Response(null, { status: (calls += 1) > 1 ? 500 : 200 }));
  const mara = fake.customer('15550100987');
  mara.send(phoneNumberId, 'Hello');
  await fake.settled();
  expect(calls).toBe(1);
  mara.send(phoneNumberId, 'Hello again');
  const settled = fake.settled();
  await sleep(20);
  await fake.close();
  await settled;
  expect(calls).toBe(2);
});

test('a delivery belongs to one business even when many are batched', async () => {
  const bodies: string[] = [];
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, delivery: { batch: 1_000 } });
  fake.deliverTo(async (request) => {
    bodies.push(await request.text());
    return new Response();
  });
  const shops = [fake.coexistenceNumber(), fake.coexistenceNumber()];
  for (const shop of shops) {
    fake.customer('15550100987').send(shop.phoneNumberId, 'Hello');
    fake.phone(shop).changeDevice();
  }
  await fake.settled();
  expect(bodies).toHaveLength(1);
  const changes = changesOf(bodies[0] ?? '');
  expect(changes.map(({ entryId, field }) => [entryId, field]).sort()).toEqual(
    shops
      .flatMap(({ wabaId }) => [
        [wabaId, 'account_update'],
        [wabaId, 'messages'],
      ])
      .sort(),
  );
  for (const { entryId, value } of changes) {
    if (value.metadata) expect(shops.find(({ wabaId }) => wabaId === entryId)?.phoneNumberId).toBe(value.metadata.phone_number_id);
  }
});

test('the answer to a send comes before its statuses', async () => {
  const { client, fake, received } = openShop();
  await sendMessage(client, { to: '15550100987', ...template('hello_world', 'en_US') });
  expect(received).toEqual([]);
  await fake.settled();
  expect(received).toHaveLength(2);
});

describe('settled() rejects if the receiver keeps failing', () => {
  test("with the handler's error, and the clock stays at the third attempt", async () => {
    const { clock, fake, write } = openWith(() => Promise.resolve(new Response()));
    const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock, logger: silentLogger });
    const thrown = new TypeError("Cannot read properties of undefined (reading 'name')");
    let isBroken = true;
    webhooks.on('message', () => {
      if (isBroken) throw thrown;
    });
    fake.deliverTo(webhooks.fetch);
    write('Hello');
    const error: unknown = await fake.settled().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FakeDeliveryError);
    expect(error).toMatchObject({ deliveryId: 1, fields: ['messages'], attempts: 3, status: 500, cause: thrown });
    expect(String(error)).toContain("TypeError: Cannot read properties of undefined (reading 'name')");
    expect(clock.monotonic()).toBe(3_000);
    await expect(fake.settled()).rejects.toBeInstanceOf(FakeDeliveryError);
    expect(clock.monotonic()).toBe(3_000);

    isBroken = false;
    await clock.advance(4_000);
    await fake.settled();
    expect(fake.deliveries[0]?.state).toBe('delivered');
    await webhooks.close();
  });

  test('with what several handlers threw, if an event has several', async () => {
    const { clock, fake, write } = openWith(() => Promise.resolve(new Response()));
    const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock, logger: silentLogger });
    for (const text of ['first', 'second']) webhooks.on('message', () => Promise.reject(new Error(text)));
    fake.deliverTo(webhooks.fetch);
    write('Hello');
    await expect(fake.settled()).rejects.toThrow('Error: first');
    await webhooks.close();
  });

  test('with the status and the text of the response, and the error of a receiver that throws', async () => {
    const answering = openWith(() => Promise.resolve(new Response(' the database is down\n', { status: 503 })));
    answering.write('Hello');
    await expect(answering.fake.settled()).rejects.toThrow(
      'Delivery #1 of `messages` was answered 503 in 3 attempts: the database is down.',
    );
    const crashed = new Error('receiver crashed');
    const throwing = openWith(() => Promise.reject(crashed));
    throwing.write('Hello');
    await expect(throwing.fake.settled()).rejects.toMatchObject({ status: undefined, cause: crashed });
    expect(throwing.clock.monotonic()).toBe(3_000);
  });

  test('but not for the attempts at an earlier receiver', async () => {
    const { fake, write } = openWith(() => Promise.resolve(new Response(null, { status: 500 })));
    write('Hello');
    await expect(fake.settled()).rejects.toThrow('answered 500');
    fake.deliverTo(() => Promise.resolve(new Response()));
    await fake.settled();
    expect(fake.deliveries[0]?.state).toBe('delivered');
  });
});

test.each(['hangs', 'fails'])('at most maxMessages deliveries wait for a receiver that %s, and dropped ones have a reason', async (how) => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, maxMessages: 100 });
  const number = fake.coexistenceNumber();
  const mara = fake.customer('15550100987');
  const dropped = new Set<number>();
  fake.on('delivery', ({ id, state, reason }) => {
    if (state === 'dropped' && reason === 'too-many') dropped.add(id);
  });
  fake.deliverTo(() => (how === 'hangs' ? new Promise<Response>(() => undefined) : Promise.resolve(new Response('', { status: 500 }))));
  for (let round = 0; round < 40; round += 1) {
    for (let index = 0; index < 25; index += 1) mara.send(number.phoneNumberId, `Message ${String(round)}/${String(index)}`);
    await clock.advance(10);
  }
  expect(fake.deliveries.length).toBeLessThanOrEqual(110);
  expect(JSON.stringify(fake.snapshot()).length).toBeLessThan(1_000_000);
  expect(dropped.size).toBeGreaterThan(500);
  await fake.close();
});
