import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { createWebhooks } from 'wa-coexist/webhooks';
import { fakeClock, signWebhook } from 'wa-coexist/testing';
import { messages, textMessage } from './fixtures/delivery.js';
import { deliver, receiver, secret, signed } from './fixtures/receive.js';

describe('handshake', () => {
  const ask = (query: Record<string, string>) =>
    receiver().fetch(new Request(`https://shop.example/?${new URLSearchParams(query).toString()}`));

  test('returns the challenge as plain text for the right token', async () => {
    const answer = await ask({ 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-token', 'hub.challenge': '1158201444' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe('1158201444');
  });

  test.each([
    [{ 'hub.mode': 'subscribe', 'hub.verify_token': 'other', 'hub.challenge': '<script>' }],
    [{ 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-token-and-more', 'hub.challenge': '1' }],
    [{ 'hub.mode': 'subscribe', 'hub.verify_token': '', 'hub.challenge': '1' }],
    [{ 'hub.mode': 'unsubscribe', 'hub.verify_token': 'verify-token', 'hub.challenge': '1' }],
    [{ 'hub.verify_token': 'verify-token', 'hub.challenge': '1' }],
    [{ 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    [{ 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-token' }],
    [{}],
  ])('responds with 403 without the challenge to %j', async (query) => {
    const answer = await ask(query);
    expect(answer.status).toBe(403);
    const isFromMeta = 'hub.mode' in query || 'hub.challenge' in query || 'hub.verify_token' in query;
    expect(await answer.text()).toBe(isFromMeta ? '' : 'This address receives WhatsApp webhooks. Meta sends its requests here.\n');
  });

  test('returns a hostile challenge only as plain text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (challenge) => {
        const answer = await ask({ 'hub.mode': 'subscribe', 'hub.verify_token': 'verify-token', 'hub.challenge': challenge });
        expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('rejected requests and options', () => {
  const body = JSON.stringify(messages(textMessage('wamid.EXAMPLE1')));
  const post = (text: BodyInit, headers: Record<string, string> = {}) =>
    new Request('https://shop.example/', { method: 'POST', body: text, headers });

  test('no signature, a wrong one, and one of other bytes get a 401, and no handler runs', async () => {
    const webhooks = receiver();
    webhooks.on('*', () => {
      throw new Error('must not run');
    });
    const forged = [post(body), signed(body, 'someone-else'), post(`${body} `, { 'x-hub-signature-256': signWebhook(body, secret) })];
    for (const request of forged) expect((await webhooks.fetch(request)).status).toBe(401);
    expect(webhooks.stats()).toMatchObject({ deliveries: 0, rejected: { invalidSignature: 3 } });
  });

  test('a wrong signature is logged, once a minute', async () => {
    const clock = fakeClock();
    const warnings: string[] = [];
    const ignore = (): void => undefined;
    const logger = { debug: ignore, info: ignore, warn: (text: string) => void warnings.push(text), error: ignore };
    const webhooks = receiver({ clock, logger });
    for (const times of [1, 1, 2]) {
      for (let copy = 0; copy < 5; copy += 1) await webhooks.fetch(signed(body, 'someone-else'));
      expect(warnings).toHaveLength(times);
      await clock.advance(30_000);
    }
    expect(warnings[0]).toBe('webhook.signature_invalid');
  });

  test('the signature is verified before the JSON is parsed: malformed JSON is 401 from a stranger and 400 from Meta', async () => {
    const webhooks = receiver();
    expect((await webhooks.fetch(post('{', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }))).status).toBe(401);
    expect((await webhooks.fetch(signed('{'))).status).toBe(400);
    expect((await webhooks.fetch(signed(''))).status).toBe(400);
    expect(webhooks.stats().rejected).toMatchObject({ invalidSignature: 1, notJson: 2 });
  });

  test('JSON that is no delivery is accepted and has no events', async () => {
    const webhooks = receiver();
    for (const text of ['null', '[]', '1', '{"entry":7}']) expect((await webhooks.fetch(signed(text))).status).toBe(200);
    expect(webhooks.stats()).toMatchObject({ deliveries: 4, handled: 0 });
  });

  test('a body above the size limit is cut off there, before its signature is checked', async () => {
    const webhooks = receiver({ maxBytes: 100_000 });
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 10_000;
        controller.enqueue(new Uint8Array(10_000));
      },
    });
    const request = new Request('https://shop.example/', { method: 'POST', body: endless, duplex: 'half' } as RequestInit);
    expect((await webhooks.fetch(request)).status).toBe(413);
    expect(pulled).toBeLessThanOrEqual(100_000 + 64 * 1024);
    const announced = post('x', { 'content-length': '100001' });
    expect((await webhooks.fetch(announced)).status).toBe(413);
    expect(webhooks.stats().rejected.tooLarge).toBe(2);
  });

  test('a body exactly at the limit is accepted, in chunks of any size', async () => {
    const bytes = new TextEncoder().encode(body);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length }), async (size) => {
        const webhooks = receiver({ maxBytes: bytes.length });
        const chunks = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
            controller.close();
          },
        });
        const headers = { 'x-hub-signature-256': signWebhook(bytes, secret) };
        const request = new Request('https://shop.example/', { method: 'POST', body: chunks, headers, duplex: 'half' } as RequestInit);
        expect((await webhooks.fetch(request)).status).toBe(200);
      }),
      { numRuns: 100 },
    );
  });

  test('a connection that breaks off in the middle gets a 500, and no promise rejects', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('reset'));
      },
    });
    const request = new Request('https://shop.example/', { method: 'POST', body: broken, duplex: 'half' } as RequestInit);
    expect((await receiver().fetch(request)).status).toBe(500);
  });

  test('a body that was read before is explained in the response and in the log', async () => {
    const lines: unknown[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (...line: unknown[]) => lines.push(line),
    };
    const webhooks = receiver({ logger });
    const request = signed(body);
    await request.json();
    const answer = await webhooks.fetch(request);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/webhooks\.fetch\(request\) before the body is read/);
    expect(lines).toEqual([
      ['webhook.raw_body_missing', { error: expect.objectContaining({ name: 'RawBodyMissingError', kind: 'webhook' }) as unknown }],
    ]);
    expect(webhooks.stats().rejected.rawBodyMissing).toBe(1);
  });

  test('other methods get a 405', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) {
      const answer = await receiver().fetch(new Request('https://shop.example/', { method }));
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
    }
  });

  test.each([
    [{ appSecret: '' }],
    [{ appSecret: [] }],
    [{ appSecret: ['new', ''] }],
    [{ appSecret: undefined }],
    [{ verifyToken: '' }],
    [{ verifyToken: undefined }],
  ])('the options %j are rejected at creation', (options) => {
    expect(() => createWebhooks({ appSecret: secret, verifyToken: 'token', ...(options as object) })).toThrow(InvalidArgumentError);
  });
});

