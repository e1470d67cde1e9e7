import type { JsonValue } from '../runtime/json.js';
import { compareKeys } from './sorted-keys.js';
import type { BatchResult, ListedEntry, ListOptions, SetOptions, Store, StoreEntry, StoreOperation, WriteResult } from './store.js';

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
  return new CollectingTransaction(store);
}

class CollectingTransaction implements Transaction {
  readonly #store: Store;
  readonly #found = new Map<string, Promise<StoreEntry | undefined>>();
  readonly #writes = new Map<string, CollectedWrite>();
  readonly #undo: (readonly [key: string, before: CollectedWrite | undefined])[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  get(key: string): Promise<StoreEntry | undefined> {
    const write = this.#writes.get(key);
    return write ? Promise.resolve(write.entry) : this.#base(key);
  }

  set(key: string, value: JsonValue, options?: SetOptions): Promise<WriteResult> {
    return this.#write({ ...options, type: 'set', key, value });
  }

  setIfAbsent(key: string, value: JsonValue, options?: { readonly ttlMs?: number }): Promise<WriteResult> {
    return this.#write({ ...options, type: 'setIfAbsent', key, value });
  }

  async delete(key: string, { ifVersion }: { readonly ifVersion?: string } = {}): Promise<boolean> {
    if ((await this.get(key)) === undefined) return false;
    return (await this.batch([{ type: 'delete', key, ...(ifVersion !== undefined && { ifVersion }) }])) !== false;
  }

  async list(prefix: string, { after, limit }: ListOptions): Promise<readonly ListedEntry[]> {
    const own = [...this.#writes].filter(([key]) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0));
    const page = await this.#store.list(prefix, { limit: limit + own.length, ...(after !== undefined && { after }) });
    const entries = new Map<string, ListedEntry>(page.map((entry) => [entry.key, entry]));
    for (const [key, { entry }] of own) {
      if (entry) entries.set(key, { key, ...entry });
      else entries.delete(key);
    }
    return [...entries.values()].sort((left, right) => compareKeys(left.key, right.key)).slice(0, limit);
  }

  async batch(operations: readonly StoreOperation[]): Promise<BatchResult> {
    for (const operation of operations) if (!(await this.#holds(operation))) return false;
    return operations.map((operation) => this.#apply(operation));
  }

  reload(key: string): Promise<StoreEntry | undefined> {
    if (!this.#writes.has(key)) this.#found.delete(key);
    return this.get(key);
  }

  savepoint(): () => void {
    const { length } = this.#undo;
    return () => {
      for (const [key, before] of this.#undo.splice(length).reverse()) {
        if (before) this.#writes.set(key, before);
        else this.#writes.delete(key);
      }
    };
  }

  async commit(): Promise<boolean> {
    const operations: StoreOperation[] = [];
    for (const [key, collected] of this.#writes) {
      const operation = await this.#operationOf(key, collected);
      if (operation) operations.push(operation);
    }
    return operations.length === 0 || (await this.#store.batch(operations)) !== false;
  }

  #base(key: string): Promise<StoreEntry | undefined> {
    const known = this.#found.get(key);
    if (known) return known;
    const entry = this.#store.get(key);
    this.#found.set(key, entry);
    return entry;
  }

  #collect(key: string, entry: StoreEntry | undefined, depends: boolean, ttlMs?: number): void {
    const before = this.#writes.get(key);
    this.#undo.push([key, before]);
    this.#writes.set(key, { entry, ttlMs, depends: depends || before?.depends === true });
  }

  #put(key: string, value: JsonValue, depends: boolean, ttlMs: number | undefined): string {
    const version = `collected.${String((lastVersion += 1))}`;
    this.#collect(key, { value, version }, depends, ttlMs);
    return version;
  }

  async #holds(operation: StoreOperation): Promise<boolean> {
    if (operation.type === 'setIfAbsent') return (await this.get(operation.key)) === undefined;
    return operation.ifVersion === undefined || (await this.get(operation.key))?.version === operation.ifVersion;
  }

  #apply(operation: StoreOperation): string | undefined {
    const depends = operation.type === 'setIfAbsent' || operation.ifVersion !== undefined;
    if (operation.type !== 'delete') return this.#put(operation.key, operation.value, depends, operation.ttlMs);
    this.#collect(operation.key, undefined, depends);
    return undefined;
  }

  async #write(operation: StoreOperation): Promise<WriteResult> {
    const result = await this.batch([operation]);
    return result === false ? { written: false } : { written: true, version: result[0] ?? '' };
  }

  /** Returns the operation of a collected write, or `undefined` if a key was created and deleted. */
  async #operationOf(key: string, { entry, ttlMs, depends }: CollectedWrite): Promise<StoreOperation | undefined> {
    const life = ttlMs === undefined ? {} : { ttlMs };
    if (!depends) return entry ? { type: 'set', key, value: entry.value, ...life } : { type: 'delete', key };
    const before = await this.#base(key);
    if (!entry) return before && { type: 'delete', key, ifVersion: before.version };
    return before
      ? { type: 'set', key, value: entry.value, ifVersion: before.version, ...life }
      : { type: 'setIfAbsent', key, value: entry.value, ...life };
  }
}
