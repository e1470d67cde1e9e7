import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { sqliteStore } from 'wa-coexist/sqlite';
import { groupCommit } from '../../src/stores/sqlite/group-commit.js';
import { statements } from '../../src/stores/sqlite/sqlite-table.js';
import type { Clock } from '../../src/runtime/clock.js';
import { fakeClock, type FakeClock } from '../../src/testing/fake-clock.js';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;
const newFile = (): string => join(folder, `${String((files += 1))}.db`);

describe('the file of a store', () => {
  test('contains all writes when it is opened again, and versions stay unique', async () => {
    const file = newFile();
    const seen = new Set<string>();
    for (let opening = 0; opening < 3; opening += 1) {
      await using store = sqliteStore(file);
      if (opening > 0) expect((await store.get('key'))?.value).toBe(opening - 1);
      const result = await store.set('key', opening);
      if (result.written) seen.add(result.version);
    }
    expect(seen.size).toBe(3);
  });

  test("is in WAL mode, so that readers and a writer don't wait for each other", async () => {
    const file = newFile();
    await using store = sqliteStore(file);
    await store.set('key', 1);
    const other = new DatabaseSync(file);
    expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    other.exec('BEGIN IMMEDIATE');
    expect((await store.get('key'))?.value).toBe(1);
    other.close();
  });

  test("is named with a remedy if it can't be opened", () => {
    const missing = join(folder, 'no such folder', 'store.db');
    expect(() => sqliteStore(missing)).toThrow(expect.objectContaining({ name: 'StoreError', kind: 'store', reason: 'failed' }));
    expect(() => sqliteStore(missing)).toThrow(/no such folder.*folder must exist/);
    const text = newFile();
    writeFileSync(text, 'this is a text and no database '.repeat(100));
    expect(() => sqliteStore(text)).toThrow(/not a database/);
  });

  const rowsIn = (file: string): number => {
    using database = new DatabaseSync(file);
    return Number(database.prepare('SELECT count(*) AS n FROM wa_coexist_entries').get()?.n);
  };
  const pagesIn = (file: string): number => {
    using database = new DatabaseSync(file);
    return Number(database.prepare('PRAGMA page_count').get()?.page_count);
  };
  /** Steps of a sweep wait for commits, which need turns of the event loop. */
  const sweepFor = async (clock: FakeClock, ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 50) await clock.advance(50);
  };

  test('loses its expired rows without another call, and returns their pages to the file system', async () => {
    const file = newFile();
    const clock = fakeClock();
    await using store = sqliteStore({ file, clock });
    const value = 'x'.repeat(2_000);
    await Promise.all(Array.from({ length: 2_000 }, (_, n) => store.set(`short/${n}`, value, { ttlMs: 10 })));
    await Promise.all(Array.from({ length: 100 }, (_, n) => store.set(`long/${n}`, value, { ttlMs: 86_400_000 })));
    await store.set('stays', 1);
    const pages = pagesIn(file);
    await clock.advance(60_000);
    expect(rowsIn(file)).toBe(2_101);
    await sweepFor(clock, 1_000);
    expect(rowsIn(file)).toBe(101);
    expect(pagesIn(file)).toBeLessThan(pages / 2);
    await clock.advance(86_400_000);
    await sweepFor(clock, 100);
    expect(rowsIn(file)).toBe(1);
    expect(await store.get('stays')).toMatchObject({ value: 1 });
  });

  test('loses rows that expired while no process had it open', async () => {
    const file = newFile();
    const clock = fakeClock();
    await using before = sqliteStore({ file, clock });
    await before.set('short', 1, { ttlMs: 10 });
    await before.close();
    await clock.advance(86_400_000);
    expect(rowsIn(file)).toBe(1);
    await using _store = sqliteStore({ file, clock });
    await clock.advance(60_000);
    expect(rowsIn(file)).toBe(0);
  });

  test('of an earlier version keeps its free pages, and its sweeps end', async () => {
    const file = newFile();
    const old = new DatabaseSync(file);
    old.exec('PRAGMA journal_mode = WAL; CREATE TABLE other (n INTEGER)');
    old.close();
    const clock = fakeClock();
    let timers = 0;
    const counting: Clock = { ...clock, schedule: (...parameters) => ((timers += 1), clock.schedule(...parameters)) };
    await using store = sqliteStore({ file, clock: counting });
    await Promise.all(Array.from({ length: 1_200 }, (_, n) => store.set(`short/${n}`, 'x'.repeat(2_000), { ttlMs: 10 })));
    await clock.advance(60_010);
    await sweepFor(clock, 1_000);
    expect(rowsIn(file)).toBe(0);
    expect(timers).toBeLessThan(6);
  });

  test('has no timer if no row expires, and none after it is closed', async () => {
    const scheduled = new Set<unknown>();
    const clock = fakeClock();
    const watched: Clock = {
      ...clock,
      schedule(callback, delayMs, options) {
        expect(options).toEqual({ background: true });
        scheduled.add(callback);
        const cancel = clock.schedule(callback, delayMs, options);
        return () => {
          scheduled.delete(callback);
          cancel();
        };
      },
    };
    const store = sqliteStore({ file: newFile(), clock: watched });
    await store.set('key', 1);
    expect(scheduled.size).toBe(0);
    await store.set('key', 1, { ttlMs: 10 });
    await store.set('other', 1, { ttlMs: 20 });
    expect(scheduled.size).toBe(1);
    await store.close();
    expect(scheduled.size).toBe(0);
  });
});

