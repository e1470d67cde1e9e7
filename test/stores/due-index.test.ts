import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { memoryStore, type Logger, type Store } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { randomFrom } from '../coexistence/history-source.js';
import { dueKey, readDue, sweepDue, type DueSweepResult } from '../../src/stores/due-index.js';

const logger: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const leaseMs = 120_000;

interface Item {
  readonly [key: string]: string;
  readonly subject: string;
}

function setUp() {
  const clock = fakeClock({ now: new Date(1_000_000_000) });
  const store = memoryStore({ clock });
  const add = (dueInMs: number, subject: string) => store.set(dueKey('due/', clock.now() + dueInMs, subject), { subject });
  const sweep = (
    handle: (item: Item) => Promise<void> | void,
    { limit = 1_000, own = store, accepts = () => true }: { limit?: number; own?: Store; accepts?: (item: Item) => boolean } = {},
  ): Promise<DueSweepResult> =>
    sweepDue<Item>({
      store: own,
      clock,
      logger,
      prefix: 'due/',
      nowMs: clock.now(),
      limit,
      leaseMs,
      accepts,
      handle: async (item) => handle(item),
      onFailure: () => undefined,
    });
  const left = async (): Promise<unknown[]> => (await store.list('due/', { limit: 1_000 })).map(({ value }) => value);
  return { clock, store, add, sweep, left };
}

describe('a due index', () => {
  test('sorts by time, then by sequence, and returns the parts of its keys', async () => {
    const entries = fc.uniqueArray(
      fc.record({ atMs: fc.nat(1e12), sequence: fc.option(fc.nat(1e9), { nil: undefined }), id: fc.string() }),
      {
        selector: ({ id }) => Buffer.from(id).toString('hex'),
      },
    );
    await fc.assert(
      fc.asyncProperty(entries, fc.nat(1e12), fc.integer({ min: 1, max: 5 }), async (all, nowMs, limit) => {
        const store = memoryStore();
        for (const { atMs, sequence, id } of all) await store.set(dueKey('due/', atMs, id, sequence), id);
        const found: { readonly atMs: number; readonly id: unknown }[] = [];
        let nextDueAtMs: number | undefined;
        for (let after: string | undefined, more = true; more;) {
          const page = await readDue(store, 'due/', { nowMs, limit, after });
          found.push(...page.due.map(({ dueAtMs, value }) => ({ atMs: dueAtMs, id: value })));
          ({ nextDueAtMs, after } = page);
          more = after !== undefined;
        }
        const due = all.filter(({ atMs }) => atMs <= nowMs);
        expect(found.map(({ atMs }) => atMs)).toEqual(due.map(({ atMs }) => atMs).sort((left, right) => left - right));
        expect(new Set(found.map(({ id }) => id)).size).toBe(due.length);
        const later = all.filter(({ atMs }) => atMs > nowMs).map(({ atMs }) => atMs);
        expect(nextDueAtMs).toBe(later.length === 0 ? undefined : Math.min(...later));
      }),
      { numRuns: 50 },
    );
    expect(dueKey('due/', 1.2, 'a/b')).toBe('due/000000000000002/a/b');
    expect(dueKey('due/', -5, 'a', 7)).toBe('due/000000000000000-000000000007/a');
  });

  test('reads the IDs of keys with and without a sequence', async () => {
    const store = memoryStore();
    await store.set(dueKey('due/', 1, 'a/b'), 1);
    await store.set(dueKey('due/', 2, 'c/d', 3), 1);
    expect((await readDue(store, 'due/', { nowMs: 2, limit: 9 })).due.map(({ id, dueAtMs }) => [id, dueAtMs])).toEqual([
      ['a/b', 1],
      ['c/d', 2],
    ]);
  });
});

