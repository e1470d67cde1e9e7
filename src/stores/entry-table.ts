import { StoreError } from '../errors/store-error.js';
import type { JsonValue } from '../runtime/json.js';
import { checkKey, checkLimit, checkTtl } from './check-operation.js';
import type { BatchResult, ListedEntry, Store, StoreOperation, WriteResult } from './store.js';

/** A live entry as a table holds it: its value as JSON text. */
export interface TableEntry {
  readonly json: string;
  readonly version: string;
}

/** The synchronous table under a {@link Store}: a plain ordered map. What expired is absent. */
export interface EntryTable {
  find(key: string): TableEntry | undefined;
  /** The version alone, for conditions: a value may be megabytes. */
  versionOf(key: string): string | undefined;
  /** Writes unconditionally and returns the new version, which no key ever had before. */
  put(key: string, json: string, ttlMs: number | undefined): string;
  remove(key: string): void;
  /** Live entries under the prefix that sort after `after`, at most `limit`. */
  list(prefix: string, after: string | undefined, limit: number): readonly (TableEntry & { readonly key: string })[];
}

/** When work on the table runs. Each work runs alone, after those asked for before it; all of its effects stand, or none. */
export interface TableAccess {
  read<Result>(work: () => Result): Promise<Result> | Result;
  write<Result>(work: () => Result): Promise<Result> | Result;
}

/** Keeps the rules of {@link Store} over a table, so that they stand once for every store that has one. */
export function storeOverTable(table: EntryTable, access: TableAccess): Store {
  const holds = (operation: StoreOperation): boolean => {
    if (operation.type !== 'setIfAbsent' && operation.ifVersion === undefined) return true;
    const version = table.versionOf(operation.key);
    return operation.type === 'setIfAbsent' ? version === undefined : version === operation.ifVersion;
  };
  /** Encodes at once, so that what the caller does to the value afterwards changes nothing, and nothing fails halfway. */
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

/** Turns what `work` throws into a rejection. */
export function inPromise<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

/** The JSON text of a value. @throws `StoreError` `not-json` */
export function encode(value: JsonValue): string {
  // Callers without types may pass what JSON has no form for: the answer is undefined then.
  let json: unknown;
  try {
    json = JSON.stringify(value);
  } catch {
    // The error of a getter or of toJSON may quote the value.
    throw new StoreError(
      'Nothing was stored: the value is circular, nested too deeply or a bigint, or a getter or toJSON throws.',
      'not-json',
    );
  }
  if (typeof json === 'string') return json;
  throw new StoreError('Nothing was stored: the value is undefined or a function.', 'not-json');
}

/** The value that {@link encode} made the text from. */
export function decode(json: string): JsonValue {
  try {
    // The text was made from a JsonValue by `encode`.
    return JSON.parse(json) as JsonValue;
  } catch {
    // The parser's own message quotes what it read.
    throw new StoreError('An entry of the store is no JSON: the store is damaged, or another program writes to it.', 'failed');
  }
}
