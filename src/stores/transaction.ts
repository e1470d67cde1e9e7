import type { JsonValue } from '../runtime/json.js';
import { compareKeys } from './sorted-keys.js';
import type { BatchResult, ListedEntry, Store, StoreEntry, StoreOperation, WriteResult } from './store.js';

/**
 * A view of a store that collects writes, so that one batch applies all of them or none. It reads each key once. All
 * methods see the collected writes.
 */
export interface Transaction extends Store {
  /**
   * Reads a key from the store again and returns its entry, or the collected write. Later reads see the new entry. Use
   * it to find out whether keys changed while you read others.
   */
  reload(key: string): Promise<StoreEntry | undefined>;
  /** Marks the current state. The returned function discards all later writes. */
  savepoint(): () => void;
  /**
   * Applies the writes. Call it once.
   *
   * @returns `false` if a key on which a write depends was changed in the meantime. In this case, no write was applied.
   */
  commit(): Promise<boolean>;
}

/** A collected write: the next entry, or `undefined` for a deletion. */
interface CollectedWrite {
  readonly entry: StoreEntry | undefined;
  readonly ttlMs: number | undefined;
  /** Whether the key must still have the entry that was read from the store. */
  readonly depends: boolean;
}

let lastVersion = 0;

/**
 * Begins a transaction. It doesn't lock: a conditional write fails in `commit` if another process wrote the key since
 * it was read. Keys that are only read aren't checked.
 *
 * @param store - The store.
 */
export function beginTransaction(store: Store): Transaction {
  const found = new Map<string, Promise<StoreEntry | undefined>>();
  const writes = new Map<string, CollectedWrite>();
  const undo: (readonly [key: string, before: CollectedWrite | undefined])[] = [];

  const base = (key: string): Promise<StoreEntry | undefined> => {
    const known = found.get(key);
    if (known) return known;
    const entry = store.get(key);
    found.set(key, entry);
    return entry;
  };
  const get = (key: string): Promise<StoreEntry | undefined> => {
    const write = writes.get(key);
    return write ? Promise.resolve(write.entry) : base(key);
  };
  const collect = (key: string, entry: StoreEntry | undefined, depends: boolean, ttlMs?: number): void => {
    const before = writes.get(key);
    undo.push([key, before]);
    writes.set(key, { entry, ttlMs, depends: depends || before?.depends === true });
  };
  const put = (key: string, value: JsonValue, depends: boolean, ttlMs: number | undefined): string => {
    const version = `collected.${String((lastVersion += 1))}`;
    collect(key, { value, version }, depends, ttlMs);
    return version;
  };
  const holds = async (operation: StoreOperation): Promise<boolean> => {
    if (operation.type === 'setIfAbsent') return (await get(operation.key)) === undefined;
    return operation.ifVersion === undefined || (await get(operation.key))?.version === operation.ifVersion;
  };
  const apply = (operation: StoreOperation): string | undefined => {
    const depends = operation.type === 'setIfAbsent' || operation.ifVersion !== undefined;
    if (operation.type !== 'delete') return put(operation.key, operation.value, depends, operation.ttlMs);
    collect(operation.key, undefined, depends);
    return undefined;
  };
  const batch = async (operations: readonly StoreOperation[]): Promise<BatchResult> => {
    for (const operation of operations) if (!(await holds(operation))) return false;
    return operations.map(apply);
  };
  const write = async (operation: StoreOperation): Promise<WriteResult> => {
    const result = await batch([operation]);
    return result === false ? { written: false } : { written: true, version: result[0] ?? '' };
  };
  const list: Store['list'] = async (prefix, { after, limit }) => {
    const own = [...writes].filter(([key]) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0));
    const page = await store.list(prefix, { limit: limit + own.length, ...(after !== undefined && { after }) });
    const entries = new Map<string, ListedEntry>(page.map((entry) => [entry.key, entry]));
    for (const [key, { entry }] of own) {
      if (entry) entries.set(key, { key, ...entry });
      else entries.delete(key);
    }
    return [...entries.values()].sort((left, right) => compareKeys(left.key, right.key)).slice(0, limit);
  };
  /** Returns the operation of a collected write, or `undefined` if a key was created and deleted. */
  const operationOf = async (key: string, { entry, ttlMs, depends }: CollectedWrite): Promise<StoreOperation | undefined> => {
    const life = ttlMs === undefined ? {} : { ttlMs };
    if (!depends) return entry ? { type: 'set', key, value: entry.value, ...life } : { type: 'delete', key };
    const before = await base(key);
    if (!entry) return before && { type: 'delete', key, ifVersion: before.version };
    return before
      ? { type: 'set', key, value: entry.value, ifVersion: before.version, ...life }
      : { type: 'setIfAbsent', key, value: entry.value, ...life };
  };

  return {
    get,
    set: (key, value, options) => write({ ...options, type: 'set', key, value }),
    setIfAbsent: (key, value, options) => write({ ...options, type: 'setIfAbsent', key, value }),
    delete: async (key, { ifVersion } = {}) => {
      if ((await get(key)) === undefined) return false;
      return (await batch([{ type: 'delete', key, ...(ifVersion !== undefined && { ifVersion }) }])) !== false;
    },
    list,
    batch,
    reload(key) {
      if (!writes.has(key)) found.delete(key);
      return get(key);
    },
    savepoint() {
      const { length } = undo;
      return () => {
        for (const [key, before] of undo.splice(length).reverse()) {
          if (before) writes.set(key, before);
          else writes.delete(key);
        }
      };
    },
    async commit() {
      const operations: StoreOperation[] = [];
      for (const [key, collected] of writes) {
        const operation = await operationOf(key, collected);
        if (operation) operations.push(operation);
      }
      return operations.length === 0 || (await store.batch(operations)) !== false;
    },
  };
}
