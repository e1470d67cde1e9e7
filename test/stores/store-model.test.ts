import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/runtime/json.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Store, StoreOperation } from '../../src/stores/store.js';
import { sqliteStore } from '../../src/sqlite/index.js';
import { fakeClock, type FakeClock } from '../../src/testing/fake-clock.js';

interface Row {
  readonly value: JsonValue;
  readonly version: string;
  readonly expiresAtMs: number;
}

/** A model of a store, as simple as possible. */
class Model {
  readonly rows = new Map<string, Row>();
  readonly versions: string[] = [];
  readonly clock: FakeClock;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }
  live(key: string): Row | undefined {
    const row = this.rows.get(key);
    return row && row.expiresAtMs > this.clock.now() ? row : undefined;
  }
  holds(operation: StoreOperation): boolean {
    const version = this.live(operation.key)?.version;
    if (operation.type === 'setIfAbsent') return version === undefined;
    return operation.ifVersion === undefined || operation.ifVersion === version;
  }
  put(key: string, value: JsonValue, ttlMs: number | undefined, version: string): void {
    expect(this.versions).not.toContain(version);
    this.versions.push(version);
    this.rows.set(key, { value, version, expiresAtMs: ttlMs === undefined ? Infinity : this.clock.now() + ttlMs });
  }
  list(prefix: string, after: string | undefined, limit: number): unknown[] {
    return [...this.rows.keys()]
      .filter((key) => this.live(key) && key.startsWith(prefix) && (after === undefined || compareBytes(key, after) > 0))
      .sort(compareBytes)
      .slice(0, limit)
      .map((key) => ({ key, value: this.live(key)!.value, version: this.live(key)!.version }));
  }
}

const compareBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

type Step = fc.AsyncCommand<Model, Store>;

/** Few keys, so that steps collide, with all lengths of UTF-8. */
const keys = fc.array(fc.constantFrom('a', 'b', '/', 'é', '\ufffd', '😀', '\u0000'), { maxLength: 3 }).map((parts) => parts.join(''));
const ttls = fc.option(fc.nat(50), { nil: undefined });
const values = fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>;
/** A current or earlier version of a key, by its age. */
const versions = fc.option(fc.nat(6), { nil: undefined });

const withTtl = (ttlMs: number | undefined) => (ttlMs === undefined ? {} : { ttlMs });
const withVersion = (model: Readonly<Model>, key: string, ago: number | undefined): { ifVersion?: string } => {
  if (ago === undefined) return {};
  // Usually the current version, so that conditions succeed.
  return { ifVersion: (ago < 4 ? model.live(key)?.version : model.versions.at(-ago)) ?? 'never given' };
};
const step = (name: string, run: (model: Model, store: Store) => Promise<void>): Step => ({ check: () => true, run, toString: () => name });

const steps = [
  fc.tuple(keys, values, ttls, versions).map(([key, value, ttlMs, ago]) =>
    step(`set ${JSON.stringify([key, value, ttlMs, ago])}`, async (model, store) => {
      const options = { ...withTtl(ttlMs), ...withVersion(model, key, ago) };
      const expected = model.holds({ type: 'set', key, value, ...options });
      const result = await store.set(key, value, options);
      expect(result.written).toBe(expected);
      if (result.written) model.put(key, value, ttlMs, result.version);
    }),
  ),
  fc.tuple(keys, values, ttls).map(([key, value, ttlMs]) =>
    step(`setIfAbsent ${JSON.stringify([key, value, ttlMs])}`, async (model, store) => {
      const expected = model.live(key) === undefined;
      const result = await store.setIfAbsent(key, value, withTtl(ttlMs));
      expect(result.written).toBe(expected);
      if (result.written) model.put(key, value, ttlMs, result.version);
    }),
  ),
  fc.tuple(keys, versions).map(([key, ago]) =>
    step(`delete ${JSON.stringify([key, ago])}`, async (model, store) => {
      const options = withVersion(model, key, ago);
      const expected = model.live(key) !== undefined && model.holds({ type: 'delete', key, ...options });
      expect(await store.delete(key, options)).toBe(expected);
      if (expected) model.rows.delete(key);
    }),
  ),
  fc.array(fc.tuple(fc.constantFrom('set', 'setIfAbsent', 'delete'), keys, values, ttls, versions), { maxLength: 4 }).map((parts) =>
    step(`batch ${JSON.stringify(parts)}`, async (model, store) => {
      const operations = parts.map(([type, key, value, ttlMs, ago]): StoreOperation => {
        if (type === 'delete') return { type, key, ...withVersion(model, key, ago) };
        if (type === 'setIfAbsent') return { type, key, value, ...withTtl(ttlMs) };
        return { type: 'set', key, value, ...withTtl(ttlMs), ...withVersion(model, key, ago) };
      });
      const expected = operations.every((operation) => model.holds(operation));
      const versions = await store.batch(operations);
      expect(versions !== false).toBe(expected);
      if (!versions) return;
      for (const [index, operation] of operations.entries()) {
        if (operation.type === 'delete') model.rows.delete(operation.key);
        else model.put(operation.key, operation.value, operation.ttlMs, versions[index]!);
      }
      for (const key of new Set(operations.map((operation) => operation.key))) {
        const row = model.live(key);
        expect(await store.get(key)).toEqual(row && { value: row.value, version: row.version });
      }
    }),
  ),
  keys.map((key) =>
    step(`get ${JSON.stringify(key)}`, async (model, store) => {
      const row = model.live(key);
      expect(await store.get(key)).toEqual(row && { value: row.value, version: row.version });
    }),
  ),
  fc.tuple(keys, fc.option(keys, { nil: undefined }), fc.nat(5)).map(([prefix, after, limit]) =>
    step(`list ${JSON.stringify([prefix, after, limit])}`, async (model, store) => {
      expect(await store.list(prefix, { limit, ...(after !== undefined && { after }) })).toEqual(model.list(prefix, after, limit));
    }),
  ),
  fc.nat(60).map((durationMs) => step(`${durationMs} ms pass`, (model) => model.clock.advance(durationMs))),
];

const agrees = async (createStore: (clock: FakeClock) => Store, commands: Iterable<Step>): Promise<void> => {
  const clock = fakeClock();
  const store = createStore(clock);
  const model = new Model(clock);
  await fc.asyncModelRun(() => ({ model, real: store }), commands);
  expect(await store.list('', { limit: 1_000 })).toEqual(model.list('', undefined, 1_000));
  await store.close?.();
};

const runs = process.env.WA_COEXIST_LONG ? 20 : 1;

describe('random operations have the same results as with a map', () => {
  test('in memoryStore', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 60 }), (commands) => agrees((clock) => memoryStore({ clock }), commands)),
      { numRuns: 300 * runs },
    );
  });

  test('in sqliteStore', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 60 }), (commands) =>
        agrees((clock) => sqliteStore({ file: ':memory:', clock }), commands),
      ),
      { numRuns: 100 * runs },
    );
  });
});
