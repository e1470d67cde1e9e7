import type { PersonIds, Person } from '../identity/person.js';
import type { IdentityRegister } from '../identity/register.js';
import type { JsonObject } from '../runtime/json.js';
import { numberKey, segment } from '../runtime/keys.js';
import type { Store, StoreEntry } from '../stores/store.js';
import { conflict, listEntries, stateOf, untilWritten, writeOf, type RecordChange } from '../stores/records.js';

/**
 * The records of one module and one number, with one record per person. The identity register finds the person for the
 * IDs of an event.
 *
 * After an identity change, the first write moves the earlier state to the current record. Move and write are one
 * batch, so the state moves exactly once. Until then, reads merge both records.
 */
export interface PersonRecords<State extends JsonObject> {
  /** Reads a person's record. */
  read(ids: PersonIds): Promise<State | undefined>;
  /** Reads a person's record by the person ID of the register. */
  readPerson(personId: string): Promise<State | undefined>;
  /** Changes a person's record by the person ID of the register. */
  updatePerson<Result>(personId: string, change: PersonChange<State, Result>): Promise<Result>;
  /** Lists all records, ordered by person ID. */
  list(after?: string): AsyncIterable<{ readonly personId: string; readonly state: State }>;
}

/** Computes a change of a record. It may run several times. */
export type PersonChange<State, Result> = (state: State | undefined) => RecordChange<State, Result>;

/** Options of {@link personRecords}. */
export interface PersonRecordsOptions<State extends JsonObject> {
  readonly store: Store;
  readonly register: IdentityRegister;
  readonly phoneNumberId: string;
  /** The last part of the key prefix, for example `thread`. */
  readonly kind: string;
  /** Merges two records of one person. The current record is the first argument. */
  readonly merge: (present: State, earlier: State) => State;
}

/**
 * Creates the records of a module for one number.
 *
 * @param options - The store, the identity register, the number, and the merge function.
 */
export function personRecords<State extends JsonObject>(options: PersonRecordsOptions<State>): PersonRecords<State> {
  const { store, register, phoneNumberId, merge } = options;
  const prefix = `${numberKey(phoneNumberId, options.kind)}/`;
  const keyOf = (personId: string): string => `${prefix}${segment(personId)}`;

  const readEntries = async ({ id, merged }: Person): Promise<readonly (readonly [string, StoreEntry | undefined])[]> =>
    Promise.all([id, ...merged].map(async (one) => [keyOf(one), await store.get(keyOf(one))] as const));
  const joined = (entries: readonly (readonly [string, StoreEntry | undefined])[]): State | undefined => {
    let present: State | undefined;
    for (const [, entry] of entries) {
      const state = stateOf<State>(entry);
      if (state !== undefined) present = present === undefined ? state : merge(present, state);
    }
    return present;
  };
  const apply = <Result>(person: Person, change: PersonChange<State, Result>): Promise<Result> =>
    untilWritten(async () => {
      const entries = await readEntries(person);
      const known = joined(entries);
      const { state, also = [], ttlMs, result } = change(known);
      const [[key, entry] = [keyOf(person.id), undefined], ...earlier] = entries;
      const moved = earlier.flatMap(([from, old]) => (old ? [{ type: 'delete', key: from, ifVersion: old.version } as const] : []));
      const next = state ?? (moved.length > 0 ? known : undefined);
      const writes = [...(next === undefined ? [] : [writeOf(key, entry, next, ttlMs)]), ...moved, ...also];
      return writes.length === 0 || (await store.batch(writes)) ? result : conflict;
    });
  const personOf = async (personId: string): Promise<Person> =>
    (await register.person(phoneNumberId, personId)) ?? { id: personId, merged: [] };

  return {
    read: async (ids) => {
      const person = await register.find(phoneNumberId, ids);
      return person && joined(await readEntries(person));
    },
    readPerson: async (personId) => joined(await readEntries(await personOf(personId))),
    updatePerson: async (personId, change) => apply(await personOf(personId), change),
    async *list(start) {
      for await (const { key } of listEntries(store, prefix, start === undefined ? undefined : keyOf(start))) {
        const personId = key.slice(prefix.length);
        const entries = await readEntries(await personOf(personId));
        // If a person has several unmerged records, list the person once, at the position of the first record.
        if (entries.find(([, one]) => one !== undefined)?.[0] !== key) continue;
        const state = joined(entries);
        if (state) yield { personId, state };
      }
    },
  };
}
