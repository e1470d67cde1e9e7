import { deepStrictEqual, fail, notStrictEqual, ok, strictEqual } from 'node:assert';
import { systemClock, wait } from '../../runtime/clock.js';
import type { JsonValue } from '../../runtime/json.js';
import type { ListedEntry, Store, StoreOperation } from '../../stores/store.js';

/** Options of {@link storeContract}. */
export interface StoreContractOptions {
  /** Creates an empty store. Each case calls it one time, and closes the store at the end. */
  readonly createStore: () => Store | Promise<Store>;
  /**
   * The clock of the stores, if your test can advance it, for example `fakeClock()`.
   * @defaultValue keys expire in real time, which needs about a second in total
   */
  readonly clock?:
    | {
        /** Advances the time of the store. */
        advance(durationMs: number): void | Promise<void>;
      }
    | undefined;
}

/** One requirement of a store. */
export interface StoreContractCase {
  /** The requirement, as a sentence. */
  readonly name: string;
  /** @throws an `AssertionError` if the store doesn't meet it. */
  readonly run: () => Promise<void>;
}

/**
 * Returns all requirements of a {@link Store} as named test cases for any test runner: values, versions, expiry, order,
 * listing, atomic batches, and races between writers. You can use a store that passes everywhere in the library.
 *
 * The cases can run in sequence or in parallel. To test races between connections, create a store that distributes its
 * calls over several connections.
 *
 * @param options - Creates the stores. See {@link StoreContractOptions}.
 * @returns the test cases.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 * import { memoryStore } from 'wa-coexist';
 * import { fakeClock } from 'wa-coexist/testing';
 * import { storeContract } from 'wa-coexist/testing/node';
 *
 * const clock = fakeClock();
 * for (const { name, run } of storeContract({ createStore: () => memoryStore({ clock }), clock })) test(name, run);
 * ```
 */
export function storeContract(options: StoreContractOptions): readonly StoreContractCase[] {
  const { createStore, clock } = options;
  const time: Time = clock
    ? { exact: true, ttlMs: 1_000, pass: async (durationMs) => clock.advance(durationMs) }
    : { exact: false, ttlMs: 40, pass: (durationMs) => wait(systemClock, durationMs + 40) };
  return Object.entries(cases).map(([name, check]) => ({
    name,
    async run() {
      const store = await createStore();
      try {
        await check(store, time);
      } finally {
        await store.close?.();
      }
    },
  }));
}

interface Time {
  /** Whether time passes to the millisecond. */
  readonly exact: boolean;
  /** A time to live that is worth waiting for. */
  readonly ttlMs: number;
  readonly pass: (durationMs: number) => Promise<void>;
}

type Check = (store: Store, time: Time) => Promise<void>;

