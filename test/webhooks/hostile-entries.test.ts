import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { signWebhook } from 'wa-coexist/testing';
import { createWebhooks, parseAwsEnvelope, parseWebhook, type Webhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

const secret = 'app-secret';

/** JSON with keys that can pollute prototypes, plain or escaped, and with values that are nested too deeply. */
const hostileJson = fc.letrec<{ value: string; list: string; object: string; deep: string; leaf: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('list'), tie('object'), tie('deep')),
  leaf: fc.constantFrom('1', '"text"', 'null', '122097329108006499', '"\\"]}"', '{"prototype":{"polluted":1}}'),
  list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  object: fc
    .array(fc.tuple(fc.constantFrom('a', 'id', 'type', '__proto__', '\\u005f_proto__', 'constructor', 'prototype'), tie('value')), {
      maxLength: 4,
    })
    .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
  deep: fc
    .tuple(fc.integer({ min: 150, max: 5_000 }), fc.boolean())
    .map(([depth, isList]) =>
      isList ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}{"__proto__":1}${'}'.repeat(depth)}`,
    ),
})).value;

/** Asserts that no part of a value can pollute prototypes or is nested too deeply to be printed. */
function expectClean(root: unknown): void {
  const open = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null || value instanceof Date) continue;
    expect(depth).toBeLessThanOrEqual(200);
    expect(Object.hasOwn(value, '__proto__')).toBe(false);
    const own = Object.getOwnPropertyDescriptor(value, 'constructor')?.value as unknown;
    if (typeof own === 'object' && own !== null) expect(Object.hasOwn(own, 'prototype')).toBe(false);
    for (const inner of Object.values(value) as unknown[]) open.push({ value: inner, depth: depth + 1 });
  }
  expect(() => JSON.stringify(root)).not.toThrow();
  expect(() => structuredClone(root)).not.toThrow();
}

const post = (body: string): Request =>
  new Request('https://example.com/', { method: 'POST', body, headers: { 'x-hub-signature-256': signWebhook(body, secret) } });

const entryOf = (value: string): string => `{"id":"1","time":1,"changes":[{"field":"brand_new","value":${value}}]}`;

/** The paths on which a delivery reaches handlers. */
const entries: Readonly<Record<string, (webhooks: Webhooks, value: string) => Promise<unknown>>> = {
  fetch: async (webhooks, value) => {
    expect((await webhooks.fetch(post(`{"entry":[${entryOf(value)}]}`))).status).toBe(200);
  },
  process: (webhooks, value) => webhooks.process({ body: JSON.parse(`{"entry":[${entryOf(value)}]}`) as unknown }),
  'an AWS message as text': (webhooks, value) =>
    webhooks.process({ body: parseAwsEnvelope(JSON.stringify({ whatsAppWebhookEntry: entryOf(value) })) }),
  'an AWS message with an object': (webhooks, value) =>
    webhooks.process({ body: parseAwsEnvelope(JSON.parse(`{"detail":{"whatsAppWebhookEntry":${entryOf(value)}}}`)) }),
  'records of SQS': (webhooks, value) =>
    webhooks.process({
      body: parseAwsEnvelope({
        Records: [{ body: JSON.stringify({ Message: JSON.stringify({ whatsAppWebhookEntry: entryOf(value) }) }) }],
      }),
    }),
};

test.each(Object.entries(entries))('%s never passes a hostile value to handlers', async (_name, deliver) => {
  await fc.assert(
    fc.asyncProperty(hostileJson, async (value) => {
      const webhooks = createWebhooks({ appSecret: secret, verifyToken: 'token' });
      const events: unknown[] = [];
      webhooks.on('*', (event) => void events.push(event));
      await deliver(webhooks, value);
      expect(events).toHaveLength(1);
      for (const event of events) expectClean(event);
    }),
    { numRuns: 100 },
  );
});

test('the result of parseAwsEnvelope is clean before it reaches the receiver', () => {
  fc.assert(
    fc.property(hostileJson, (value) => {
      const text = JSON.stringify({ whatsAppWebhookEntry: entryOf(value) });
      const object = JSON.parse(`{"whatsAppWebhookEntry":[${entryOf(value)}]}`) as unknown;
      for (const envelope of [text, object]) {
        const delivery = parseAwsEnvelope(envelope);
        expectClean(delivery);
        expect(parseWebhook(delivery)).toHaveLength(1);
      }
    }),
    { numRuns: 100 },
  );
});

test('toNodeHandler, the inbox and the own queue pass on clean values', async () => {
  const value = `{"a":1,"__proto__":{"polluted":1},"deep":${'['.repeat(500)}${']'.repeat(500)}}`;
  const body = `{"entry":[${entryOf(value)}]}`;
  const seen: unknown[] = [];
  const inbox = createWebhooks({ appSecret: secret, verifyToken: 'token', mode: 'inbox' });
  const queue = createWebhooks({
    appSecret: secret,
    verifyToken: 'token',
    mode: 'enqueue',
    enqueue: (delivery) => void seen.push(delivery.body),
  });
  const direct = createWebhooks({ appSecret: secret, verifyToken: 'token' });
  for (const webhooks of [inbox, direct]) webhooks.on('*', (event) => void seen.push(event));
  const handle = toNodeHandler(direct);
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const headers = { 'x-hub-signature-256': signWebhook(body, secret) };
  await fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`, { method: 'POST', body, headers });
  server.close();
  for (const webhooks of [inbox, queue]) expect((await webhooks.fetch(post(body))).status).toBe(200);
  await inbox.close();
  expect(seen).toHaveLength(3);
  seen.forEach(expectClean);
});

