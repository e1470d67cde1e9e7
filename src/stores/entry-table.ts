import { StoreError } from '../errors/store-error.js';
import type { JsonValue } from '../runtime/json.js';
import { checkKey, checkLimit, checkTtl } from './check-operation.js';
import type { BatchResult, ListedEntry, Store, StoreOperation, WriteResult } from './store.js';

/** A live entry of a table. The value is JSON text. */
export interface TableEntry {
  readonly json: string;
  readonly version: string;
}

/** The synchronous table of a {@link Store}: an ordered map without expired entries. */
export interface EntryTable {
  find(key: string): TableEntry | undefined;
  /** Returns only the version, for conditions, because a value may have megabytes. */
  versionOf(key: string): string | undefined;
  /** Writes unconditionally and returns the new version, which is unique among all versions. */
  put(key: string, json: string, ttlMs: number | undefined): string;
  remove(key: string): void;
  /** Lists up to `limit` live entries with the prefix that sort after `after`. */
  list(prefix: string, after: string | undefined, limit: number): readonly (TableEntry & { readonly key: string })[];
}

/**
 * Schedules work on the table. Each task runs exclusively and in order. Its effects are applied completely or not at
 * all.
 */
export interface TableAccess {
  read<Result>(work: () => Result): Promise<Result> | Result;
  write<Result>(work: () => Result): Promise<Result> | Result;
}

/**
 * Implements {@link Store} on a table, so that the rules exist only once.
 *
 * @param table - The table.
 * @param access - Schedules the work.
 */
export function storeOverTable(table: EntryTable, access: TableAccess): Store {
  const holds = (operation: StoreOperation): boolean => {
    if (operation.type !== 'setIfAbsent' && operation.ifVersion === undefined) return true;
    const version = table.versionOf(operation.key);
    return operation.type === 'setIfAbsent' ? version === undefined : version === operation.ifVersion;
  };
  /**
   * Encodes immediately, so that later changes of the value have no effect and a failed encoding leaves no partial
   * write.
   */
  const writeIf = (operation: Exclude<StoreOperation, { type: 'delete' }>): Promise<WriteResult> =>
    inPromise(() => {
      const { key, ttlMs } = operation;
      checkKey('key', key);
      checkTtl(ttlMs);
      const json = encode(operation.value);
      return access.write(() => (holds(operation) ? { written: true, version: table.put(key, json, ttlMs) } : { written: false }));
    });

  return {
    get: (key) =>
      inPromise(() => {
        checkKey('key', key);
        return access.read(() => {
          const entry = table.find(key);
          return entry && { value: decode(entry.json), version: entry.version };
        });
      }),
    set: (key, value, options) => writeIf({ ...options, type: 'set', key, value }),
    setIfAbsent: (key, value, options) => writeIf({ ...options, type: 'setIfAbsent', key, value }),
    delete: (key, { ifVersion } = {}) =>
      inPromise(() => {
        checkKey('key', key);
        return access.write(() => {
          const version = table.versionOf(key);
          if (version === undefined || (ifVersion !== undefined && version !== ifVersion)) return false;
          table.remove(key);
          return true;
        });
      }),
    list: (prefix, { after, limit }) =>
      inPromise(() => {
        checkKey('prefix', prefix);
        if (after !== undefined) checkKey('after', after);
        checkLimit(limit);
        return access.read(() => {
          const most = Math.min(Math.max(Math.floor(limit), 0), Number.MAX_SAFE_INTEGER);
          return table.list(prefix, after, most).map(({ key, json, version }): ListedEntry => ({ key, value: decode(json), version }));
        });
      }),
    batch: (operations) =>
      inPromise<BatchResult>(() => {
        const changes = operations.map((operation) => {
          checkKey('key', operation.key);
          if (operation.type === 'delete') {
            return () => {
              table.remove(operation.key);
              return undefined;
            };
          }
          const json = encode(operation.value);
          checkTtl(operation.ttlMs);
          return () => table.put(operation.key, json, operation.ttlMs);
        });
        const conditions = [...operations];
        return access.write(() => {
          if (!conditions.every(holds)) return false;
          return changes.map((change) => change());
        });
      }),
  };
}

/**
 * Converts an exception of `work` to a rejection.
 *
 * @param work - The function to call.
 */
export function inPromise<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

/**
 * Encodes a value as JSON.
 *
 * @param value - The value.
 * @throws `StoreError` with reason `not-json`
 */
export function encode(value: JsonValue): string {
  // Callers without TypeScript may pass unsupported values, which `JSON.stringify` converts to undefined.
  let json: unknown;
  try {
    json = JSON.stringify(value);
  } catch {
    // The error of a getter or of toJSON may contain the value.
    throw new StoreError(
      'Nothing was stored: the value is circular, nested too deeply or a bigint, or a getter or toJSON throws.',
      'not-json',
    );
  }
  if (typeof json === 'string') return json;
  throw new StoreError('Nothing was stored: the value is undefined or a function.', 'not-json');
}

/**
 * Decodes the result of {@link encode}.
 *
 * @param json - The JSON text.
 * @throws `StoreError` if the text isn't JSON
 */
export function decode(json: string): JsonValue {
  try {
    // `encode` created the text from a JsonValue.
    return JSON.parse(json) as JsonValue;
  } catch {
    // The parser's own message contains the text.
    throw new StoreError("An entry of the store isn't JSON. The store is damaged, or another program writes to it.", 'failed');
  }
}
