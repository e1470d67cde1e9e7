import { StoreError } from '../errors/store-error.js';
import type { JsonObject, JsonValue } from '../runtime/json.js';
import type { ListedEntry, Store, StoreEntry, StoreOperation } from './store.js';

/** A store that rejects so many conditional writes in a row is broken. */
const maxRounds = 1_000;

/** Returned by an attempt of {@link untilWritten} if another process wrote in between. */
export const conflict: unique symbol = /* @__PURE__ */ Symbol('conflict');

/**
 * Repeats an attempt that reads, decides and writes conditionally, until no other process writes in between: the only compare-and-swap loop of
 * this package.
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

/** What becomes of a record, and what the caller wants to know of it. */
export interface RecordChange<State, Result> {
  /** The next state; absent: it stays as it is. */
  readonly state?: State;
  /** Writes that stand or fall with the state's. */
  readonly also?: readonly StoreOperation[];
  /** The record is gone after this many milliseconds. @defaultValue never */
  readonly ttlMs?: number;
  readonly result: Result;
}

/** The state in an entry of the store. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names, in one place, what the owner of a key wrote there
export function stateOf<State extends JsonObject>(entry: StoreEntry | undefined): State | undefined {
  // Only the module that owns the key writes it, and writes a State.
  return entry?.value as State | undefined;
}

/** Reads a record. */
export async function readRecord<State extends JsonObject>(store: Store, key: string): Promise<State | undefined> {
  return stateOf(await store.get(key));
}

/**
 * Reads a record, lets `change` decide, and writes what it decided, again from the start if somebody else wrote in between.
 * `change` may run several times: it must not do anything that cannot be done twice.
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

/** The write of a record that holds only if nobody wrote since `found` was read. */
export function writeOf(key: string, found: StoreEntry | undefined, value: JsonValue, ttlMs?: number): StoreOperation {
  const life = ttlMs === undefined ? {} : { ttlMs };
  return found ? { type: 'set', key, value, ifVersion: found.version, ...life } : { type: 'setIfAbsent', key, value, ...life };
}

/**
 * Writes a key only while it has a version, or only if it is absent.
 *
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
 * Reads a key, computes its next value and writes it, again from the start if somebody else wrote in between, until it holds.
 * `change` returns the next value, or `undefined` to leave the key as it is; it may run several times and must be pure.
 *
 * @returns the value that stands afterwards, or `undefined` if there is none.
 *
 * @example
 * ```ts
 * import { memoryStore, updateEntry } from 'wa-coexist';
 *
 * const store = memoryStore();
 * await updateEntry(store, 'sent', (count) => (typeof count === 'number' ? count : 0) + 1);
 * ```
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

/** Lists all entries under a prefix in the order of their keys, page by page, so that the store may be of any size. */
export async function* listEntries(store: Store, prefix: string, start?: string): AsyncGenerator<ListedEntry, void, undefined> {
  for (let after = start; ;) {
    const page = await store.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) });
    yield* page;
    after = page.at(-1)?.key;
    if (after === undefined || page.length < pageSize) return;
  }
}
