import { readOptions } from '../errors/check-options.js';
import type { Clock } from '../runtime/clock.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { storeOverTable, type EntryTable, type TableEntry } from './entry-table.js';
import { compareKeys, sortedKeys } from './sorted-keys.js';
import type { Store } from './store.js';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Tells when keys expire. @defaultValue the machine's clock */
  readonly clock?: Clock;
}

interface Row extends TableEntry {
  readonly expiresAtMs: number;
}

/** Expired rows are removed when this many writes have gone by, or as many as rows were left the last time. */
const writesBetweenSweeps = 1_000;

/**
 * A store in the memory of this process: everything in it is gone when the process ends. For tests, and for programs that may forget.
 *
 * @example
 * ```ts
 * import { memoryStore } from 'wa-coexist';
 *
 * const store = memoryStore();
 * await store.set('greeting', 'hello');
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const clock = readOptions('memoryStore', options, (copy) => resolveClock(copy.clock, resolveLogger(undefined)));
  return storeOverTable(memoryTable(clock), { read: runNow, write: runNow });
}

/** Nothing can come between the steps of work that never waits. */
function runNow<Result>(work: () => Result): Result {
  return work();
}

function memoryTable(clock: Clock): EntryTable {
  const rows = new Map<string, Row>();
  const keys = sortedKeys();
  let lastVersion = 0;
  let writesUntilSweep = writesBetweenSweeps;

  const remove = (key: string): void => {
    if (rows.delete(key)) keys.remove(key);
  };
  const live = (key: string): Row | undefined => {
    const row = rows.get(key);
    if (!row || row.expiresAtMs > clock.now()) return row;
    remove(key);
    return undefined;
  };
  const sweepNowAndThen = (): void => {
    writesUntilSweep -= 1;
    if (writesUntilSweep > 0) return;
    const now = clock.now();
    for (const [key, row] of rows) if (row.expiresAtMs <= now) remove(key);
    writesUntilSweep = Math.max(writesBetweenSweeps, rows.size);
  };

  return {
    find: (key) => live(wellFormed(key)),
    versionOf: (key) => live(wellFormed(key))?.version,
    put(anyKey, json, ttlMs) {
      const key = wellFormed(anyKey);
      if (!rows.has(key)) keys.add(key);
      const version = String((lastVersion += 1));
      rows.set(key, { json, version, expiresAtMs: ttlMs === undefined ? Infinity : clock.now() + ttlMs });
      sweepNowAndThen();
      return version;
    },
    remove(key) {
      remove(wellFormed(key));
    },
    list(anyPrefix, anyAfter, limit) {
      const prefix = wellFormed(anyPrefix);
      const after = anyAfter === undefined ? undefined : wellFormed(anyAfter);
      const found: (Row & { readonly key: string })[] = [];
      if (limit === 0) return found;
      for (const key of keys.from(after !== undefined && compareKeys(after, prefix) > 0 ? after : prefix)) {
        if (!key.startsWith(prefix)) break;
        const row = key === after ? undefined : live(key);
        if (row && found.push({ key, ...row }) === limit) break;
      }
      return found;
    },
  };
}

/** As UTF-8 has it: half of a surrogate pair alone becomes the replacement character. */
function wellFormed(key: string): string {
  return /[\ud800-\udfff]/.test(key) ? key.replace(/\p{Surrogate}/gu, '\ufffd') : key;
}
