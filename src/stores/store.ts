import type { JsonValue } from '../runtime/json.js';

/** A stored value with its version for conditional writes. */
export interface StoreEntry {
  readonly value: JsonValue;
  /** An opaque string. It changes with each write of the key and is never reused, even after the key was removed. */
  readonly version: string;
}

/** An entry of a list. */
export interface ListedEntry extends StoreEntry {
  readonly key: string;
}

/** Whether a conditional write succeeded, and the new version of the key. */
export type WriteResult = { readonly written: true; readonly version: string } | { readonly written: false };

/** Options of {@link Store.set}. */
export interface SetOptions {
  /** Time to live of the key in milliseconds. @defaultValue unlimited */
  readonly ttlMs?: number | undefined;
  /** Writes only if the key still has this version. @defaultValue unconditional */
  readonly ifVersion?: string | undefined;
}

/** Options of {@link Store.list}. */
export interface ListOptions {
  /**
   * Lists keys that sort after this key, for example the last key of the previous page. @defaultValue from the start
   */
  readonly after?: string | undefined;
  /** Maximum number of entries, an integer. */
  readonly limit: number;
}

/** One write of a {@link Store.batch}. A `delete` without a version succeeds even if the key is absent. */
export type StoreOperation =
  | ({ readonly type: 'set'; readonly key: string; readonly value: JsonValue } & SetOptions)
  | { readonly type: 'setIfAbsent'; readonly key: string; readonly value: JsonValue; readonly ttlMs?: number }
  | { readonly type: 'delete'; readonly key: string; readonly ifVersion?: string };

/**
 * The result of a {@link Store.batch}. `false`: a condition failed, and no operation was applied. Otherwise a list with
 * the new version of each operation, or `undefined` for a `delete`.
 */
export type BatchResult = readonly (string | undefined)[] | false;

/** The methods of a {@link Store}. */
export const storeMethods: readonly (keyof Store)[] = ['get', 'set', 'setIfAbsent', 'delete', 'list', 'batch'];

/**
 * The interface through which the library stores all state: a key-value store with versions, ordered lists and atomic
 * batches. {@link memoryStore} loses its data when the process ends. `sqliteStore(file)` is durable and works for
 * several processes of one machine.
 *
 * Values are JSON. Keys can be any text. They are compared and sorted by their UTF-8 bytes, and an unpaired surrogate
 * counts as U+FFFD. An expired key is absent for all methods. All adapters pass `storeContract()` of
 * `wa-coexist/testing/node`.
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
  /**
   * Returns the value and version of a key, or `undefined` if it is absent or expired.
   *
   * @param key - The key.
   */
  get(key: string): Promise<StoreEntry | undefined>;
  /**
   * Writes a key atomically. Without `ttlMs`, the key doesn't expire. With `ifVersion`, it writes only if the key still
   * has that version.
   *
   * @param key - The key.
   * @param value - The value.
   * @param options - The time to live and the condition.
   */
  set(key: string, value: JsonValue, options?: SetOptions): Promise<WriteResult>;
  /**
   * Writes a key only if it is absent. Of several concurrent calls, exactly one returns `written: true`.
   *
   * @param key - The key.
   * @param value - The value.
   * @param options - The time to live.
   */
  setIfAbsent(key: string, value: JsonValue, options?: { readonly ttlMs?: number }): Promise<WriteResult>;
  /**
   * Removes a key. With `ifVersion`, it removes the key only if it still has that version.
   *
   * @param key - The key.
   * @param options - The condition.
   * @returns whether the key was removed
   */
  delete(key: string, options?: { readonly ifVersion?: string }): Promise<boolean>;
  /**
   * Lists entries whose keys begin with `prefix`, in key order, without reading the rest of the store.
   *
   * @param prefix - The prefix.
   * @param options - The page.
   */
  list(prefix: string, options: ListOptions): Promise<readonly ListedEntry[]>;
  /**
   * Applies all operations, or none if a condition fails. A condition fails if a version has changed or a key of
   * `setIfAbsent` exists. Conditions are checked against the state before the batch. Then the operations are applied in
   * order.
   *
   * @param operations - The operations.
   * @returns the new versions, or `false`
   */
  batch(operations: readonly StoreOperation[]): Promise<BatchResult>;
  /** Releases the resources of the store. It doesn't close a connection that you passed to the store. */
  close?(): Promise<void>;
}
