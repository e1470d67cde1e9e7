import type { JsonValue } from '../runtime/json.js';

/** A stored value with the version that a conditional write names. */
export interface StoreEntry {
  readonly value: JsonValue;
  /** Opaque; changes with every write of the key, and never returns, not even after the key was removed. */
  readonly version: string;
}

/** An entry of a listing. */
export interface ListedEntry extends StoreEntry {
  readonly key: string;
}

/** Whether a conditional write took place, and the version it gave the key. */
export type WriteResult = { readonly written: true; readonly version: string } | { readonly written: false };

/** Options of {@link Store.set}. */
export interface SetOptions {
  /** The key is gone after this many milliseconds. @defaultValue never */
  readonly ttlMs?: number | undefined;
  /** Write only while the key still has this version. @defaultValue unconditional */
  readonly ifVersion?: string | undefined;
}

/** Options of {@link Store.list}. */
export interface ListOptions {
  /** List keys that sort after this one, as the last of the page before. @defaultValue from the start */
  readonly after?: string | undefined;
  /** The most entries to return, a whole number. */
  readonly limit: number;
}

/** One write of a {@link Store.batch}. A `delete` without a version is done whether the key is there or not. */
export type StoreOperation =
  | ({ readonly type: 'set'; readonly key: string; readonly value: JsonValue } & SetOptions)
  | { readonly type: 'setIfAbsent'; readonly key: string; readonly value: JsonValue; readonly ttlMs?: number }
  | { readonly type: 'delete'; readonly key: string; readonly ifVersion?: string };

/**
 * What became of a {@link Store.batch}: `false` if a condition failed and nothing was applied; else, for each operation in its place, the
 * version that it wrote, `undefined` for a `delete`.
 */
export type BatchResult = readonly (string | undefined)[] | false;

/** The functions of a {@link Store}. */
export const storeMethods: readonly (keyof Store)[] = ['get', 'set', 'setIfAbsent', 'delete', 'list', 'batch'];

/**
 * The one port through which the library keeps state: a key-value store with versions, ordered listing and atomic batches.
 * `memoryStore()` forgets with the process; `sqliteStore(file)` is durable and serves the processes of one machine.
 *
 * Values are JSON. Keys are any text, compared and sorted by their UTF-8 bytes; half of a surrogate pair alone counts as U+FFFD.
 * A key whose time is up is absent for every method. Every adapter passes `storeContract()` of `wa-coexist/testing/node`.
 *
 * @example
 * ```ts
 * import { memoryStore, type Store } from 'wa-coexist';
 *
 * const store: Store = memoryStore();
 * await store.setIfAbsent('seen/wamid.1', true, { ttlMs: 8 * 86_400_000 });
 * ```
 */
export interface Store {
  /** The value and version of a key, or `undefined` if it is absent or expired. */
  get(key: string): Promise<StoreEntry | undefined>;
  /** Writes a key and its expiry (without `ttlMs` it has none); with `ifVersion` only while it still has that version. Atomic. */
  set(key: string, value: JsonValue, options?: SetOptions): Promise<WriteResult>;
  /** Writes a key only if it is absent. Of simultaneous callers exactly one is told `written: true`. */
  setIfAbsent(key: string, value: JsonValue, options?: { readonly ttlMs?: number }): Promise<WriteResult>;
  /** Removes a key; with `ifVersion` only while it still has that version. Answers whether it removed one. */
  delete(key: string, options?: { readonly ifVersion?: string }): Promise<boolean>;
  /** Entries whose keys begin with `prefix`, in key order, without reading the rest of the store. */
  list(prefix: string, options: ListOptions): Promise<readonly ListedEntry[]>;
  /**
   * Applies all operations, or none if a condition fails (a version moved on, a key of `setIfAbsent` exists). Conditions are checked
   * against what stood before the batch; then the operations apply in their order. Answers the versions that it wrote, or `false`.
   */
  batch(operations: readonly StoreOperation[]): Promise<BatchResult>;
  /** Releases what the store holds open. A store whose connection is the caller's leaves it open. */
  close?(): Promise<void>;
}