test("process doesn't change the delivery of the caller, also if it is frozen", async () => {
  const webhooks = createWebhooks({ appSecret: secret, verifyToken: 'token' });
  const raws: unknown[] = [];
  webhooks.on('*', ({ raw }) => void raws.push(raw));
  const text = `{"entry":[${entryOf('{"__proto__":{"a":1},"b":[1]}')}]}`;
  const body = JSON.parse(text, (_name, value: unknown) => Object.freeze(value)) as unknown;
  await webhooks.process({ body });
  expect(JSON.stringify(body)).toBe(text);
  expect(JSON.stringify(raws)).toBe('[{"b":[1]}]');
});

test('process ends for a body that contains itself', async () => {
  const webhooks = createWebhooks({ appSecret: secret, verifyToken: 'token' });
  const types: string[] = [];
  webhooks.on('*', ({ type }) => void types.push(type));
  const loop: Record<string, unknown> = {};
  loop.entry = [{ id: '1', changes: [{ field: 'messages', value: { messages: [loop], odd: loop } }] }];
  await webhooks.process({ body: loop });
  expect(types).toEqual(['message', 'unknown']);
});

test('a delivery of the inbox that is not JSON does not appear in the log or in the dead letter', async () => {
  const { memoryStore } = await import('wa-coexist');
  const store = memoryStore();
  const logs: unknown[] = [];
  const write = (...entry: unknown[]): void =>
    void logs.push(
      entry.map(String),
      JSON.stringify(entry, (_name, value: unknown) => (value instanceof Error ? String(value) : value)),
    );
  const logger = { debug: write, info: write, warn: write, error: write };
  await store.batch([
    { type: 'set', key: 'webhooks/inbox/a', value: { text: 'private words', receivedAtMs: 1, secretIndex: 0 } },
    { type: 'set', key: 'webhooks/due/000000000000001-000000000001/a', value: { attempts: 0 } },
  ]);
  const webhooks = createWebhooks({ appSecret: secret, verifyToken: 'token', mode: 'inbox', store, logger });
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await webhooks.close();
  const errors: string[] = [];
  for await (const { error } of webhooks.deadLetters.list()) errors.push(error);
  expect(errors).toHaveLength(1);
  expect(JSON.stringify([logs, errors])).not.toMatch(/private|words/);
});