describe('a sweep', () => {
  test('handles due entries in order, up to the limit, and removes them', async () => {
    const { add, sweep, left } = setUp();
    for (let n = 49; n >= 0; n -= 1) await add(-1_000 + n, String(n));
    await add(1, 'later');
    const handled: string[] = [];
    expect(await sweep(({ subject }) => void handled.push(subject), { limit: 33 })).toEqual({ handled: 33, failed: 0 });
    expect(await sweep(({ subject }) => void handled.push(subject))).toEqual({ handled: 17, failed: 0 });
    expect(handled).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
    expect(await left()).toEqual([{ subject: 'later' }]);
  });

  test('leaves failed and unknown entries due and unchanged', async () => {
    const { add, sweep, left } = setUp();
    for (const subject of ['fails', 'unknown', 'succeeds']) await add(0, subject);
    const handle = ({ subject }: Item): void => {
      if (subject === 'fails') throw new Error('failed');
    };
    expect(await sweep(handle, { accepts: ({ subject }) => subject !== 'unknown' })).toEqual({ handled: 1, failed: 1 });
    expect(await left()).toEqual([{ subject: 'fails' }, { subject: 'unknown' }]);
  });

  test('removes entries whose records are gone because their handlers find nothing to do', async () => {
    const { clock, store, add, sweep, left } = setUp();
    for (let n = 0; n < 300; n += 1) await add(n, String(n));
    await store.set('record/7', 1);
    await clock.advance(300);
    const found: unknown[] = [];
    await sweep(async ({ subject }) => {
      const record = await store.get(`record/${subject}`);
      if (record) found.push(subject);
    });
    expect(found).toEqual(['7']);
    expect(await left()).toEqual([]);
  });

  test('acquires a batch in one turn, so that a store commits it in one transaction', async () => {
    const { store, add, sweep } = setUp();
    for (let n = 0; n < 20; n += 1) await add(0, String(n));
    let turns = 0;
    let isWriting = false;
    const own: Store = {
      ...store,
      set: async (...parameters) => {
        if (!isWriting) turns += 1;
        isWriting = true;
        await new Promise((resolve) => setImmediate(resolve));
        isWriting = false;
        return store.set(...parameters);
      },
    };
    await sweep(() => undefined, { own });
    expect(turns).toBe(1);
  });

  test('keeps an entry with a slow handler from other processes, also the rest of its batch', async () => {
    const { clock, add, sweep } = setUp();
    for (let n = 0; n < 5; n += 1) await add(0, String(n));
    const handled: string[] = [];
    const slow = sweep(async ({ subject }) => {
      await new Promise<void>((resolve) => clock.schedule(resolve, 10 * leaseMs));
      handled.push(`slow ${subject}`);
    });
    for (let n = 0; n < 55; n += 1) {
      await clock.advance(leaseMs);
      await sweep(({ subject }) => void handled.push(`other ${subject}`));
    }
    expect(await slow).toEqual({ handled: 5, failed: 0 });
    expect(handled).toEqual(['slow 0', 'slow 1', 'slow 2', 'slow 3', 'slow 4']);
  });

  test('handles entries that a dead process had acquired, after its lease', async () => {
    const { clock, store, sweep } = setUp();
    const key = dueKey('due/', clock.now(), 'a');
    await store.set(key, { subject: 'a', leasedUntilMs: clock.now() + leaseMs });
    const handled: Item[] = [];
    await clock.advance(leaseMs - 1);
    await sweep((item) => void handled.push(item));
    expect(handled).toEqual([]);
    await clock.advance(1);
    await sweep((item) => void handled.push(item));
    expect(handled).toEqual([{ subject: 'a' }]);
  });

  test('stops the renewal of all acquired entries if the store fails', async () => {
    const { clock, store, add, sweep, left } = setUp();
    for (const subject of ['a', 'b', 'c']) await add(0, subject);
    const own: Store = { ...store, delete: () => Promise.reject(new Error('away')) };
    await expect(sweep(() => undefined, { own })).rejects.toThrow('away');
    expect(clock.untilNextTimer()).toBeUndefined();
    await clock.advance(leaseMs);
    expect(await sweep(() => undefined)).toEqual({ handled: 3, failed: 0 });
    expect(await left()).toEqual([]);
  });
});

test('handles each entry one time in several processes with slow stores and failing handlers', async () => {
  const plan = fc.record({ entries: fc.integer({ min: 1, max: 60 }), processes: fc.integer({ min: 2, max: 4 }), seed: fc.nat() });
  await fc.assert(
    fc.asyncProperty(plan, async ({ entries, processes, seed }) => {
      const { store, add, sweep, left } = setUp();
      const random = randomFrom(seed);
      const next = (below: number): number => Math.floor(random() * below);
      const turn = async (): Promise<void> => {
        for (let turns = next(4); turns > 0; turns -= 1) await Promise.resolve();
      };
      const later =
        <Parameters extends readonly unknown[], Result>(operation: (...parameters: Parameters) => Promise<Result>) =>
        async (...parameters: Parameters): Promise<Result> => {
          await turn();
          return operation(...parameters);
        };
      const own: Store = { ...store, get: later(store.get), set: later(store.set), delete: later(store.delete), list: later(store.list) };
      for (let n = 0; n < entries; n += 1) await add(-next(5), String(n));
      const running = new Set<string>();
      const handled: string[] = [];
      const handle = async ({ subject }: Item): Promise<void> => {
        expect(running.has(subject)).toBe(false);
        running.add(subject);
        await turn();
        running.delete(subject);
        if (next(4) === 0) throw new Error('failed');
        handled.push(subject);
      };
      for (let failed = 1; failed > 0;) {
        const results = await Promise.all(Array.from({ length: processes }, () => sweep(handle, { own })));
        failed = results.reduce((sum, result) => sum + result.failed, 0);
      }
      expect(handled.sort()).toEqual(Array.from({ length: entries }, (_, n) => String(n)).sort());
      expect(await left()).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
