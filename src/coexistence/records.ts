import { StoreError } from '../errors/store-error.js';
import type { JsonObject } from '../runtime/json.js';
import type { Store, StoreEntry, StoreOperation } from '../stores/store.js';

/** After so many rounds the store does not do what it promises. */
export const maxRounds = 1_000;

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
export async function updateRecord<State extends JsonObject, Result>(
  store: Store,
  key: string,
  change: (state: State | undefined) => RecordChange<State, Result> | Promise<RecordChange<State, Result>>,
): Promise<Result> {
  for (let round = 0; round < maxRounds; round += 1) {
    const entry = await store.get(key);
    const { state, also = [], ttlMs, result } = await change(stateOf<State>(entry));
    const writes = state === undefined ? also : [writeOf(key, entry, state, ttlMs), ...also];
    if (writes.length === 0 || (await store.batch(writes))) return result;
  }
  throw new StoreError(`The store rejected ${String(maxRounds)} conditional writes in a row.`, 'busy');
}

/** The write of a record that holds only if nobody wrote since `entry` was read. */
export function writeOf(key: string, entry: StoreEntry | undefined, value: JsonObject, ttlMs: number | undefined): StoreOperation {
  const life = ttlMs === undefined ? {} : { ttlMs };
  return entry ? { type: 'set', key, value, ifVersion: entry.version, ...life } : { type: 'setIfAbsent', key, value, ...life };
}
