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
  /** Tells when keys expire. @defaultValue the machine's clock */
  readonly clock?: Clock | undefined;
}

interface Row extends TableEntry {
  readonly expiresAtMs: number;
}

/** How many rows one step of a sweep looks at. */
const rowsPerStep = 5_000;

/**
 * A store in the memory of this process: everything in it is gone when the process ends. For tests, and for programs that may forget.
 * Expired keys are removed in the background. The timer doesn't keep the process alive.
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

/** Sweeps a table without keeping it in memory: a store that is not used any more can be collected before its rows expire. */
function weakSweep(clock: Clock, table: MemoryTable): ExpirySweep {
  const reference = new WeakRef(table);
  return expirySweep({ clock, removeExpired: () => reference.deref()?.removeExpired() });
}

/** Nothing can come between the steps of work that never waits. */
function runNow<Result>(work: () => Result): Result {
  return work();
}

interface MemoryTable extends EntryTable {
  /** One step of a sweep. */
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
  /** The sweep that is in progress: what is left to look at, and the earliest expiry of what stayed. */
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

/** As UTF-8 has it: half of a surrogate pair alone becomes the replacement character. */
function wellFormed(key: string): string {
  return /[\ud800-\udfff]/.test(key) ? key.replace(/\p{Surrogate}/gu, '\ufffd') : key;
}
