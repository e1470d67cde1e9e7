import type { PersonIds } from '../identity/person.js';
import type { IdentityRegister, Person } from '../identity/register.js';
import type { JsonObject } from '../runtime/json.js';
import { numberKey, segment } from '../runtime/keys.js';
import type { Store, StoreEntry } from '../stores/store.js';
import { conflict, listEntries, stateOf, untilWritten, writeOf, type RecordChange } from '../stores/records.js';

/**
 * The records of one module and one number: one for each person, whichever of their IDs an event contains. The identity register decides who is
 * who. State from before an identity change moves to the person's present record with the first write, in the same batch, so that it
 * moves exactly one time. Until then, reads combine both.
 */
export interface PersonRecords<State extends JsonObject> {
  /** Reads a person's record. */
  read(ids: PersonIds): Promise<State | undefined>;
  /** Reads the record of a person by the ID of the register. */
  readPerson(personId: string): Promise<State | undefined>;
  /** Changes a person's record. `change` also receives the ID of the register. Returns `undefined` if no ID is usable. */
  update<Result>(ids: PersonIds, change: PersonChange<State, Result>): Promise<Result | undefined>;
  /** Changes the record of a person by the ID of the register. */
  updatePerson<Result>(personId: string, change: PersonChange<State, Result>): Promise<Result>;
  /** All records, in the order of the register's IDs. */
  list(after?: string): AsyncIterable<{ readonly personId: string; readonly state: State }>;
}

/** Decides about a record. May run several times. */
export type PersonChange<State, Result> = (state: State | undefined, personId: string) => RecordChange<State, Result>;

/** What {@link personRecords} works with. */
export interface PersonRecordsOptions<State extends JsonObject> {
  readonly store: Store;
  readonly register: IdentityRegister;
  readonly phoneNumberId: string;
  /** The last part of the key prefix, for example `thread`. */
  readonly kind: string;
  /** Joins two records of one person, the present one first. */
  readonly merge: (present: State, earlier: State) => State;
}

/** Makes the records of a module for one number. */
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
      const { state, also = [], ttlMs, result } = change(known, person.id);
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
    update: async (ids, change) => {
      // Events are learned with their own time before they reach a module. Here the IDs may be old: a claim of time 0 takes no number from
      // its present owner.
      const person = await register.learn(phoneNumberId, { type: 'same', ids, atMs: 0 });
      return person && apply(person, change);
    },
    updatePerson: async (personId, change) => apply(await personOf(personId), change),
    async *list(start) {
      for await (const { key } of listEntries(store, prefix, start === undefined ? undefined : keyOf(start))) {
        const personId = key.slice(prefix.length);
        const entries = await readEntries(await personOf(personId));
        // Records of one person that a merge has not moved yet are listed once, in the place of the first.
        if (entries.find(([, one]) => one !== undefined)?.[0] !== key) continue;
        const state = joined(entries);
        if (state) yield { personId, state };
      }
    },
  };
}
