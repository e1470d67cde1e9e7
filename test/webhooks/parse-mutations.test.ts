import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { parseWebhook } from 'wa-coexist/webhooks';
import { customer, delivery, shared, textMessage } from './fixtures/delivery.js';
import { samples } from './fixtures/samples.js';

const runs = process.env.WA_COEXIST_LONG ? 200_000 : 20_000;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Place {
  readonly holder: Record<string, Json> | Json[];
  readonly key: string | number;
}

/** Returns every position in a document below its root. */
function placesOf(root: Json): Place[] {
  const places: Place[] = [];
  const open: Json[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    for (const key of Array.isArray(node) ? node.keys() : Object.keys(node)) {
      places.push({ holder: node, key });
      const inner = (node as Record<string | number, Json>)[key];
      if (inner !== undefined) open.push(inner);
    }
  }
  return places;
}

const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, -1, 1e308, '', 'x', '\ud800', [], {}, [[]], [null], { id: null }, '__proto__', 'constructor'),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);
type Mutation = {
  readonly at: number;
  readonly how: 'remove' | 'replace' | 'rename' | 'repeat' | 'insert' | 'wrap';
  readonly junk: Json;
  readonly name: string;
};
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('remove', 'replace', 'rename', 'repeat', 'insert', 'wrap'),
  junk,
  name: fc.oneof(fc.constantFrom('messages', 'history', 'statuses', 'threads', 'errors', 'value', 'id', 'type', 'toString'), fc.string()),
});

function mutate(root: Json, { at, how, junk: original, name }: Mutation): void {
  // Copied, because the generator can return the same object more than once.
  const odd = structuredClone(original);
  const places = placesOf(root);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return;
  const holder = place.holder as Record<string | number, Json>;
  const value = holder[place.key] ?? null;
  if (how === 'remove') {
    if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
    else Reflect.deleteProperty(holder, place.key);
  } else if (how === 'replace') holder[place.key] = odd;
  else if (how === 'wrap') holder[place.key] = [value];
  else if (Array.isArray(place.holder))
    place.holder.splice(Number(place.key), how === 'insert' ? 0 : 1, how === 'insert' ? odd : structuredClone(value), value);
  else if (how === 'rename') {
    Reflect.deleteProperty(holder, place.key);
    Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  } else Object.defineProperty(holder, name, { value: odd, enumerable: true, configurable: true, writable: true });
}

/** Returns the wamids and call IDs in the objects and lists of values. All of them must be in events. */
function idsOf(body: Json): Set<string> {
  const ids = new Set<string>();
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  const record = (value: unknown): Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  for (const entry of list(record(body).entry)) {
    for (const change of list(record(entry).changes)) {
      for (const [name, part] of Object.entries(record(record(change).value))) {
        if (name === 'metadata' || name === 'contacts' || typeof part !== 'object') continue;
        for (const [id] of JSON.stringify(part).matchAll(/wac?a?m?id\.EXAMPLE\d+/g)) ids.add(id);
      }
    }
  }
  return ids;
}

const mutated = fc.tuple(fc.constantFrom(...samples), fc.array(mutation, { minLength: 1, maxLength: 5 })).map(([sample, mutations]) => {
  const body = structuredClone(sample.body) as unknown as Json;
  for (const change of mutations) mutate(body, change);
  return body;
});

test('any change in a delivery causes no throw, no lost item, and no live event', () => {
  fc.assert(
    fc.property(mutated, (body) => {
      const events = parseWebhook(body);
      const seen = JSON.stringify(events);
      for (const id of idsOf(body)) expect(seen).toContain(id);
      for (const event of events) {
        expect(event.key).toMatch(/^[\x21-\x7e]{1,300}$/);
        if (event.field === 'history' || event.field === 'smb_message_echoes') expect(event.type).not.toMatch(/^(message|status)(\.|$)/);
        if (event.field === 'history') expect(event.type).not.toMatch(/^echo/);
        if (event.field === 'smb_message_echoes') expect(event.type).not.toMatch(/^history/);
        if (event.field === 'standby') expect(event.type).toMatch(/^(standby\.|unknown$)/);
      }
    }),
    { numRuns: runs },
  );
}, 300_000);

