import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import type { JsonValue } from '../../../runtime/json.js';
import { digits, inOrder, keysOf, numbers, oddKeys, versionOf, type Check } from './contract-case.js';

export const values: Readonly<Record<string, Check>> = {
  'a key that was never written is absent': async (store) => {
    strictEqual(await store.get('absent'), undefined);
    strictEqual(await store.delete('absent'), false);
    deepStrictEqual(await store.list('absent', { limit: 10 }), []);
  },
  'get reads the value of set, with the version that set returned': async (store) => {
    const version = versionOf(await store.set('key', { a: [1] }));
    deepStrictEqual(await store.get('key'), { value: { a: [1] }, version });
    const later = versionOf(await store.set('key', 'other'));
    deepStrictEqual(await store.get('key'), { value: 'other', version: later });
  },
  'values of every JSON kind come back unchanged': async (store) => {
    const samples: readonly JsonValue[] = [
      ...[null, true, false, 0, -1, 1.5, 1e300, 9_007_199_254_740_991, '', [], {}],
      ...['é ü 漢 😀 \u0000 \n \u2028 " \\ \\/', '\ud800 half a pair', ' '.repeat(10), 'x'.repeat(1_000_000)],
      ...[[[[[]]]], { '': 1, 'a b': { c: [null, { d: '😀' }] } }],
      // A hostile webhook can contain this. It must be an own property and never a prototype.
      JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as JsonValue,
    ];
    for (const [index, sample] of samples.entries()) await store.set(`value/${String(index)}`, sample);
    for (const [index, sample] of samples.entries()) deepStrictEqual((await store.get(`value/${String(index)}`))?.value, sample);
    strictEqual(Object.hasOwn(Object.prototype, 'polluted'), false);
  },
  'what becomes of a value outside does not reach the store': async (store) => {
    const value = { list: [1] };
    await store.set('key', value);
    value.list.push(2);
    const read = (await store.get('key'))?.value;
    deepStrictEqual(read, { list: [1] });
    Object.assign(read, { list: 'changed' });
    deepStrictEqual((await store.get('key'))?.value, { list: [1] });
  },
  'keys of any text are kept apart': async (store) => {
    const keys = oddKeys();
    for (const [index, key] of keys.entries())
      strictEqual((await store.setIfAbsent(key, index)).written, true, `${JSON.stringify(key)} is new`);
    for (const [index, key] of keys.entries()) strictEqual((await store.get(key))?.value, index, JSON.stringify(key));
    deepStrictEqual(keysOf(await store.list('', { limit: 1_000 })), inOrder(keys));
  },
  'half of a surrogate pair in a key counts as U+FFFD': async (store) => {
    await store.set('half \ud83d', 1);
    strictEqual((await store.get('half \ufffd'))?.value, 1);
    strictEqual((await store.get('half \udc00'))?.value, 1);
    deepStrictEqual(keysOf(await store.list('half \ud83d', { limit: 9 })), ['half \ufffd']);
  },
};

export const versions: Readonly<Record<string, Check>> = {
  'every write gives the key a version that it never had': async (store) => {
    const seen: (string | undefined)[] = [];
    seen.push(versionOf(await store.setIfAbsent('key', 1)));
    seen.push(versionOf(await store.set('key', 1)));
    seen.push(versionOf(await store.set('key', 1, { ttlMs: 60_000 })));
    await store.batch([{ type: 'set', key: 'key', value: 1 }]);
    seen.push((await store.get('key'))?.version);
    await store.delete('key');
    seen.push(versionOf(await store.setIfAbsent('key', 1)));
    await store.batch([{ type: 'delete', key: 'key' }]);
    seen.push(versionOf(await store.set('key', 1)));
    strictEqual(new Set(seen).size, seen.length, `a version came twice: ${seen.join(', ')}`);
  },
  'set with a version writes while the key has it, and never after': async (store) => {
    const first = versionOf(await store.set('key', 1));
    const second = versionOf(await store.set('key', 2, { ifVersion: first }));
    deepStrictEqual(await store.set('key', 3, { ifVersion: first }), { written: false });
    deepStrictEqual(await store.set('key', 3, { ifVersion: 'made up' }), { written: false });
    deepStrictEqual(await store.get('key'), { value: 2, version: second });
    await store.delete('key');
    deepStrictEqual(await store.set('key', 3, { ifVersion: second }), { written: false });
    deepStrictEqual(await store.set('absent', 3, { ifVersion: first }), { written: false });
    strictEqual(await store.get('key'), undefined);
    strictEqual(await store.get('absent'), undefined);
  },
  'setIfAbsent writes an absent key and does not change a present one': async (store) => {
    const version = versionOf(await store.setIfAbsent('key', 'first'));
    deepStrictEqual(await store.setIfAbsent('key', 'second'), { written: false });
    deepStrictEqual(await store.get('key'), { value: 'first', version });
    strictEqual(await store.delete('key'), true);
    strictEqual((await store.setIfAbsent('key', 'second')).written, true);
  },
  'delete removes a key once, and with a version only while the key has it': async (store) => {
    const first = versionOf(await store.set('key', 1));
    const second = versionOf(await store.set('key', 2));
    strictEqual(await store.delete('key', { ifVersion: first }), false);
    strictEqual((await store.get('key'))?.value, 2);
    strictEqual(await store.delete('key', { ifVersion: second }), true);
    strictEqual(await store.delete('key', { ifVersion: second }), false);
    await store.set('key', 3);
    strictEqual(await store.delete('key'), true);
    strictEqual(await store.delete('key'), false);
    deepStrictEqual(await store.list('', { limit: 10 }), []);
  },
};

