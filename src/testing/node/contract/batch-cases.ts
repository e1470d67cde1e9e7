import { deepStrictEqual, fail, notStrictEqual, ok, strictEqual } from 'node:assert';
import type { JsonValue } from '../../../runtime/json.js';
import type { StoreOperation } from '../../../stores/store.js';
import { contentsOf, digits, increment, microtasks, numbers, transfer, versionOf, type Check } from './contract-case.js';

export const batches: Readonly<Record<string, Check>> = {
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
  'a batch of which one condition fails applies nothing': async (store) => {
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
  'conditions of a batch are checked against what stood before it, operations apply in order': async (store) => {
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
      'the version that stands is that of the last write',
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
    ok(await store.batch([{ type: 'set', key: 'a', value: 2, ifVersion: a }]), 'the returned version works as a condition');
    strictEqual(await store.batch([{ type: 'set', key: 'a', value: 3, ifVersion: a }]), false);
  },
  'a batch may be empty, or long': async (store) => {
    deepStrictEqual(await store.batch([]), []);
    const versions = await store.batch(numbers(500).map((n) => ({ type: 'setIfAbsent', key: `long/${digits(n)}`, value: n })));
    strictEqual(versions && new Set(versions).size, 500);
    strictEqual((await store.list('long/', { limit: 1_000 })).length, 500);
  },
};

export const races: Readonly<Record<string, Check>> = {
  'two to six writers on one key lose no update': async (store) => {
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
  'of simultaneous setIfAbsent exactly one writes': async (store) => {
    for (const round of numbers(20)) {
      const key = `mine/${String(round)}`;
      const results = await Promise.all(numbers(6).map((n) => store.setIfAbsent(key, n)));
      const winners = numbers(6).filter((n) => results[n]?.written);
      deepStrictEqual([winners.length, (await store.get(key))?.value], [1, winners[0]]);
    }
  },
  'of simultaneous conditional writes and removals exactly one takes place': async (store) => {
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
  'of simultaneous removals exactly one removes': async (store) => {
    await store.set('key', 1);
    const removed = await Promise.all(numbers(6).map(() => store.delete('key')));
    strictEqual(removed.filter(Boolean).length, 1);
  },
  'a batch and a set that meet leave the one or the other, whole': async (store) => {
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
  'transfers by batch neither make nor lose anything': async (store) => {
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
  'work in a list by due time is claimed once, by one of six': async (store) => {
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
