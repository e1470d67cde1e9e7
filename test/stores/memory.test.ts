import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { memoryStore } from 'wa-coexist';
import { updateEntry } from '../../src/stores/records.js';
import type { JsonValue } from '../../src/runtime/json.js';
import { sqliteStore } from '../../src/sqlite/index.js';
import { fakeClock } from '../../src/testing/fake-clock.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([
  ['memoryStore', () => memoryStore()],
  ['sqliteStore', () => sqliteStore(':memory:')],
])('%s and values that are not JSON', (_name, createStore) => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as JsonValue;

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['circular', circular],
    ['too deep', deep],
    ['a bigint', 1n],
  ])('%s: rejects, and nothing is written, not even the other operations of a batch', async (_kind, value) => {
    const store = createStore();
    const unwritable = value as JsonValue;
    const refusal = { name: 'StoreError', kind: 'store', reason: 'not-json' };
    await expect(store.set('key', unwritable)).rejects.toMatchObject(refusal);
    await expect(store.setIfAbsent('key', unwritable)).rejects.toMatchObject(refusal);
    await expect(
      store.batch([
        { type: 'set', key: 'before', value: 1 },
        { type: 'set', key: 'key', value: unwritable },
      ]),
    ).rejects.toMatchObject(refusal);
    expect(await store.list('', { limit: 10 })).toEqual([]);
    await store.set('key', 1);
    expect(await store.list('', { limit: 10 })).toHaveLength(1);
    await store.close?.();
  });
});

describe('memoryStore', () => {
  test('a list of one prefix among 100,000 keys reads only that prefix', async () => {
    const store = memoryStore();
    for (let thread = 0; thread < 1_000; thread += 1) {
      await store.batch(
        Array.from({ length: 100 }, (_, n) => ({ type: 'set' as const, key: `thread/${thread}/${String(n).padStart(3, '0')}`, value: n })),
      );
    }
    const looks = vi.spyOn(String.prototype, 'startsWith');
    const page = await store.list('thread/500/', { after: 'thread/500/009', limit: 20 });
    expect(looks.mock.calls.length).toBeLessThan(25);
    expect(page.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, n) => n + 10));
  });

  test('expired rows are removed from memory without another call', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const removed = vi.spyOn(Map.prototype, 'delete');
    const countRemoved = (prefix: string): number => removed.mock.calls.filter(([key]) => String(key).startsWith(prefix)).length;
    for (let n = 0; n < 12_000; n += 1) await store.set(`short/${n}`, n, { ttlMs: 10 });
    for (let n = 0; n < 100; n += 1) await store.set(`long/${n}`, n, { ttlMs: 86_400_000 });
    await clock.advance(59_000);
    expect(countRemoved('short/')).toBe(0);
    await clock.advance(2_000);
    expect(countRemoved('short/')).toBe(12_000);
    expect(countRemoved('long/')).toBe(0);
    await clock.advance(86_400_000);
    expect(countRemoved('long/')).toBe(100);
    expect(await store.list('', { limit: 10 })).toEqual([]);
  });

  test('a row that is written during a sweep is removed by the next one', async () => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    for (let n = 0; n < 12_000; n += 1) await store.set(`row/${n}`, n, { ttlMs: n === 0 ? 10 : 86_400_000 });
    await clock.advance(60_010);
    const removed = vi.spyOn(Map.prototype, 'delete');
    // The sweep has passed this row, but hasn't finished.
    await store.set('row/1', 1, { ttlMs: 10 });
    await clock.advance(70_000);
    expect(removed.mock.calls.map(([key]) => String(key))).toContain('row/1');
  });

  test('no timer counts as pending, and none is started if no entry expires', async () => {
    const clock = fakeClock();
    let timers = 0;
    const store = memoryStore({ clock: { ...clock, schedule: (...parameters) => ((timers += 1), clock.schedule(...parameters)) } });
    await store.set('key', 1);
    expect(timers).toBe(0);
    await store.set('key', 1, { ttlMs: 10 });
    expect(timers).toBe(1);
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  test('an unused store is garbage-collected before its rows expire', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const megabytes = async (): Promise<number> => {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      return process.memoryUsage().heapUsed / 1e6;
    };
    const before = await megabytes();
    for (let n = 0; n < 20; n += 1) await memoryStore().set('key', 'x'.repeat(5e6), { ttlMs: 86_400_000 });
    expect((await megabytes()) - before).toBeLessThan(50);
  });
});

describe('updateEntry', () => {
  test('loses no concurrent update, and keeps other members', async () => {
    const store = memoryStore();
    const add = (): Promise<JsonValue | undefined> => updateEntry(store, 'count', (count) => Number(count ?? 0) + 1);
    await Promise.all(Array.from({ length: 50 }, add));
    expect(await updateEntry(store, 'count', () => undefined)).toBe(50);
    expect(await updateEntry(store, 'absent', () => undefined)).toBeUndefined();
    expect(await store.get('absent')).toBeUndefined();
  });
});
