import { expect, test } from 'vitest';
import { createWebhooks, parseWebhook } from 'wa-coexist/webhooks';
import { signWebhook } from 'wa-coexist/testing';
import { samples } from './fixtures/samples.js';

/**
 * Returns copies of a document as JSON, each with a hostile key in a different object. Only JSON can contain such keys.
 */
function poisoned(document: unknown): string[] {
  const count = objectsOf(document).length;
  return Array.from({ length: count }, (_, index) => {
    const copy: unknown = structuredClone(document);
    const target = objectsOf(copy)[index]!;
    for (const [key, value] of [
      ['__proto__', { polluted: 1 }],
      ['constructor', { prototype: { polluted: 1 } }],
    ] as const) {
      Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
    }
    return JSON.stringify(copy);
  });
}

function objectsOf(document: unknown): object[] {
  const objects: object[] = [];
  const open = [document];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    if (!Array.isArray(node)) objects.push(node);
    open.push(...(Object.values(node) as unknown[]));
  }
  return objects;
}

/** Expects every object to have its original prototype. The value under a hostile key is plain data. */
function expectClean(value: unknown): void {
  const open = [value];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null || node instanceof Date) continue;
    if (Object.getPrototypeOf(node) !== Object.prototype && !Array.isArray(node)) expect(node).toBe('clean');
    for (const key of Object.keys(node))
      if (key !== '__proto__' && key !== 'constructor') open.push((node as Record<string, unknown>)[key]);
  }
}

test('__proto__ and constructor.prototype in each object of each delivery pollute nothing', () => {
  let tried = 0;
  for (const { body } of samples) {
    for (const json of poisoned(body)) {
      tried += 1;
      expectClean(parseWebhook(JSON.parse(json)));
    }
  }
  expect(tried).toBeGreaterThan(300);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('handlers of the receiver see no polluted objects, also if the name is escaped', async () => {
  const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token' });
  const raws: unknown[] = [];
  webhooks.on('*', (event) => {
    raws.push(event.raw);
  });
  const bodies = samples.flatMap(({ body }) => poisoned(body));
  for (const json of bodies.flatMap((plain) => [
    plain,
    plain.replaceAll('__proto__', '\\u005f_proto\\u005F_').replaceAll('"constructor"', '"c\\u006fnstructor"'),
  ])) {
    const headers = { 'x-hub-signature-256': signWebhook(json, 'secret') };
    expect((await webhooks.fetch(new Request('https://shop.example/', { method: 'POST', body: json, headers }))).status).toBe(200);
  }
  expect(raws.length).toBeGreaterThan(10);
  for (const raw of raws) {
    expect(JSON.stringify(raw)).not.toMatch(/__proto__|polluted/);
    expectClean(raw);
  }
});

test('a harmless member called constructor is kept', async () => {
  const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token' });
  const raws: unknown[] = [];
  webhooks.on('unknown', (event) => {
    raws.push(event.raw);
  });
  const json = '{"entry":[{"changes":[{"field":"new","value":{"constructor":"name","inner":{"constructor":{"a":1}}}}]}]}';
  const headers = { 'x-hub-signature-256': signWebhook(json, 'secret') };
  await webhooks.fetch(new Request('https://shop.example/', { method: 'POST', body: json, headers }));
  expect(raws).toEqual([{ constructor: 'name', inner: { constructor: { a: 1 } } }]);
});

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const nestedObjects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

test.each([1_000, 10_000, 1_000_000])(
  'a depth of %i at any position causes no stack overflow',
  async (depth) => {
    const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token', maxBytes: 1 << 30 });
    let seen = 0;
    webhooks.on('*', () => {
      seen += 1;
    });
    for (const deep of [nested(depth), nestedObjects(depth)]) {
      const places = [
        deep,
        `{"entry":${deep}}`,
        `{"entry":[{"changes":${deep}}]}`,
        `{"entry":[{"changes":[{"field":"messages","value":${deep}}]}]}`,
        `{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"id":"a","type":"text","text":{"body":"x"},"context":${deep}}]}}]}]}`,
        `{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"id":"a","type":"edit","edit":{"original_message_id":"b","message":${deep}}}]}}]}]}`,
        `{"entry":[{"changes":[{"field":"history","value":{"history":[{"threads":[{"id":"1","messages":[${deep}]}]}]}}]}]}`,
        `{"entry":[{"time":1,"changes":[{"field":"account_update","value":{"event":"X","waba_info":${deep}}}]}]}`,
        `{"entry":[{"time":1,"changes":[{"field":"brand_new","value":${deep},"__proto__":1}]}]}`,
      ];
      // Parsing the deepest ones as JSON takes a second each.
      const tried = depth > 100_000 ? places.slice(-3) : places;
      for (const json of tried) expect(() => parseWebhook(JSON.parse(json))).not.toThrow();
      const json = places.at(-1)!;
      const headers = { 'x-hub-signature-256': signWebhook(json, 'secret') };
      expect((await webhooks.fetch(new Request('https://shop.example/', { method: 'POST', body: json, headers }))).status).toBe(200);
    }
    expect(seen).toBe(2);
  },
  60_000,
);

test('two items too deep for a digest are two events, and both are emitted', async () => {
  const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token', maxBytes: 1 << 30 });
  let seen = 0;
  webhooks.on('unknown', () => {
    seen += 1;
  });
  const json = `{"entry":[{"time":1,"changes":[{"field":"a","value":{"x":${nested(20_000)}}},{"field":"a","value":{"x":${nested(20_001)}}}]}]}`;
  const headers = { 'x-hub-signature-256': signWebhook(json, 'secret') };
  expect((await webhooks.fetch(new Request('https://shop.example/', { method: 'POST', body: json, headers }))).status).toBe(200);
  expect(seen).toBe(2);
});

test('huge keys, many keys, huge numbers and lone surrogates are parsed', () => {
  const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index]));
  for (const odd of [
    { ['k'.repeat(1_000_000)]: 1 },
    many,
    JSON.parse('{"n":1e400,"m":-0,"id":9007199254740993}') as object,
    { '\ud800': '\udfff' },
  ]) {
    const item = { id: 'wamid.EXAMPLE1', type: 'text', text: { body: '\ud800', ...odd }, ...odd };
    const events = parseWebhook({ entry: [{ ...odd, changes: [{ field: 'messages', value: { ...odd, messages: [item] } }] }] });
    expect(events.map((event) => event.type)).toEqual(['message']);
  }
});

test('ten thousand contacts and ten thousand messages take linear time', () => {
  const contacts = Array.from({ length: 10_000 }, (_, index) => ({ wa_id: String(15550000000 + index), profile: { name: `n${index}` } }));
  const messages = contacts.map(({ wa_id: from }, index) => ({ id: `wamid.EXAMPLE${index}`, from, type: 'text', text: { body: 'x' } }));
  const events = parseWebhook({ entry: [{ changes: [{ field: 'messages', value: { contacts, messages } }] }] });
  expect(events.map((event) => event.customer?.name)).toEqual(contacts.map(({ profile }) => profile.name));
});

test("bodies that aren't JSON values don't throw", () => {
  const loop: Record<string, unknown> = {};
  loop.entry = [{ id: 'x', changes: [{ field: 'messages', value: { messages: [loop], odd: loop } }] }];
  const odd = { entry: [{ changes: [{ field: 'new', value: { big: 10n, symbol: Symbol('x'), call: () => 1 } }] }] };
  expect(parseWebhook(loop).map((event) => event.type)).toEqual(['message', 'unknown']);
  expect(parseWebhook(odd).map((event) => event.type)).toEqual(['unknown']);
});