describe('close', () => {
  test('finishes earlier calls, rejects later calls, and can be called again', async () => {
    const file = newFile();
    const store = sqliteStore(file);
    const writes = Array.from({ length: 2_500 }, (_, n) => store.set(`key/${n}`, n));
    const closed = store.close();
    const late = { name: 'StoreError', reason: 'closed' };
    await expect(store.set('late', 1)).rejects.toMatchObject(late);
    await expect(store.get('key/1')).rejects.toMatchObject(late);
    await expect(store.batch([])).rejects.toMatchObject(late);
    await closed;
    await store.close();
    expect((await Promise.all(writes)).every(({ written }) => written)).toBe(true);
    await using again = sqliteStore(file);
    expect(await again.list('', { limit: 10_000 })).toHaveLength(2_500);
  });
});

describe('calls of a store', () => {
  test('take effect in the order of the calls, awaited or not', async () => {
    await using store = sqliteStore(newFile());
    const [, first, , listed, removed, last] = await Promise.all([
      store.set('key', 1),
      store.get('key'),
      store.set('key', 2),
      store.list('', { limit: 5 }),
      store.delete('key'),
      store.get('key'),
    ]);
    expect([first?.value, listed.map(({ value }) => value), removed, last]).toEqual([1, [2], true, undefined]);
  });

  test('wait outside the event loop while another process has locked the file', async () => {
    const file = newFile();
    await using store = sqliteStore(file);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    let done = false;
    const write = store.set('key', 1).finally(() => (done = true));
    const after = store.get('key');
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(done).toBe(false);
    other.exec('COMMIT');
    other.close();
    expect(await write).toMatchObject({ written: true });
    expect((await after)?.value).toBe(1);
  });
});