const values: Readonly<Record<string, Check>> = {
  'a key that was never written is absent': async (store) => {
    strictEqual(await store.get('absent'), undefined);
    strictEqual(await store.delete('absent'), false);
    deepStrictEqual(await store.list('absent', { limit: 10 }), []);
  },
  'get returns the value that set wrote, and the version that set returned': async (store) => {
    const version = versionOf(await store.set('key', { a: [1] }));
    deepStrictEqual(await store.get('key'), { value: { a: [1] }, version });
    const later = versionOf(await store.set('key', 'other'));
    deepStrictEqual(await store.get('key'), { value: 'other', version: later });
  },
  'values of every JSON type are returned unchanged': async (store) => {
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
  "changing a value after a write or a read doesn't change the stored value": async (store) => {
    const value = { list: [1] };
    await store.set('key', value);
    value.list.push(2);
    const read = (await store.get('key'))?.value;
    deepStrictEqual(read, { list: [1] });
    Object.assign(read, { list: 'changed' });
    deepStrictEqual((await store.get('key'))?.value, { list: [1] });
  },
  'keys with any text are different keys': async (store) => {
    const keys = oddKeys();
    for (const [index, key] of keys.entries())
      strictEqual((await store.setIfAbsent(key, index)).written, true, `${JSON.stringify(key)} is new`);
    for (const [index, key] of keys.entries()) strictEqual((await store.get(key))?.value, index, JSON.stringify(key));
    deepStrictEqual(keysOf(await store.list('', { limit: 1_000 })), inOrder(keys));
  },
  'an unpaired surrogate in a key counts as U+FFFD': async (store) => {
    await store.set('half \ud83d', 1);
    strictEqual((await store.get('half \ufffd'))?.value, 1);
    strictEqual((await store.get('half \udc00'))?.value, 1);
    deepStrictEqual(keysOf(await store.list('half \ud83d', { limit: 9 })), ['half \ufffd']);
  },
};

const versions: Readonly<Record<string, Check>> = {
  'every write gives the key a version that it never had before': async (store) => {
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
  'set with a version writes only while the key has this version': async (store) => {
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
  "setIfAbsent writes an absent key and doesn't change an existing one": async (store) => {
    const version = versionOf(await store.setIfAbsent('key', 'first'));
    deepStrictEqual(await store.setIfAbsent('key', 'second'), { written: false });
    deepStrictEqual(await store.get('key'), { value: 'first', version });
    strictEqual(await store.delete('key'), true);
    strictEqual((await store.setIfAbsent('key', 'second')).written, true);
  },
  'delete removes a key once, and with a version only while the key has this version': async (store) => {
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

const expiry: Readonly<Record<string, Check>> = {
  'an expired key is absent for every method': async (store, { ttlMs, pass }) => {
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
  'a key exists until it expires': async (store, { exact, pass }) => {
    await store.set('set', 1, { ttlMs: 60_000 });
    await store.setIfAbsent('setIfAbsent', 1, { ttlMs: 60_000 });
    await store.batch([{ type: 'set', key: 'batch', value: 1, ttlMs: 60_000 }]);
    if (exact) await pass(59_999);
    for (const key of ['set', 'setIfAbsent', 'batch']) strictEqual((await store.get(key))?.value, 1, key);
    if (!exact) return;
    await pass(1);
    for (const key of ['set', 'setIfAbsent', 'batch']) strictEqual(await store.get(key), undefined, key);
  },
  'setIfAbsent and batch set the time to live of keys': async (store, { ttlMs, pass }) => {
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
  'a later write replaces the time to live, or removes it': async (store, { ttlMs, pass }) => {
    await store.set('longer', 1, { ttlMs });
    await store.set('longer', 2, { ttlMs: 60_000 });
    await store.set('for ever', 1, { ttlMs });
    await store.set('for ever', 2);
    await store.set('shorter', 1);
    await store.set('shorter', 2, { ttlMs });
    await pass(ttlMs);
    deepStrictEqual(keysOf(await store.list('', { limit: 10 })), ['for ever', 'longer']);
  },
  "expired keys don't count towards the limit of a listing": async (store, { ttlMs, pass }) => {
    await store.batch(numbers(40).map((n) => ({ type: 'set', key: `k${digits(n)}`, value: n, ...(n % 4 !== 3 && { ttlMs }) })));
    await pass(ttlMs);
    deepStrictEqual(keysOf(await store.list('k', { limit: 3 })), ['k0003', 'k0007', 'k0011']);
    deepStrictEqual(keysOf(await store.list('k', { after: 'k0009', limit: 2 })), ['k0011', 'k0015']);
  },
};

const listing: Readonly<Record<string, Check>> = {
  'keys are listed in the order of their UTF-8 bytes': async (store) => {
    const tails = [
      '',
      'A',
      'B',
      'a',
      'aa',
      'b',
      '~',
      '\u007f',
      '\u0080',
      'é',
      '߿',
      'ࠀ',
      '漢',
      '\ud7ff',
      '\ue000',
      '\ufffd',
      '\uffff',
      '𐀀',
      '😀',
      '\u{10ffff}',
      '10',
      '9',
      '/',
      ' ',
    ];
    for (const tail of [...tails].reverse()) await store.set(`order/${tail}`, tail);
    const expected = inOrder(tails.map((tail) => `order/${tail}`));
    deepStrictEqual(keysOf(await store.list('order/', { limit: 100 })), expected);
    for (const [index, key] of expected.entries()) {
      deepStrictEqual(
        keysOf(await store.list('order/', { after: key, limit: 2 })),
        expected.slice(index + 1, index + 3),
        `after ${JSON.stringify(key)}`,
      );
    }
  },
  'a prefix is taken literally': async (store) => {
    const keys = ['a', 'a%', 'a%b', 'a*', 'a*b', 'a?', 'a[b]', 'a\\', 'a_', 'a_b', 'ab', 'abb', 'A%', 'a\u{10ffff}', 'b', '`'];
    for (const key of keys) await store.set(key, true);
    for (const prefix of ['', ...keys, 'a[', 'absent']) {
      deepStrictEqual(
        keysOf(await store.list(prefix, { limit: 100 })),
        inOrder(keys.filter((key) => key.startsWith(prefix))),
        JSON.stringify(prefix),
      );
    }
  },
  'after and limit page through a prefix and return each key once, while other keys are added and removed': async (store) => {
    await store.batch(numbers(120).map((n) => ({ type: 'set', key: `page/${digits(n)}`, value: n })));
    await store.set('pag', 'below');
    await store.set('page0', 'above');
    const found: ListedEntry[] = [];
    let last: ListedEntry | undefined;
    for (const _ of numbers(30)) {
      const page = await store.list('page/', { limit: 7, ...(last && { after: last.key }) });
      ok(page.length <= 7, 'no page is longer than its limit');
      found.push(...page);
      last = page.at(-1);
      if (!last) break;
      // The key at which the next page starts can be deleted in the meantime.
      await store.delete(last.key);
      await store.set('page/0000 written behind', true);
    }
    deepStrictEqual(
      found.map(({ value }) => value),
      numbers(120),
    );
  },
  'after can be any key, even one outside the prefix': async (store) => {
    for (const key of ['a/1', 'b/1', 'b/3', 'c/1']) await store.set(key, true);
    const after = async (key: string): Promise<readonly string[]> => keysOf(await store.list('b/', { after: key, limit: 10 }));
    deepStrictEqual(await after('a/1'), ['b/1', 'b/3']);
    deepStrictEqual(await after('b'), ['b/1', 'b/3']);
    deepStrictEqual(await after('b/'), ['b/1', 'b/3']);
    deepStrictEqual(await after('b/2'), ['b/3']);
    deepStrictEqual(await after('b/3'), []);
    deepStrictEqual(await after('c/1'), []);
  },
  'a listing returns the same values and versions as get': async (store) => {
    for (const n of numbers(5)) await store.set(`key/${String(n)}`, { n });
    await store.set('key/2', 'again');
    for (const { key, ...entry } of await store.list('key/', { limit: 10 })) deepStrictEqual(entry, await store.get(key));
  },
};

const batches: Readonly<Record<string, Check>> = {
  'a batch applies all of its operations': async (store) => {
    const version = versionOf(await store.set('set', 1));
    await store.set('delete', 1);
    const applied = await store.batch([
      { type: 'set', key: 'set', value: 2, ifVersion: version },
      { type: 'set', key: 'new', value: 2 },
      { type: 'setIfAbsent', key: 'absent', value: 2 },
      { type: 'delete', key: 'delete' },
      { type: 'delete', key: 'never there' },
    ]);
    ok(applied, 'it was applied');
    deepStrictEqual(await contentsOf(store), { absent: 2, new: 2, set: 2 });
  },
  'a batch applies no operation if one condition fails': async (store) => {
    const stale = versionOf(await store.set('a', 1));
    await store.set('a', 2);
    await store.set('b', 2);
    const version = (await store.get('b'))?.version ?? fail('b is there');
    const good: readonly StoreOperation[] = [
      { type: 'set', key: 'b', value: 'changed', ifVersion: version },
      { type: 'set', key: 'c', value: 'new' },
      { type: 'setIfAbsent', key: 'd', value: 'new' },
      { type: 'delete', key: 'b', ifVersion: version },
    ];
    const bad: readonly StoreOperation[] = [
      { type: 'set', key: 'a', value: 3, ifVersion: stale },
      { type: 'set', key: 'absent', value: 3, ifVersion: version },
      { type: 'delete', key: 'a', ifVersion: stale },
      { type: 'delete', key: 'absent', ifVersion: version },
      { type: 'setIfAbsent', key: 'a', value: 3 },
    ];
    for (const operation of bad) {
      for (const position of numbers(good.length + 1)) {
        strictEqual(await store.batch(good.toSpliced(position, 0, operation)), false, `${operation.type} at ${String(position)}`);
        deepStrictEqual(await contentsOf(store), { a: 2, b: 2 });
      }
    }
    strictEqual((await store.get('b'))?.version, version);
  },
  'conditions of a batch are checked against the state before it, and operations apply in order': async (store) => {
    const version = versionOf(await store.set('a', 0));
    const applied = await store.batch([
      { type: 'set', key: 'a', value: 1 },
      { type: 'set', key: 'a', value: 2, ifVersion: version },
      { type: 'setIfAbsent', key: 'b', value: 1 },
      { type: 'delete', key: 'b' },
      { type: 'setIfAbsent', key: 'c', value: 1 },
      { type: 'set', key: 'c', value: 2 },
    ]);
    ok(applied, 'it was applied');
    deepStrictEqual(await contentsOf(store), { a: 2, c: 2 });
    const [, second, , , , sixth] = applied;
    deepStrictEqual(
      [second, sixth],
      [(await store.get('a'))?.version, (await store.get('c'))?.version],
      'the final version is that of the last write',
    );
  },
  'a batch returns the version that each operation wrote': async (store) => {
    await store.set('old', 1);
    const versions = await store.batch([
      { type: 'set', key: 'a', value: 1 },
      { type: 'delete', key: 'old' },
      { type: 'setIfAbsent', key: 'b', value: 1 },
      { type: 'delete', key: 'never there' },
    ]);
    ok(versions, 'it was applied');
    deepStrictEqual(versions, [(await store.get('a'))?.version, undefined, (await store.get('b'))?.version, undefined]);
    const [a = fail('a was written')] = versions;
    ok(await store.batch([{ type: 'set', key: 'a', value: 2, ifVersion: a }]), 'a condition accepts the version that the batch returned');
    strictEqual(await store.batch([{ type: 'set', key: 'a', value: 3, ifVersion: a }]), false);
  },
  'a batch can be empty or long': async (store) => {
    deepStrictEqual(await store.batch([]), []);
    const versions = await store.batch(numbers(500).map((n) => ({ type: 'setIfAbsent', key: `long/${digits(n)}`, value: n })));
    strictEqual(versions && new Set(versions).size, 500);
    strictEqual((await store.list('long/', { limit: 1_000 })).length, 500);
  },
};

const races: Readonly<Record<string, Check>> = {
  'two to six writers of one key lose no update': async (store) => {
    for (const writers of [2, 3, 4, 5, 6]) {
      const key = `counter/${String(writers)}`;
      await Promise.all(
        numbers(writers).map(async () => {
          for (const _ of numbers(10)) await increment(store, key);
        }),
      );
      strictEqual((await store.get(key))?.value, writers * 10, `${String(writers)} writers`);
    }
  },
  'only one of several simultaneous setIfAbsent calls writes': async (store) => {
    for (const round of numbers(20)) {
      const key = `mine/${String(round)}`;
      const results = await Promise.all(numbers(6).map((n) => store.setIfAbsent(key, n)));
      const winners = numbers(6).filter((n) => results[n]?.written);
      deepStrictEqual([winners.length, (await store.get(key))?.value], [1, winners[0]]);
    }
  },
  'only one of several simultaneous conditional writes and removals succeeds': async (store) => {
    for (const round of numbers(20)) {
      const key = `one/${String(round)}`;
      const version = versionOf(await store.set(key, 'start'));
      const results = await Promise.all([
        store.set(key, 'a', { ifVersion: version }).then(({ written }) => written),
        store.delete(key, { ifVersion: version }),
        store.batch([{ type: 'set', key, value: 'b', ifVersion: version }]),
        store.set(key, 'c', { ifVersion: version }).then(({ written }) => written),
        store.batch([{ type: 'delete', key, ifVersion: version }]),
      ]);
      const winners = results.flatMap((won, index) => (won ? [index] : []));
      strictEqual(winners.length, 1, `round ${String(round)}`);
      strictEqual((await store.get(key))?.value, ['a', undefined, 'b', 'c', undefined][winners[0] ?? fail()]);
    }
  },
  'only one of several simultaneous removals removes the key': async (store) => {
    await store.set('key', 1);
    const removed = await Promise.all(numbers(6).map(() => store.delete('key')));
    strictEqual(removed.filter(Boolean).length, 1);
  },
  'a simultaneous batch and set leave the complete result of one of them': async (store) => {
    for (const round of numbers(20)) {
      const [left, right] = [`left/${String(round)}`, `right/${String(round)}`];
      const version = versionOf(await store.set(left, 'start'));
      const [applied, result] = await Promise.all([
        store.batch([
          { type: 'setIfAbsent', key: right, value: 'batch' },
          { type: 'set', key: left, value: 'batch', ifVersion: version },
        ]),
        microtasks(round).then(() => store.set(left, 'set', { ifVersion: version })),
      ]);
      notStrictEqual(applied !== false, result.written, 'one of the two, not both');
      deepStrictEqual([(await store.get(left))?.value, (await store.get(right))?.value], applied ? ['batch', 'batch'] : ['set', undefined]);
    }
  },
  'transfers with batches neither create nor lose anything': async (store) => {
    const accounts = numbers(4).map((n) => `account/${String(n)}`);
    for (const account of accounts) await store.set(account, 100);
    await Promise.all(
      numbers(6).map(async (writer) => {
        for (const step of numbers(10)) {
          const from = accounts[(writer + step) % 4] ?? fail();
          const to = accounts[(writer + step * 3 + 1) % 4] ?? fail();
          if (from !== to) await transfer(store, from, to);
        }
      }),
    );
    const total = (await store.list('account/', { limit: 10 })).reduce((sum, { value }) => sum + Number(value), 0);
    strictEqual(total, 400);
  },
  'only one of six workers claims each entry of a due list': async (store) => {
    await store.batch(numbers(40).map((n) => ({ type: 'set', key: `due/${digits(n)}`, value: n })));
    const claimed = await Promise.all(
      numbers(6).map(async (worker) => {
        const mine: JsonValue[] = [];
        for (const _ of numbers(200)) {
          const due = await store.list('due/', { limit: 3 });
          if (due.length === 0) break;
          for (const { key, value, version } of due) {
            const won = await store.batch([
              { type: 'delete', key, ifVersion: version },
              { type: 'setIfAbsent', key: `leased/${key}`, value: worker },
            ]);
            if (won) mine.push(value);
          }
        }
        return mine;
      }),
    );
    deepStrictEqual(
      claimed.flat().sort((a, b) => Number(a) - Number(b)),
      numbers(40),
    );
    strictEqual((await store.list('leased/', { limit: 100 })).length, 40);
  },
};

const cases: Readonly<Record<string, Check>> = { ...values, ...versions, ...expiry, ...listing, ...batches, ...races };

/** Keys with a special meaning in a query language or a file system. A store compares only their bytes. */
const oddKeys = (): readonly string[] => [
  ...[
    'a',
    'A',
    'a ',
    ' a',
    'a\n',
    'a\u0000',
    'a\u0000b',
    'a/b',
    'a//b',
    'a:b',
    'a.b',
    '..',
    '%',
    '_',
    '*',
    '?',
    '[a]',
    '\\',
    '\\\\',
    "'",
    '"',
    '`',
    '{a}',
    '$a',
  ],
  ...[
    'é',
    'e\u0301',
    'ß',
    'ss',
    'İ',
    'i',
    '漢',
    '😀',
    '\ufeffa',
    '\u200ba',
    '1',
    '01',
    '1.0',
    '1e0',
    'null',
    'undefined',
    '__proto__',
    'constructor',
  ],
  ...['k'.repeat(1_000), `${'k'.repeat(999)}l`, '😀'.repeat(200)],
];

/**
 * Increments a counter by compare-and-swap. Limited, so that a store that returns outdated versions fails instead of
 * looping forever.
 */
async function increment(store: Store, key: string): Promise<void> {
  for (const _ of numbers(1_000)) {
    const entry = await store.get(key);
    const { written } = entry
      ? await store.set(key, Number(entry.value) + 1, { ifVersion: entry.version })
      : await store.setIfAbsent(key, 1);
    if (written) return;
  }
  fail(`${key} was read and written 1,000 times, but always changed in between`);
}

async function transfer(store: Store, from: string, to: string): Promise<void> {
  for (const _ of numbers(1_000)) {
    const [source, target] = [await store.get(from), await store.get(to)];
    if (!source || !target) fail('an account was lost');
    const applied = await store.batch([
      { type: 'set', key: from, value: Number(source.value) - 1, ifVersion: source.version },
      { type: 'set', key: to, value: Number(target.value) + 1, ifVersion: target.version },
    ]);
    if (applied) return;
  }
  fail(`${from} and ${to} were read and written 1,000 times, but always changed in between`);
}

function versionOf(result: Awaited<ReturnType<Store['set']>>): string {
  return result.written ? result.version : fail('the write took place');
}

async function contentsOf(store: Store): Promise<Record<string, JsonValue>> {
  return Object.fromEntries((await store.list('', { limit: 1_000 })).map(({ key, value }) => [key, value]));
}

function keysOf(entries: readonly ListedEntry[]): readonly string[] {
  return entries.map(({ key }) => key);
}

/** By code points, which is the order of UTF-8 bytes. */
function inOrder(keys: readonly string[]): string[] {
  const points = (key: string): number[] => Array.from(key, (character) => character.codePointAt(0) ?? 0);
  return [...keys].sort((left, right) => {
    const [a, b] = [points(left), points(right)];
    const index = a.findIndex((point, at) => point !== b[at]);
    return index === -1 ? a.length - b.length : (a[index] ?? 0) - (b[index] ?? -1);
  });
}

/** Runs other work for a while, so that the test reaches stores in memory between any two steps. */
async function microtasks(count: number): Promise<void> {
  for (const _ of numbers(count)) await Promise.resolve();
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function digits(n: number): string {
  return String(n).padStart(4, '0');
}
