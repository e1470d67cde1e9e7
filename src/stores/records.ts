import { StoreError } from '../errors/store-error.js';
import type { JsonObject, JsonValue } from '../runtime/json.js';
import type { ListedEntry, Store, StoreEntry, StoreOperation } from './store.js';

/** A store that rejects this many conditional writes in a row is broken. */
const maxRounds = 1_000;

/** Returned by an attempt of {@link untilWritten} if another process wrote in between. */
export const conflict: unique symbol = /* @__PURE__ */ Symbol('conflict');

/**
 * Repeats an attempt that reads, decides and writes conditionally, until no other process writes in between. It is the
 * only compare-and-swap loop of this package.
 *
 * @param attempt - Returns {@link conflict} if its write was rejected. It may run several times.
 * @throws `StoreError` (`busy`) after 1,000 rejected writes in a row
 */
export async function untilWritten<Result>(attempt: () => Promise<Result | typeof conflict>): Promise<Result> {
  for (let round = 0; round < maxRounds; round += 1) {
    const result = await attempt();
    if (result !== conflict) return result;
  }
  throw new StoreError(`The store rejected ${String(maxRounds)} conditional writes in a row.`, 'busy');
}

/** The change of a record, and the result for the caller. */
export interface RecordChange<State, Result> {
  /** The next state. Absent if the state doesn't change. */
  readonly state?: State;
  /** Additional writes in the same batch. */
  readonly also?: readonly StoreOperation[];
  /** Time to live of the record in milliseconds. @defaultValue unlimited */
  readonly ttlMs?: number;
  readonly result: Result;
}

/**
 * Returns the state in an entry of the store.
 *
 * @param entry - The entry.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names, in one place, what the owner of a key wrote there
export function stateOf<State extends JsonObject>(entry: StoreEntry | undefined): State | undefined {
  // Only the module that owns the key writes it, and it writes a State.
  return entry?.value as State | undefined;
}

/**
 * Reads a record.
 *
 * @param store - The store.
 * @param key - The key of the record.
 */
export async function readRecord<State extends JsonObject>(store: Store, key: string): Promise<State | undefined> {
  return stateOf(await store.get(key));
}

/**
 * Reads a record, calls `change`, and writes its result. It starts again if another process wrote in between.
 *
 * @param store - The store.
 * @param key - The key of the record.
 * @param change - Computes the change. It may run several times, so it must not have side effects that can't be
 *   repeated.
 * @returns the result of `change`
 */
export function updateRecord<State extends JsonObject, Result>(
  store: Store,
  key: string,
  change: (state: State | undefined) => RecordChange<State, Result> | Promise<RecordChange<State, Result>>,
): Promise<Result> {
  return untilWritten(async () => {
    const entry = await store.get(key);
    const { state, also = [], ttlMs, result } = await change(stateOf<State>(entry));
    const writes = state === undefined ? also : [writeOf(key, entry, state, ttlMs), ...also];
    return writes.length === 0 || (await store.batch(writes)) ? result : conflict;
  });
}

/**
 * Creates the write of a record. It fails if another process wrote since the record was read.
 *
 * @param key - The key of the record.
 * @param found - The entry that was read.
 * @param value - The next value.
 * @param ttlMs - The time to live.
 */
export function writeOf(key: string, found: StoreEntry | undefined, value: JsonValue, ttlMs?: number): StoreOperation {
  const life = ttlMs === undefined ? {} : { ttlMs };
  return found ? { type: 'set', key, value, ifVersion: found.version, ...life } : { type: 'setIfAbsent', key, value, ...life };
}

/**
 * Writes a key only if it has a given version, or only if it is absent.
 *
 * @param store - The store.
 * @param key - The key.
 * @param ifVersion - The version, or `undefined` if the key must be absent.
 * @param value - The next value.
 * @param options - The time to live.
 * @returns the new version, or `undefined` if another process wrote
 */
export async function writeIfUnchanged(
  store: Store,
  key: string,
  ifVersion: string | undefined,
  value: JsonValue,
  options: { readonly ttlMs?: number } = {},
): Promise<string | undefined> {
  const result =
    ifVersion === undefined ? await store.setIfAbsent(key, value, options) : await store.set(key, value, { ...options, ifVersion });
  return result.written ? result.version : undefined;
}

/**
 * Reads a key, computes its next value and writes it. It starts again if another process wrote in between.
 *
 * @param store - The store, for example {@link memoryStore}.
 * @param key - The key.
 * @param change - Returns the next value, or `undefined` to keep the value. It may run several times and must be pure.
 * @param options - `ttlMs` is the time to live of the new value.
 * @returns the final value, or `undefined` if there is none
 * @throws `StoreError` (`busy`) after 1,000 rejected writes in a row
 */
export function updateEntry(
  store: Store,
  key: string,
  change: (value: JsonValue | undefined) => JsonValue | undefined,
  options: { readonly ttlMs?: number } = {},
): Promise<JsonValue | undefined> {
  return untilWritten(async () => {
    const entry = await store.get(key);
    const next = change(entry?.value);
    if (next === undefined) return entry?.value;
    return (await writeIfUnchanged(store, key, entry?.version, next, options)) === undefined ? conflict : next;
  });
}

const pageSize = 200;

/**
 * Lists all entries with a prefix in key order. It reads the store in pages, so the store can have any size.
 *
 * @param store - The store.
 * @param prefix - The prefix.
 * @param start - Lists keys after this key.
 */
export async function* listEntries(store: Store, prefix: string, start?: string): AsyncGenerator<ListedEntry, void, undefined> {
  for (let after = start; ;) {
    const page = await store.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) });
    yield* page;
    after = page.at(-1)?.key;
    if (after === undefined || page.length < pageSize) return;
  }
}
