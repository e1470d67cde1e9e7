import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { createFakeCloudApi, fakeClock, listen, type FakeCloudApiOptions } from 'wa-coexist/testing';

test('options are checked when the fake, its clock and its server are made', async () => {
  const wrong: readonly Record<string, unknown>[] = [
    { seed: Number.NaN },
    { seed: '1' },
    { templateReviewMs: -1 },
    { templateReviewMs: Number.POSITIVE_INFINITY },
    { maxMessages: 0 },
    { maxMessages: 1.5 },
    { appSecret: '' },
    { verifyToken: 5 },
    { subscribedFields: 'messages' },
    ...[{ batch: 0 }, { concurrency: Number.NaN }, { duplicateShare: 2 }, { delayMs: -1 }, { delayMs: [5, 1] }, { delayMs: [1] }, 7].map(
      (delivery) => ({ delivery }),
    ),
  ];
  for (const options of wrong)
    expect(() => createFakeCloudApi(options as FakeCloudApiOptions), JSON.stringify(options)).toThrow(InvalidArgumentError);
  const fake = createFakeCloudApi({ clock: fakeClock(), seed: 0, templateReviewMs: 0, delivery: { delayMs: [0, 5], duplicateShare: 0 } });
  expect(() => {
    fake.deliverTo('http://127.0.0.1/', { batch: Number.NaN });
  }).toThrow(InvalidArgumentError);
  expect(() => fakeClock({ now: new Date(Number.NaN) })).toThrow(InvalidArgumentError);
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => fakeClock().advance(ms)).toThrow(InvalidArgumentError);
  for (const options of [{ port: -1 }, { port: 65_536 }, { port: Number.NaN }, { host: '' }])
    await expect(listen(fake, options), JSON.stringify(options)).rejects.toBeInstanceOf(InvalidArgumentError);
});

test('maxMessages drops the oldest messages, deliveries and requests, and everything else still works', async () => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock, maxMessages: 20 });
  const { phoneNumberId, accessToken } = fake.coexistenceNumber();
  fake.deliverTo(() => Promise.resolve(new Response()));
  const customers = ['15550100987', '15550100988'].map((waId) => fake.customer(waId));
  for (let index = 0; index < 100; index += 1) {
    for (const customer of customers) {
      customer.send(phoneNumberId, `in ${String(index)}`);
      await fake.answer({
        method: 'POST',
        url: `https://graph.facebook.com/v26.0/${phoneNumberId}/messages`,
        authorization: `Bearer ${accessToken}`,
        contentType: 'application/json',
        body: JSON.stringify({ messaging_product: 'whatsapp', to: customer.waId, type: 'text', text: { body: `out ${String(index)}` } }),
      });
    }
    await clock.advance(60_000);
  }
  await fake.settled();
  const chats = fake.phone(phoneNumberId).chats;
  expect(chats.flatMap(({ messages }) => messages)).toHaveLength(20);
  expect(chats.map(({ messages }) => messages.at(-1)?.text)).toEqual(['out 99', 'out 99']);
  expect(customers.map(({ inbox }) => [inbox.length, inbox.at(-1)?.text])).toEqual([
    [5, 'out 99'],
    [5, 'out 99'],
  ]);
  expect(fake.sent).toHaveLength(10);
  expect(fake.deliveries.length).toBeLessThanOrEqual(22);
  expect(fake.requests.length).toBeLessThanOrEqual(22);
  expect(fake.deliveries.every(({ state }) => state === 'delivered')).toBe(true);
});

test('no request body makes the fake fail: it always responds', async () => {
  const fake = createFakeCloudApi({ clock: fakeClock() });
  const { phoneNumberId, wabaId, accessToken } = fake.coexistenceNumber();
  const path = fc.constantFrom(
    ...['messages', 'media', 'register', 'block_users', 'message_qrdls', 'groups', 'calls', 'smb_app_data', 'settings', ''].map(
      (name) => `${phoneNumberId}/${name}`,
    ),
    ...['message_templates', 'flows', 'subscribed_apps', 'assigned_users'].map((name) => `${wabaId}/${name}`),
  );
  const known = fc.constantFrom(
    'messaging_product',
    'to',
    'type',
    'text',
    'template',
    'name',
    'components',
    'interactive',
    'pin',
    'language',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('whatsapp', 'text', 'template', 'interactive', null, 0, -1, 1e308, true, '', '__proto__', '15550100987'),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(known, tie('any'), { maxKeys: 5 }),
    ),
  })).any;
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.constantFrom('GET', 'POST', 'DELETE', 'PATCH'),
      fc.oneof(
        fc.dictionary(known, value).map((body) => JSON.stringify({ messaging_product: 'whatsapp', ...body })),
        fc.string(),
        fc.uint8Array(),
      ),
      fc.constantFrom(
        'application/json',
        'multipart/form-data',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
        '',
      ),
      async (where, method, body, contentType) => {
        const answer = await fake.answer({
          method,
          url: `https://graph.facebook.com/v26.0/${where}`,
          authorization: `Bearer ${accessToken}`,
          contentType,
          body: typeof body === 'string' ? body : new Uint8Array(body),
        });
        expect(answer.cut).toBeUndefined();
      },
    ),
    { numRuns: 1_000 },
  );
  await expect(fake.answer({ method: 'GET', url: 'http://[' })).resolves.toHaveProperty('status');
});

test('the server reads bodies in any chunks, stops at the limit, and survives requests that break off', async () => {
  const fake = createFakeCloudApi();
  const { phoneNumberId, accessToken } = fake.coexistenceNumber();
  await using server = await listen(fake);
  const port = Number(new URL(server.url).port);
  const post = async (chunks: Iterable<Uint8Array>, headers: Record<string, string | number> = {}): Promise<number | undefined> => {
    const sent = request({
      ...{ host: '127.0.0.1', port, method: 'POST', path: `/v26.0/${phoneNumberId}/messages` },
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers },
    });
    const answered = once(sent, 'response') as Promise<[{ statusCode?: number; resume(): void }]>;
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
    const [response] = await answered;
    response.resume();
    return response.statusCode;
  };
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const message = new TextEncoder().encode(
    JSON.stringify({ messaging_product: 'whatsapp', to: '15550100987', type: 'template', template }),
  );
  expect(await post(Array.from(message, (byte) => Uint8Array.of(byte)))).toBe(200);
  expect(await post(Array.from({ length: 70 }, () => new Uint8Array(65_536)))).toBe(413);
  expect(await post([new Uint8Array(5 * 1024 * 1024)], { 'content-length': 5 * 1024 * 1024 })).toBe(413);
  const broken = connect(port, '127.0.0.1');
  broken.write(`POST /v26.0/${phoneNumberId}/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a"`);
  await once(broken, 'connect');
  broken.destroy();
  const odd = connect(port, '127.0.0.1');
  odd.end('GET // HTTP/1.1\r\nHost: a"b\r\nConnection: close\r\n\r\n');
  const [data] = (await once(odd, 'data')) as [Buffer];
  expect(data.toString()).toMatch(/^HTTP\/1\.1 [34]/);
  expect(await post([message])).toBe(200);
});