describe('an accepted delivery', () => {
  test('is in the event with ID, time, attempt and secret', async () => {
    const clock = fakeClock({ now: new Date('2026-11-02T09:00:00Z') });
    const webhooks = receiver({ appSecret: ['new-secret', 'old-secret'], clock });
    const seen: unknown[] = [];
    webhooks.on('message', (event) => {
      seen.push(event.delivery);
    });
    await webhooks.fetch(signed(messages(textMessage('wamid.EXAMPLE1')), 'old-secret'));
    await webhooks.fetch(signed(messages(textMessage('wamid.EXAMPLE2')), 'new-secret'));
    const receivedAt = new Date('2026-11-02T09:00:00Z');
    const id = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown;
    expect(seen).toEqual([
      { id, receivedAt, attempt: 1, secretIndex: 1 },
      { id, receivedAt, attempt: 1, secretIndex: 0 },
    ]);
  });

  test('keeps escapes and texts of all scripts', async () => {
    const webhooks = receiver();
    const texts: string[] = [];
    webhooks.on('message', ({ message }) => {
      if (message.type === 'text') texts.push(message.text.body);
    });
    const raw = JSON.stringify(messages(textMessage('wamid.EXAMPLE1', 'PLACE'))).replace('PLACE', 'caf\\u00e9 \\/ \\ud83d\\ude00 – 😀');
    expect(await deliver(webhooks, raw)).toBe(200);
    expect(texts).toEqual(['café / 😀 – 😀']);
  });

  test('can be received by fetch without its object', async () => {
    const { fetch } = receiver();
    expect((await fetch(signed(messages(textMessage('wamid.EXAMPLE1'))))).status).toBe(200);
  });

  test('from a queue is processed without a signature', async () => {
    const webhooks = receiver();
    const seen: unknown[] = [];
    webhooks.on('message', ({ delivery }) => {
      seen.push(delivery);
      if (delivery.attempt === 1) throw new Error('first try');
    });
    const receivedAt = new Date('2026-11-02T08:00:00Z');
    const job = { body: messages(textMessage('wamid.EXAMPLE1')), id: 'job-1', receivedAt, secretIndex: 1 };
    await expect(webhooks.process(job)).rejects.toMatchObject({
      name: 'DeliveryNotHandledError',
      kind: 'webhook',
      failed: 1,
      pending: 0,
      cause: new Error('first try'),
    });
    await webhooks.process(job);
    await webhooks.process(job);
    expect(seen).toEqual([
      { id: 'job-1', receivedAt, attempt: 1, secretIndex: 1 },
      { id: 'job-1', receivedAt, attempt: 2, secretIndex: 1 },
    ]);
  });
});
