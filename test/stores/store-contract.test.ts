import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/stores/memory.js';
import { compareKeys } from '../../src/stores/sorted-keys.js';
import type { Store, StoreOperation } from '../../src/stores/store.js';
import { sqliteStore } from '../../src/sqlite/index.js';
import { fakeClock } from '../../src/testing/fake-clock.js';
import { storeContract } from '../../src/testing/node/store-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'stores-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;
const newFile = (): string => join(folder, `${String((files += 1))}.db`);

/** Passes each call to the next of several connections to the same data. */
function inTurn(stores: readonly Store[]): Store {
  let calls = 0;
  const next = (): Store => stores[(calls += 1) % stores.length]!;
  return {
    get: (...args) => next().get(...args),
    set: (...args) => next().set(...args),
    setIfAbsent: (...args) => next().setIfAbsent(...args),
    delete: (...args) => next().delete(...args),
    list: (...args) => next().list(...args),
    batch: (...args) => next().batch(...args),
    close: async () => {
      for (const store of stores) await store.close?.();
    },
  };
}

describe('memoryStore', () => {
  const clock = fakeClock();
  for (const { name, run } of storeContract({ createStore: () => memoryStore({ clock }), clock })) test(name, run);
});

describe('memoryStore in real time', () => {
  for (const { name, run } of storeContract({ createStore: () => memoryStore() })) test(name, run);
});

describe('sqliteStore', () => {
  const clock = fakeClock();
  for (const { name, run } of storeContract({ createStore: () => sqliteStore({ file: newFile(), clock }), clock })) test(name, run);
});

describe('sqliteStore in memory, in real time', () => {
  for (const { name, run } of storeContract({ createStore: () => sqliteStore(':memory:') })) test(name, run);
});

describe('three connections to one SQLite file', () => {
  const clock = fakeClock();
  const createStore = (): Store => {
    const file = newFile();
    return inTurn([sqliteStore({ file, clock }), sqliteStore({ file, clock }), sqliteStore({ file, clock })]);
  };
  for (const { name, run } of storeContract({ createStore, clock })) test(name, run);
});

