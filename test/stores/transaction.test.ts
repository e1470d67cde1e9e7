import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { memoryStore, type Store, type StoreOperation } from 'wa-coexist';
import { beginTransaction } from '../../src/stores/transaction.js';

const keys = ['a/1', 'a/2', 'a/3', 'b/1'];
const key = fc.constantFrom(...keys);
const operation: fc.Arbitrary<StoreOperation> = fc.oneof(
  fc.record({ type: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ type: fc.constant('setIfAbsent' as const), key, value: fc.nat() }),
  fc.record({ type: fc.constant('delete' as const), key }),
);

/** The values of all keys. */
async function valuesOf(store: Store): Promise<unknown> {
  return Promise.all(keys.map(async (one) => (await store.get(one))?.value));
}
async function withVersions(store: Store, batch: readonly StoreOperation[]): Promise<readonly StoreOperation[]> {
  return Promise.all(
    batch.map(async (one, index) => {
      const version = (await store.get(one.key))?.version;
      return one.type !== 'setIfAbsent' && index % 2 === 0 && version !== undefined ? { ...one, ifVersion: version } : one;
    }),
  );
}

test('a transaction shows and commits the same values as the store itself', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 4 }), fc.array(fc.array(operation, { maxLength: 3 })), async (first, batches) => {
      const [direct, store] = [memoryStore(), memoryStore()];
      for (const one of first) for (const target of [direct, store]) await target.batch([one]);
      const transaction = beginTransaction(store);
      const before = await valuesOf(store);
      for (const batch of batches) {
        const expected = await direct.batch(await withVersions(direct, batch));
        const result = await transaction.batch(await withVersions(transaction, batch));
        expect(result === false).toBe(expected === false);
        expect(await valuesOf(transaction)).toEqual(await valuesOf(direct));
        const page = async (target: Store): Promise<unknown> =>
          (await target.list('a/', { after: 'a/1', limit: 1 })).map(({ key: listed, value }) => [listed, value]);
        expect(await page(transaction)).toEqual(await page(direct));
      }
      expect(await valuesOf(store)).toEqual(before);
      expect(await transaction.commit()).toBe(true);
      expect(await valuesOf(store)).toEqual(await valuesOf(direct));
    }),
  );
});

test('a discarded part leaves no writes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation), fc.array(operation), async (kept, discarded) => {
      const [direct, store] = [memoryStore(), memoryStore()];
      const transaction = beginTransaction(store);
      for (const one of kept) for (const target of [direct, transaction]) await target.batch([one]);
      const discard = transaction.savepoint();
      for (const one of discarded) await transaction.batch([one]);
      discard();
      expect(await transaction.commit()).toBe(true);
      expect(await valuesOf(store)).toEqual(await valuesOf(direct));
    }),
  );
});

test('a transaction fails as a whole if another process wrote a key on which it depends', async () => {
  const store = memoryStore();
  await store.set('a/1', 1);
  const transaction = beginTransaction(store);
  const entry = await transaction.get('a/1');
  await transaction.set('a/1', 2, { ifVersion: entry?.version });
  await transaction.set('a/2', 2);
  await store.set('a/1', 7);
  expect(await transaction.commit()).toBe(false);
  expect(await valuesOf(store)).toEqual([7, undefined, undefined, undefined]);
});

test('reload() finds the write of another process', async () => {
  const store = memoryStore();
  const transaction = beginTransaction(store);
  expect(await transaction.get('a/1')).toBeUndefined();
  await store.set('a/1', 7);
  expect(await transaction.get('a/1')).toBeUndefined();
  expect((await transaction.reload('a/1'))?.value).toBe(7);
  expect((await transaction.get('a/1'))?.value).toBe(7);
});
