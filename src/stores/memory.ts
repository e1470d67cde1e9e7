import { readOptions } from '../errors/check-options.js';
import type { Clock } from '../runtime/clock.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { storeOverTable, type EntryTable, type TableEntry } from './entry-table.js';
import { expirySweep, type ExpirySweep, type SweepStep } from './expiry-sweep.js';
import { compareKeys, sortedKeys } from './sorted-keys.js';
import type { Store } from './store.js';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Provides the time for expiry. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

interface Row extends TableEntry {
  readonly expiresAtMs: number;
}

/** Number of rows that one step of a sweep checks. */
const rowsPerStep = 5_000;

/**
 * Creates a store in the memory of this process. All data is lost when the process ends. Use it for tests, and if you
 * don't need durable data. Expired keys are removed in the background. The timer doesn't keep the process alive.
 *
 * @param options - The clock.
 * @returns a {@link Store}
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
  const table = memoryTable(clock, (atMs) => {
    sweep.expiresAt(atMs);
  });
  const sweep = weakSweep(clock, table);
  return storeOverTable(table, { read: runNow, write: runNow });
}

/** Sweeps a table through a weak reference, so that an unused store can be garbage-collected before its rows expire. */
function weakSweep(clock: Clock, table: MemoryTable): ExpirySweep {
  const reference = new WeakRef(table);
  return expirySweep({ clock, removeExpired: () => reference.deref()?.removeExpired() });
}

/** Synchronous work can't be interleaved. */
function runNow<Result>(work: () => Result): Result {
  return work();
}

interface MemoryTable extends EntryTable {
  /** Runs one step of a sweep. */
  removeExpired(): SweepStep;
}

function memoryTable(clock: Clock, onExpiry: (atMs: number) => void): MemoryTable {
  const rows = new Map<string, Row>();
  const keys = sortedKeys();
  let lastVersion = 0;

  const remove = (key: string): void => {
    if (rows.delete(key)) keys.remove(key);
  };
  const live = (key: string): Row | undefined => {
    const row = rows.get(key);
    if (!row || row.expiresAtMs > clock.now()) return row;
    remove(key);
    return undefined;
  };
  /** The sweep in progress: the remaining rows, and the earliest expiry of the checked rows. */
  let sweeping: { readonly rows: Iterator<[string, Row]>; nextMs: number } | undefined;

  return {
    find: (key) => live(wellFormed(key)),
    versionOf: (key) => live(wellFormed(key))?.version,
    put(anyKey, json, ttlMs) {
      const key = wellFormed(anyKey);
      if (!rows.has(key)) keys.add(key);
      const version = String((lastVersion += 1));
      const expiresAtMs = ttlMs === undefined ? Infinity : clock.now() + ttlMs;
      rows.set(key, { json, version, expiresAtMs });
      if (expiresAtMs < Infinity) onExpiry(expiresAtMs);
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
    removeExpired() {
      const now = clock.now();
      sweeping ??= { rows: rows.entries(), nextMs: Infinity };
      for (let looks = 0; looks < rowsPerStep; looks += 1) {
        const next = sweeping.rows.next();
        if (next.done) {
          const { nextMs } = sweeping;
          sweeping = undefined;
          return nextMs;
        }
        const [key, { expiresAtMs }] = next.value;
        if (expiresAtMs <= now) remove(key);
        else sweeping.nextMs = Math.min(sweeping.nextMs, expiresAtMs);
      }
      return 'more';
    },
  };
}

/** Replaces unpaired surrogates, like UTF-8 encoding does. */
function wellFormed(key: string): string {
  return /[\ud800-\udfff]/.test(key) ? key.replace(/\p{Surrogate}/gu, '\ufffd') : key;
}