describe('a store that breaks one rule fails the contract', () => {
  const clock = fakeClock();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  /** Each one is a correct store with one fault that adapters typically have. */
  const faults: Record<string, (sound: Store) => Partial<Store>> = {
    'reads are eventual': (sound) => {
      let stale = memoryStore({ clock });
      const copy = async (): Promise<void> => {
        const next = memoryStore({ clock });
        for (const { key, value } of await sound.list('', { limit: 10_000 })) await next.set(key, value);
        stale = next;
      };
      return {
        async get(key) {
          const entry = await stale.get(key);
          void copy();
          return entry && (await sound.get(key));
        },
      };
    },
    'conditions are checked, then written': (sound) => ({
      async set(key, value, { ifVersion, ...options } = {}) {
        if (ifVersion !== undefined && (await sound.get(key))?.version !== ifVersion) return { written: false };
        return sound.set(key, value, options);
      },
    }),
    'setIfAbsent looks, then writes': (sound) => ({
      async setIfAbsent(key, value, options) {
        if (await sound.get(key)) return { written: false };
        await turn();
        return sound.set(key, value, options);
      },
    }),
    'delete looks, then removes': (sound) => ({
      async delete(key, { ifVersion } = {}) {
        const entry = await sound.get(key);
        if (!entry || (ifVersion !== undefined && entry.version !== ifVersion)) return false;
        await sound.delete(key);
        return true;
      },
    }),
    'batch checks, then writes': (sound) => ({
      async batch(operations) {
        for (const { type, key, ...rest } of operations) {
          const entry = await sound.get(key);
          if (type === 'setIfAbsent' && entry) return false;
          if ('ifVersion' in rest && rest.ifVersion !== entry?.version) return false;
        }
        return sound.batch(
          operations.map(
            (operation): StoreOperation =>
              ({ ...operation, type: operation.type === 'delete' ? 'delete' : 'set', ifVersion: undefined }) as unknown as StoreOperation,
          ),
        );
      },
    }),
    'batch stops halfway': (sound) => ({
      async batch(operations) {
        const versions: (string | undefined)[] = [];
        for (const operation of operations) {
          const result = await sound.batch([operation]);
          if (!result) return false;
          versions.push(...result);
        }
        return versions;
      },
    }),
    'batch tells no versions': (sound) => ({
      batch: async (operations) => (await sound.batch(operations)) && operations.map(() => undefined),
    }),
    'batch drops the time to live': (sound) => ({
      batch: (operations) =>
        sound.batch(
          operations.map((operation) =>
            operation.type === 'delete'
              ? operation
              : {
                  type: operation.type,
                  key: operation.key,
                  value: operation.value,
                  ...('ifVersion' in operation && { ifVersion: operation.ifVersion }),
                },
          ),
        ),
    }),
    'set ignores the version': (sound) => ({
      set: (key, value, { ttlMs } = {}) => sound.set(key, value, ttlMs === undefined ? {} : { ttlMs }),
    }),
    'delete ignores the version': (sound) => ({ delete: (key) => sound.delete(key) }),
    'a write keeps the old time to live': (sound) => {
      const ends = new Map<string, number>();
      return {
        set(key, value, options = {}) {
          if (options.ttlMs !== undefined) ends.set(key, clock.now() + options.ttlMs);
          const end = ends.get(key);
          return sound.set(key, value, end === undefined ? options : { ...options, ttlMs: end - clock.now() });
        },
      };
    },
    'keys never expire': (sound) => ({ set: (key, value, options) => sound.set(key, value, { ...options, ttlMs: undefined! }) }),
    'keys expire a millisecond late': (sound) => ({
      set: (key, value, options) =>
        sound.set(key, value, { ...options, ...(options?.ttlMs !== undefined && { ttlMs: options.ttlMs + 1 }) }),
    }),
    'versions count per key': (sound) => {
      const counts = new Map<string, number>();
      return {
        async get(key) {
          const entry = await sound.get(key);
          return entry && { ...entry, version: `1.${String(counts.get(key) ?? 0)}` };
        },
        async setIfAbsent(key, value, options) {
          const result = await sound.setIfAbsent(key, value, options);
          if (!result.written) return result;
          counts.set(key, 1);
          return { written: true, version: '1.1' };
        },
      };
    },
    'versions are of the value': (sound) => ({
      async set(key, value, options) {
        const result = await sound.set(key, value, options);
        return result.written ? { written: true, version: JSON.stringify(value) } : result;
      },
    }),
    'keys sort by UTF-16 units': (sound) => ({
      list: async (prefix, { after = '', limit }) =>
        (await sound.list(prefix, { limit: 10_000 }))
          .filter(({ key }) => key > after)
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .slice(0, limit),
    }),
    'keys sort by locale': (sound) => ({
      list: async (prefix, { after, limit }) =>
        (await sound.list(prefix, { limit: 10_000, ...(after !== undefined && { after }) }))
          .toSorted((a, b) => a.key.localeCompare(b.key))
          .slice(0, limit),
    }),
    'a prefix is a pattern': (sound) => ({
      list: async (prefix, { after, limit }) => {
        const pattern = new RegExp(
          `^${prefix
            .replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
            .replaceAll('%', '.*')
            .replaceAll('_', '.')}`,
          'su',
        );
        return (await sound.list('', { limit: 10_000 }))
          .filter(({ key }) => pattern.test(key) && (after === undefined || compareKeys(key, after) > 0))
          .slice(0, limit);
      },
    }),
    'after is included': (sound) => ({
      list: async (prefix, { after, limit }) =>
        (await sound.list(prefix, { limit: 10_000 }))
          .filter(({ key }) => after === undefined || compareKeys(key, after) >= 0)
          .slice(0, limit),
    }),
    'after is ignored': (sound) => ({ list: (prefix, { limit }) => sound.list(prefix, { limit }) }),
    'the limit is ignored': (sound) => ({ list: (prefix, options) => sound.list(prefix, { ...options, limit: 10_000 }) }),
    'listings are stale': (sound) => {
      const seen = new Map<string, Awaited<ReturnType<Store['list']>>>();
      return {
        async list(prefix, options) {
          const name = JSON.stringify([prefix, options]);
          seen.set(name, seen.get(name) ?? (await sound.list(prefix, options)));
          return seen.get(name)!;
        },
      };
    },
    'after must be there': (sound) => ({
      list: async (prefix, { after, limit }) =>
        after !== undefined && !(await sound.get(after)) ? [] : sound.list(prefix, { limit, ...(after !== undefined && { after }) }),
    }),
    'expired keys count for the limit': (sound) => {
      const keys = new Set<string>();
      return {
        async batch(operations) {
          for (const { key } of operations) keys.add(key);
          return sound.batch(operations);
        },
        list: async (prefix, { after, limit }) => {
          const page = [...keys]
            .filter((key) => key.startsWith(prefix) && (after === undefined || key > after))
            .sort()
            .slice(0, limit);
          return (await Promise.all(page.map(async (key) => ({ key, entry: await sound.get(key) })))).flatMap(({ key, entry }) =>
            entry ? [{ key, ...entry }] : [],
          );
        },
      };
    },
    'keys are trimmed': (sound) => ({
      get: (key) => sound.get(key.trim()),
      set: (key, value, options) => sound.set(key.trim(), value, options),
      setIfAbsent: (key, value, options) => sound.setIfAbsent(key.trim(), value, options),
    }),
    'keys end at a NUL': (sound) => ({
      setIfAbsent: (key, value, options) => sound.setIfAbsent(key.split('\u0000')[0]!, value, options),
    }),
    'values are handed out by reference': (sound) => {
      const held = new Map<string, unknown>();
      return {
        set(key, value, options) {
          held.set(key, value);
          return sound.set(key, value, options);
        },
        async get(key) {
          const entry = await sound.get(key);
          return entry && { ...entry, value: (held.get(key) ?? entry.value) as typeof entry.value };
        },
      };
    },
  };

  test.each(Object.entries(faults))('%s', async (_name, fault) => {
    const createStore = (): Store => {
      const sound = memoryStore({ clock });
      return { ...sound, ...fault(sound) };
    };
    const failed: string[] = [];
    for (const { name, run } of storeContract({ createStore, clock })) await run().catch(() => failed.push(name));
    expect(failed).not.toEqual([]);
  });
});
