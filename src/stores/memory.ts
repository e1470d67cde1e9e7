import { systemClock, type Clock } from '../runtime/clock.js';
import type { JsonValue } from '../runtime/json.js';
import type { ListedEntry, Store, StoreEntry, StoreOperation, WriteResult } from './store.js';

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Tells when keys expire. @defaultValue the machine's clock */
  readonly clock?: Clock;
}

interface Row {
  readonly json: string;
  readonly version: string;
  readonly expiresAtMs: number;
}

/** Expired rows are removed when this many writes have gone by. */
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
  const clock = options.clock ?? systemClock;
  const rows = new Map<string, Row>();
  const keys = sortedKeys();
  let nextVersion = 1;
  let writesSinceSweep = 0;

  const live = (key: string): Row | undefined => {
    const row = rows.get(key);
    if (row && row.expiresAtMs <= clock.now()) {
      remove(key);
      return undefined;
    }
    return row;
  };
  const remove = (key: string): boolean => {
    if (!rows.delete(key)) return false;
    keys.remove(key);
    return true;
  };
  const write = (key: string, value: JsonValue, ttlMs: number | undefined): WriteResult => {
    if (!rows.has(key)) keys.add(key);
    const version = String(nextVersion++);
    rows.set(key, { json: JSON.stringify(value), version, expiresAtMs: ttlMs === undefined ? Infinity : clock.now() + ttlMs });
    sweepNowAndThen();
    return { written: true, version };
  };
  const sweepNowAndThen = (): void => {
    writesSinceSweep += 1;
    if (writesSinceSweep < Math.max(writesBetweenSweeps, rows.size)) return;
    writesSinceSweep = 0;
    const now = clock.now();
    for (const [key, row] of rows) if (row.expiresAtMs <= now) remove(key);
  };
  const holds = (operation: StoreOperation): boolean => {
    const row = live(operation.key);
    if (operation.type === 'setIfAbsent') return row === undefined;
    return operation.ifVersion === undefined || row?.version === operation.ifVersion;
  };
  const apply = (operation: StoreOperation): WriteResult | boolean =>
    operation.type === 'delete' ? remove(operation.key) : write(operation.key, operation.value, operation.ttlMs);

  return {
    get: (key) => Promise.resolve(entryOf(live(key))),
    set: (key, value, { ttlMs, ifVersion } = {}) => {
      if (ifVersion !== undefined && live(key)?.version !== ifVersion) return Promise.resolve({ written: false });
      return Promise.resolve(write(key, value, ttlMs));
    },
    setIfAbsent: (key, value, { ttlMs } = {}) => Promise.resolve(live(key) ? { written: false as const } : write(key, value, ttlMs)),
    delete: (key, { ifVersion } = {}) => {
      const row = live(key);
      return Promise.resolve(row !== undefined && (ifVersion === undefined || row.version === ifVersion) && remove(key));
    },
    list: (prefix, { after, limit }) => {
      const found: ListedEntry[] = [];
      for (const key of keys.from(after !== undefined && compareKeys(after, prefix) >= 0 ? after : prefix)) {
        if (found.length >= limit || !key.startsWith(prefix)) break;
        if (key === after) continue;
        const entry = entryOf(live(key));
        if (entry) found.push({ key, ...entry });
      }
      return Promise.resolve(found);
    },
    batch: (operations) => {
      if (!operations.every(holds)) return Promise.resolve(false);
      for (const operation of operations) apply(operation);
      return Promise.resolve(true);
    },
  };
}

function entryOf(row: Row | undefined): StoreEntry | undefined {
  // The text was made from a JsonValue by this store.
  return row && { value: JSON.parse(row.json) as JsonValue, version: row.version };
}

/** Orders keys as their UTF-8 bytes do, which is the order of code points (unlike the language's own, by UTF-16 units). */
function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above every other UTF-16 unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

interface SortedKeys {
  add(key: string): void;
  remove(key: string): void;
  /** Keys in order from the first that does not sort before `start`. The listing is a copy in steps: removals meanwhile are tolerated. */
  from(start: string): Iterable<string>;
}

/** Ordered keys in blocks of bounded length: adding, removing and seeking cost far less than the number of keys. */
function sortedKeys(): SortedKeys {
  const blockLength = 512;
  const blocks: string[][] = [[]];

  /** The last block whose first key does not sort after `key`. */
  const blockFor = (key: string): number => {
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = blocks[middle]?.[0];
      if (first !== undefined && compareKeys(first, key) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const positionIn = (block: readonly string[], key: string): number => {
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(block[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(key) {
      const index = blockFor(key);
      const block = blocks[index] ?? [];
      block.splice(positionIn(block, key), 0, key);
      if (block.length > blockLength) blocks.splice(index + 1, 0, block.splice(blockLength / 2));
    },
    remove(key) {
      const index = blockFor(key);
      const block = blocks[index] ?? [];
      const position = positionIn(block, key);
      if (block[position] !== key) return;
      block.splice(position, 1);
      if (block.length === 0 && blocks.length > 1) blocks.splice(index, 1);
    },
    *from(start) {
      let key: string | undefined = start;
      for (;;) {
        const index = blockFor(key);
        const block: readonly string[] = blocks[index] ?? [];
        const rest: readonly string[] = block.slice(positionIn(block, key));
        // Read before handing out: whoever takes the keys may remove some, and blocks with them.
        key = blocks[index + 1]?.[0];
        yield* rest;
        if (key === undefined) return;
      }
    },
  };
}