describe('groupCommit', () => {
  interface Opened {
    readonly database: DatabaseSync;
    readonly commits: ReturnType<typeof groupCommit>;
    readonly file: string;
    /** Number of rows that each transaction committed. */
    readonly groups: number[];
    /** The time of the transactions, in milliseconds. */
    readonly time: { nowMs: number };
  }
  const open = (): Opened => {
    const file = newFile();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE numbers (n INTEGER)');
    const count = database.prepare('SELECT count(*) AS n FROM numbers');
    const countRows = (): number => Number(count.get()?.n);
    const groups: number[] = [];
    const time = { nowMs: 0 };
    const commits = groupCommit(database, {
      nextTurn: (run) =>
        void setImmediate(() => {
          const before = countRows();
          run();
          if (countRows() > before) groups.push(countRows() - before);
        }),
      wait: (run) => void setImmediate(run),
      monotonic: () => time.nowMs,
    });
    return { database, groups, commits, file, time };
  };
  const insert = (database: DatabaseSync, n: number): (() => number) => {
    const statement = database.prepare('INSERT INTO numbers VALUES (?)');
    return () => (statement.run(n), n);
  };

  test('commits the works of one turn in one transaction', async () => {
    const { database, groups, commits } = open();
    await Promise.all(Array.from({ length: 2_300 }, (_, n) => commits.run(insert(database, n))));
    await commits.run(insert(database, 0));
    expect(groups).toEqual([2_300, 1]);
    expect(commits.idle()).toBe(true);
    database.close();
  });

  test('starts no further work in a transaction after 10 ms', async () => {
    const { database, groups, commits, time } = open();
    const slow = Array.from({ length: 10 }, (_, n) =>
      commits.run(() => {
        time.nowMs += 3;
        return insert(database, n)();
      }),
    );
    expect(await Promise.all(slow)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(groups).toEqual([4, 4, 2]);
    database.close();
  });

  test('lets other callbacks run between the results of a large transaction', async () => {
    const { database, groups, commits } = open();
    let turn = 0;
    const count = setInterval(() => (turn += 1), 0);
    const turns: number[] = [];
    const results = await Promise.all(
      Array.from({ length: 400 }, async (_, n) => {
        const result = await commits.run(insert(database, n));
        turns.push(turn);
        // A caller with work to do, so that a timer is due afterwards.
        const endsAtMs = performance.now() + 0.1;
        while (performance.now() < endsAtMs);
        return result;
      }),
    );
    clearInterval(count);
    expect(results).toEqual(Array.from({ length: 400 }, (_, n) => n));
    expect(groups).toEqual([400]);
    expect(new Set(turns).size).toBeGreaterThanOrEqual(4);
    database.close();
  });

  test('returns no result before the commit', async () => {
    const { database, commits, file } = open();
    const other = new DatabaseSync(file);
    const count = (): unknown => other.prepare('SELECT count(*) AS n FROM numbers').get()?.n;
    await Promise.all(
      [1, 2].map((n) =>
        commits.run(insert(database, n)).then(() => {
          expect(count()).toBe(2);
        }),
      ),
    );
    other.close();
    database.close();
  });

  test("a failing work doesn't affect others", async () => {
    const { database, commits } = open();
    const works = Array.from({ length: 20 }, (_, n) =>
      commits.run(() => {
        insert(database, n)();
        if (n === 7) throw new Error('seven');
        return n;
      }),
    );
    const results = await Promise.allSettled(works);
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([{ status: 'rejected', reason: new Error('seven') }]);
    expect(database.prepare('SELECT count(*) AS n FROM numbers WHERE n <> 7').get()?.n).toBe(19);
    expect(database.prepare('SELECT count(*) AS n FROM numbers').get()?.n).toBe(19);
    expect(await commits.run(insert(database, 7))).toBe(7);
    database.close();
  });

  test('times out on a locked file, and serves the next call again', async () => {
    const { database, commits, file } = open();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const refused = await Promise.allSettled([1, 2].map((n) => commits.run(insert(database, n))));
    expect(refused.map((result) => result.status === 'rejected' && (result.reason as { errcode: number }).errcode)).toEqual([5, 5]);
    other.exec('ROLLBACK');
    expect(await commits.run(insert(database, 3))).toBe(3);
    expect(database.prepare('SELECT n FROM numbers').all()).toEqual([{ n: 3 }]);
    other.close();
    database.close();
  });
});

describe.each([
  [100_000, true],
  [1_000_000, Boolean(process.env.WA_COEXIST_LONG)],
])('a list of one prefix among %i keys', (size, wanted) => {
  test.runIf(wanted)('reads only that prefix', { timeout: 300_000 }, async () => {
    const file = newFile();
    await using store = sqliteStore(file);
    const threads = size / 100;
    for (let thread = 0; thread < threads; thread += 1) {
      const key = `thread/${String(thread).padStart(6, '0')}`;
      void store.batch(
        Array.from({ length: 100 }, (_, n) => ({
          type: 'set' as const,
          key: `${key}/${String(n).padStart(3, '0')}`,
          value: n,
          ...(n % 2 && { ttlMs: 86_400_000 }),
        })),
      );
      if (thread % 100 === 0) await store.get(key);
    }
    const key = `thread/${String(threads / 2).padStart(6, '0')}/`;
    const page = await store.list(key, { after: `${key}009`, limit: 20 });
    expect(page.map(({ value }) => value)).toEqual(Array.from({ length: 20 }, (_, n) => n + 10));

    const plan = (sql: string): unknown[] => {
      const database = new DatabaseSync(file);
      const placeholders = sql.match(/\?/g)?.map(() => 1) ?? [];
      const details = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...placeholders);
      database.close();
      return details.map(({ detail }) => detail);
    };
    const byKey = 'USING INDEX sqlite_autoindex_wa_coexist_entries_1';
    for (const statistics of [false, true]) {
      // With statistics of the table, the planner chooses a plan again. It must not be worse.
      if (statistics) new DatabaseSync(file).exec('ANALYZE');
      expect(plan(statements.list)).toEqual([`SEARCH wa_coexist_entries ${byKey} (key>? AND key<?)`]);
      expect(plan(statements.find)).toEqual([`SEARCH wa_coexist_entries ${byKey} (key=?)`]);
      expect(plan(statements.versionOf)).toEqual([`SEARCH wa_coexist_entries ${byKey} (key=?)`]);
      expect(plan(statements.remove)).toEqual([`SEARCH wa_coexist_entries ${byKey} (key=?)`]);
      expect(plan(statements.sweep).join()).toMatch(
        /SEARCH wa_coexist_entries USING .*INDEX wa_coexist_entries_by_expiry \(expires_at_ms<\?\)/,
      );
      expect(plan(statements.sweep).join()).not.toContain('SCAN');
    }
  });
});