/** Lists of items and their positions. */
const lists: readonly {
  readonly name: string;
  readonly wrap: (items: readonly unknown[]) => unknown;
  readonly item: (n: number) => unknown;
}[] = [
  {
    name: 'messages',
    wrap: (items) => delivery({ field: 'messages', value: { ...shared, messages: items } }),
    item: (n) => textMessage(`wamid.EXAMPLE${n}`),
  },
  {
    name: 'statuses',
    wrap: (items) => delivery({ field: 'messages', value: { ...shared, statuses: items } }),
    item: (n) => ({ id: `wamid.EXAMPLE${n}`, status: 'sent', timestamp: '1790000000', recipient_id: customer }),
  },
  {
    name: 'echoes',
    wrap: (items) => delivery({ field: 'smb_message_echoes', value: { ...shared, message_echoes: items } }),
    item: (n) => ({ ...textMessage(`wamid.EXAMPLE${n}`), to: customer }),
  },
  {
    name: 'history media',
    wrap: (items) => delivery({ field: 'history', value: { ...shared, messages: items } }),
    item: (n) => ({ ...textMessage(`wamid.EXAMPLE${n}`), type: 'image', image: { id: '1' } }),
  },
  {
    name: 'contacts',
    wrap: (items) => delivery({ field: 'smb_app_state_sync', value: { ...shared, state_sync: items } }),
    item: (n) => ({ type: 'contact', action: 'add', contact: { phone_number: `1555010${n}` }, metadata: { timestamp: '1790000000' } }),
  },
  {
    name: 'calls',
    wrap: (items) => delivery({ field: 'calls', value: { ...shared, calls: items } }),
    item: (n) => ({ id: `wacid.EXAMPLE${n}`, event: 'connect', from: customer, timestamp: '1790000000' }),
  },
  {
    name: 'changes',
    wrap: (items) => delivery(items as []),
    item: (n) => ({ field: 'messages', value: { ...shared, messages: [textMessage(`wamid.EXAMPLE${n}`)] } }),
  },
];

test.each(lists)("$name: an item of any type doesn't affect the other items", ({ wrap, item }) => {
  fc.assert(
    fc.property(junk, fc.integer({ min: 0, max: 5 }), (odd, place) => {
      const items = [0, 1, 2, 3, 4].map(item);
      const alone = parseWebhook(wrap(items));
      const events = parseWebhook(wrap([...items.slice(0, place), odd, ...items.slice(place)]));
      expect(events.length).toBeGreaterThanOrEqual(6);
      const keys = new Set(alone.map((event) => event.key));
      expect(events.filter((event) => keys.has(event.key))).toEqual(alone);
    }),
    { numRuns: runs / 20 },
  );
});

test('user IDs are unchanged', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/), (userId) => {
      const item = { id: 'wamid.EXAMPLE1', from_user_id: userId, type: 'text', text: { body: 'Hi' } };
      const [event] = parseWebhook(delivery({ field: 'messages', value: { ...shared, messages: [item] } }));
      expect(event?.customer).toEqual({ userId });
    }),
    { numRuns: runs / 10 },
  );
});

test('the members of a text have the declared types, or are absent', () => {
  const value = fc.oneof({ weight: 6, arbitrary: fc.string() }, junk);
  const names = ['id', 'timestamp', 'from', 'from_user_id', 'from_parent_user_id', 'to', 'to_user_id', 'to_parent_user_id', 'group_id'];
  const objects = ['context', 'referral', 'errors'];
  const item = fc.record(
    {
      type: fc.constant('text'),
      text: fc.oneof(fc.record({ body: value }), junk),
      ...Object.fromEntries([...names, ...objects].map((name) => [name, value])),
    },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(item, (raw) => {
      const [event] = parseWebhook(delivery({ field: 'messages', value: { ...shared, messages: [raw] } }));
      expect(event?.type).toBe('message');
      const message = (event as unknown as { message: Record<string, unknown> }).message;
      const body = (raw as { text?: { body?: unknown } | null }).text?.body;
      expect(message.type).toBe(typeof body === 'string' ? 'text' : 'unknown');
      for (const name of names) {
        const given = (raw as Record<string, unknown>)[name];
        if (typeof given === 'string' || Number.isSafeInteger(given)) expect(message[name]).toBe(String(given));
        else if (name === 'id') expect(message.id).toBe('');
        else expect(message).not.toHaveProperty(name);
      }
      for (const name of objects) expect(typeof (message[name] ?? {})).toBe('object');
    }),
    { numRuns: runs / 2 },
  );
});
