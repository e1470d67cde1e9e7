import { StoreError } from '../errors/store-error.js';
import type { JsonObject } from '../runtime/json.js';
import type { Store, StoreEntry, StoreOperation } from '../stores/store.js';
import { segment } from '../runtime/keys.js';
import { maxRounds, stateOf, writeOf, type RecordChange } from './records.js';

/** The ids under which one person may turn up: a number, a business-scoped user id, or both. */
export interface PersonIds {
  readonly waId?: string | undefined;
  readonly userId?: string | undefined;
  readonly parentUserId?: string | undefined;
  readonly username?: string | undefined;
}

/**
 * Records of persons, each under one key whichever of its ids an event carries. A number comes before a user id; an event that has both
 * links them, and what was recorded under the user id alone is merged in.
 */
export interface LinkedRecords<State extends JsonObject> {
  /** The key segments of a person, the leading one first; empty if no id is usable. */
  keysOf(ids: PersonIds): readonly string[];
  /** Reads a person's record. */
  read(ids: PersonIds): Promise<State | undefined>;
  /** Reads the record under a key segment, following a link. */
  readKey(key: string): Promise<State | undefined>;
  /** As `updateRecord`. `change` gets the key segment of the record, too. Answers `undefined` if no id is usable. */
  update<Result>(ids: PersonIds, change: LinkedChange<State, Result>): Promise<Result | undefined>;
  /** The same for a key segment. */
  updateKey<Result>(key: string, change: LinkedChange<State, Result>): Promise<Result>;
  /** The records in the order of their keys. */
  list(after?: string): AsyncIterable<{ readonly key: string; readonly state: State }>;
}

/** Decides about a record; may run several times. */
export type LinkedChange<State, Result> = (state: State | undefined, key: string) => RecordChange<State, Result>;

type Alias = { readonly alias: string };

const pageSize = 200;

/**
 * Makes the records under a key prefix. `merge` joins two records of one person; it must not matter in which order. Links between ids are
 * kept for `linkTtlMs`, or for good.
 */
export function linkedRecords<State extends JsonObject>(
  store: Store,
  prefix: string,
  merge: (left: State, right: State) => State,
  options: { readonly linkTtlMs?: number } = {},
): LinkedRecords<State> {
  const fullKey = (key: string): string => `${prefix}/${key}`;
  const aliasOf = (entry: StoreEntry | undefined): string | undefined => {
    const alias = stateOf<Alias>(entry)?.alias;
    return typeof alias === 'string' ? alias : undefined;
  };
  /** The key that a key stands for, with its entry. */
  const follow = async (key: string): Promise<{ readonly key: string; readonly entry: StoreEntry | undefined }> => {
    const entry = await store.get(fullKey(key));
    const alias = aliasOf(entry);
    return alias === undefined ? { key, entry } : { key: alias, entry: await store.get(fullKey(alias)) };
  };
  const updateKeys = async <Result>(leading: string, other: string | undefined, change: LinkedChange<State, Result>): Promise<Result> => {
    for (let round = 0; round < maxRounds; round += 1) {
      const found = await follow(leading);
      const known = stateOf<State>(found.entry);
      const link = other === undefined ? undefined : await linkTo(found.key, other);
      const joined = link?.state === undefined ? known : known === undefined ? link.state : merge(known, link.state);
      const { state, also = [], ttlMs, result } = change(joined, found.key);
      const next = state ?? (link?.state === undefined ? undefined : joined);
      const writes = [
        ...(next === undefined ? [] : [writeOf(fullKey(found.key), found.entry, next, ttlMs)]),
        ...(link?.writes ?? []),
        ...also,
      ];
      if (writes.length === 0 || (await store.batch(writes))) return result;
    }
    throw new StoreError(`The store rejected ${String(maxRounds)} conditional writes in a row.`, 'busy');
  };
  /** What makes `other` an alias of `key`, and the record that stood there instead. */
  const linkTo = async (
    key: string,
    other: string,
  ): Promise<{ readonly state: State | undefined; readonly writes: readonly StoreOperation[] }> => {
    const entry = await store.get(fullKey(other));
    const alias = aliasOf(entry);
    if (alias === key) return { state: undefined, writes: [] };
    return {
      state: alias === undefined ? stateOf<State>(entry) : undefined,
      writes: [writeOf(fullKey(other), entry, { alias: key }, options.linkTtlMs)],
    };
  };

  return {
    keysOf,
    read: async (ids) => {
      for (const key of keysOf(ids)) {
        const { entry } = await follow(key);
        if (entry) return stateOf<State>(entry);
      }
      return undefined;
    },
    readKey: async (key) => stateOf<State>((await follow(key)).entry),
    update: async (ids, change) => {
      const [leading, other] = keysOf(ids);
      return leading === undefined ? undefined : updateKeys(leading, other, change);
    },
    updateKey: (key, change) => updateKeys(key, undefined, change),
    async *list(start) {
      for (let after = start === undefined ? undefined : fullKey(start); ;) {
        const page = await store.list(`${prefix}/`, { limit: pageSize, ...(after !== undefined && { after }) });
        for (const entry of page) {
          const state = aliasOf(entry) === undefined ? stateOf<State>(entry) : undefined;
          if (state) yield { key: entry.key.slice(prefix.length + 1), state };
        }
        after = page.at(-1)?.key;
        if (after === undefined || page.length < pageSize) return;
      }
    },
  };
}

/** The key segments of a person, the leading one first: a number, a user id; a user name only where there is nothing else, as names move. */
function keysOf({ waId, userId, parentUserId, username }: PersonIds): readonly string[] {
  const number = waId === undefined ? '' : comparableNumber(waId);
  const user = userId ?? parentUserId ?? '';
  const keys = [...(number === '' ? [] : [`p:${number}`]), ...(user === '' ? [] : [segment(`u:${user}`)])];
  return keys.length === 0 && username !== undefined && username !== '' ? [segment(`n:${username}`)] : keys;
}

/**
 * A number as it is compared, never as it is sent to: digits, and without the digit that WhatsApp writes at times and at times not in
 * Brazilian mobile numbers (55, area, 9), Mexican (52, 1) and Argentine ones (54, 9). Echoes often lack the Brazilian one. Brazilian landlines begin with
 * 2 to 5 and never meet a mobile number. Source: Meta, Send messages (4 Nov 2025), on Brazil and Mexico.
 */
export function comparableNumber(number: string): string {
  const digits = number.replace(/\D/g, '').slice(0, 20);
  if (/^55[1-9]{2}9[6-9]\d{7}$/.test(digits)) return digits.slice(0, 4) + digits.slice(5);
  if (/^521\d{10}$/.test(digits)) return `52${digits.slice(3)}`;
  if (/^549\d{10}$/.test(digits)) return `54${digits.slice(3)}`;
  return digits;
}
