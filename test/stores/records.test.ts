import { describe, expect, test } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { conflict, listEntries, untilWritten, updateRecord, writeIfUnchanged } from '../../src/stores/records.js';

describe('a compare-and-swap update', () => {
  test('loses no concurrent change, and applies the writes that belong to it one time', async () => {
    const store = memoryStore();
    const add = (n: number): Promise<number> =>
      updateRecord<{ readonly count: number }, number>(store, 'counter', (state) => {
        const count = (state?.count ?? 0) + 1;
        return { state: { count }, also: [{ type: 'setIfAbsent', key: `${String(count)}/${String(n)}`, value: n }], result: count };
      });
    const results = await Promise.all(Array.from({ length: 40 }, (_, n) => add(n)));
    expect(results.sort((left, right) => left - right)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect((await store.list('', { limit: 100 })).length).toBe(41);
  });

  test('rejects with busy after 1,000 conflicts in a row', async () => {
    let attempts = 0;
    const attempt = (): Promise<typeof conflict> => {
      attempts += 1;
      return Promise.resolve(conflict);
    };
    await expect(untilWritten(attempt)).rejects.toMatchObject({ name: 'StoreError', reason: 'busy' });
    expect(attempts).toBe(1_000);
  });

  test('writes a key only at its version, or only if it is absent', async () => {
    const store = memoryStore();
    const first = await writeIfUnchanged(store, 'key', undefined, 1);
    expect(await writeIfUnchanged(store, 'key', undefined, 2)).toBeUndefined();
    const second = await writeIfUnchanged(store, 'key', first, 3);
    expect(await writeIfUnchanged(store, 'key', first, 4)).toBeUndefined();
    expect(await store.get('key')).toEqual({ value: 3, version: second });
  });
});

test('lists all entries page by page, from a key', async () => {
  const store = memoryStore();
  for (let n = 0; n < 450; n += 1) await store.set(`key/${String(n).padStart(3, '0')}`, n);
  await store.set('other', 1);
  const values: unknown[] = [];
  for await (const { value } of listEntries(store, 'key/', 'key/099')) values.push(value);
  expect(values).toEqual(Array.from({ length: 350 }, (_, n) => n + 100));
});