export const expiry: Readonly<Record<string, Check>> = {
  'a key whose time is up is absent for every method': async (store, { ttlMs, pass }) => {
    const version = versionOf(await store.set('key', 1, { ttlMs }));
    await pass(ttlMs);
    strictEqual(await store.get('key'), undefined, 'get');
    deepStrictEqual(await store.list('key', { limit: 10 }), [], 'list');
    strictEqual((await store.set('key', 2, { ifVersion: version })).written, false, 'set with a version');
    strictEqual(await store.batch([{ type: 'set', key: 'key', value: 2, ifVersion: version }]), false, 'batch, set with a version');
    strictEqual(await store.batch([{ type: 'delete', key: 'key', ifVersion: version }]), false, 'batch, delete with a version');
    strictEqual(await store.delete('key'), false, 'delete');
    strictEqual((await store.setIfAbsent('key', 3)).written, true, 'setIfAbsent');
    deepStrictEqual((await store.get('key'))?.value, 3);
  },
  'a key is there until its time is up': async (store, { exact, pass }) => {
    await store.set('set', 1, { ttlMs: 60_000 });
    await store.setIfAbsent('setIfAbsent', 1, { ttlMs: 60_000 });
    await store.batch([{ type: 'set', key: 'batch', value: 1, ttlMs: 60_000 }]);
    if (exact) await pass(59_999);
    for (const key of ['set', 'setIfAbsent', 'batch']) strictEqual((await store.get(key))?.value, 1, key);
    if (!exact) return;
    await pass(1);
    for (const key of ['set', 'setIfAbsent', 'batch']) strictEqual(await store.get(key), undefined, key);
  },
  'setIfAbsent and batch give keys a time to live': async (store, { ttlMs, pass }) => {
    await store.setIfAbsent('a', 1, { ttlMs });
    await store.batch([
      { type: 'set', key: 'b', value: 1, ttlMs },
      { type: 'setIfAbsent', key: 'c', value: 1, ttlMs },
      { type: 'set', key: 'd', value: 1 },
    ]);
    await pass(ttlMs);
    deepStrictEqual(keysOf(await store.list('', { limit: 10 })), ['d']);
    ok(await store.batch([{ type: 'setIfAbsent', key: 'c', value: 2 }]), 'the time of c was up');
  },
  'a later write sets the time anew, and without one takes it away': async (store, { ttlMs, pass }) => {
    await store.set('longer', 1, { ttlMs });
    await store.set('longer', 2, { ttlMs: 60_000 });
    await store.set('for ever', 1, { ttlMs });
    await store.set('for ever', 2);
    await store.set('shorter', 1);
    await store.set('shorter', 2, { ttlMs });
    await pass(ttlMs);
    deepStrictEqual(keysOf(await store.list('', { limit: 10 })), ['for ever', 'longer']);
  },
  'expired keys take no room in a listing': async (store, { ttlMs, pass }) => {
    await store.batch(numbers(40).map((n) => ({ type: 'set', key: `k${digits(n)}`, value: n, ...(n % 4 !== 3 && { ttlMs }) })));
    await pass(ttlMs);
    deepStrictEqual(keysOf(await store.list('k', { limit: 3 })), ['k0003', 'k0007', 'k0011']);
    deepStrictEqual(keysOf(await store.list('k', { after: 'k0009', limit: 2 })), ['k0011', 'k0015']);
  },
};
