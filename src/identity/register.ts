import { StoreError } from '../errors/store-error.js';
import { isRecord } from '../runtime/json.js';
import { numberKey } from '../runtime/keys.js';
import type { Store, StoreEntry, StoreOperation } from '../stores/store.js';
import type { IdentityClaim } from './claim.js';
import { personKeys, type PersonIds, type PersonKey } from './person.js';

/** A person as the register knows them. */
export interface Person {
  /** Stands for the person in the keys of stores. Stays the same when the IDs of the person change. */
  readonly id: string;
  /** IDs of persons that turned out to be this one. State that a module stored under them belongs to {@link id} now. */
  readonly merged: readonly string[];
}

/**
 * Knows which IDs belong to one person. All modules with state per person share one register on the store, so that a change of identity moves
 * the state of all of them, in any process, exactly one time.
 */
export interface IdentityRegister {
  /**
   * Learns from an event that some IDs belong together, or that a person has new IDs.
   *
   * Conflicting claims split identities: a phone number that arrives with another user ID was given to another person, who gets a record of
   * their own. A claim about an older time never takes a number away from its present owner.
   *
   * @param phoneNumberId - The business number. Each number has its own persons, because user IDs differ between portfolios.
   * @param claim - For example one of `identityClaims(event)`.
   * @returns the person, or `undefined` if the claim contains no usable ID.
   * @throws `StoreError`
   */
  learn(phoneNumberId: string, claim: IdentityClaim): Promise<Person | undefined>;
  /**
   * Finds a person by any of their IDs. Writes nothing.
   *
   * @returns `undefined` if the person isn't known.
   * @throws `StoreError`
   */
  find(phoneNumberId: string, ids: PersonIds): Promise<Person | undefined>;
  /**
   * Finds a person by the ID of the register.
   *
   * @returns `undefined` if there is none, or if the person turned out to be another one.
   * @throws `StoreError`
   */
  person(phoneNumberId: string, personId: string): Promise<Person | undefined>;
}

/** What is stored under a key of a person. */
interface KeyRecord {
  readonly personId: string;
  /** The time of the latest event that claimed the key for this person. */
  readonly atMs: number;
}

/** What is stored of a person. */
interface PersonRecord {
  readonly keys: readonly PersonKey[];
  readonly merged: readonly string[];
}

/** A key of the claim with its present owner. */
interface Owned {
  readonly entry: StoreEntry | undefined;
  readonly record: KeyRecord | undefined;
}

/** A person that a claim touches. */
interface Candidate extends PersonRecord {
  readonly id: string;
  readonly entry: StoreEntry | undefined;
}

/** Makes the register on a store. */
export function createIdentityRegister(store: Store): IdentityRegister {
  const keyKey = (phoneNumberId: string, key: PersonKey): string => numberKey(phoneNumberId, 'identity', key);
  const personKey = (phoneNumberId: string, id: string): string => numberKey(phoneNumberId, 'person', id);

  const readPerson = async (phoneNumberId: string, id: string): Promise<Candidate> => {
    const entry = await store.get(personKey(phoneNumberId, id));
    return { id, entry, ...personRecord(entry) };
  };
  const readKeys = async (phoneNumberId: string, keys: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, Owned>> =>
    new Map(
      await Promise.all(
        keys.map(async (key): Promise<[PersonKey, Owned]> => {
          const entry = await store.get(keyKey(phoneNumberId, key));
          return [key, { entry, record: keyRecord(entry) }];
        }),
      ),
    );

  const find: IdentityRegister['find'] = async (phoneNumberId, ids) => {
    const owned = await readKeys(phoneNumberId, personKeys(ids));
    for (const { record } of owned.values()) {
      if (!record) continue;
      const { id, merged } = await readPerson(phoneNumberId, record.personId);
      return { id, merged };
    }
    return undefined;
  };

  /** One attempt to apply a claim; `undefined` if another process wrote in between. */
  const attempt = async (phoneNumberId: string, claimed: ClaimedKeys, atMs: number, isRepair: boolean): Promise<Person | undefined> => {
    const owned = await readKeys(phoneNumberId, claimed.all);
    const ids = new Set([...owned.values()].flatMap(({ record }) => record?.personId ?? []));
    const people = new Map<string, Candidate>();
    for (const id of ids) {
      const person = await readPerson(phoneNumberId, id);
      // Another process merged this person after the keys were read. Writing the record again would bring the person back.
      if (!person.entry && !isRepair) return undefined;
      people.set(id, person);
    }
    const plan = planOf(claimed, owned, people, atMs);
    const operations: StoreOperation[] = [];
    const write = (key: string, entry: StoreEntry | undefined, value: PersonRecord | KeyRecord): void => {
      operations.push(
        entry ? { type: 'set', key, value: { ...value }, ifVersion: entry.version } : { type: 'setIfAbsent', key, value: { ...value } },
      );
    };
    for (const [key, record] of plan.keys) {
      const entry = owned.has(key) ? owned.get(key)?.entry : await store.get(keyKey(phoneNumberId, key));
      write(keyKey(phoneNumberId, key), entry, record);
    }
    for (const { id, entry, ...record } of plan.people) write(personKey(phoneNumberId, id), entry, record);
    for (const { id, entry } of plan.gone) {
      if (entry) operations.push({ type: 'delete', key: personKey(phoneNumberId, id), ifVersion: entry.version });
    }
    return operations.length === 0 || (await store.batch(operations)) ? plan.person : undefined;
  };

  return {
    find,
    person: async (phoneNumberId, personId) => {
      const { id, entry, merged } = await readPerson(phoneNumberId, personId);
      return entry && { id, merged };
    },
    learn: async (phoneNumberId, claim) => {
      const claimed = claimedKeys(claim);
      if (claimed.all.length === 0) return undefined;
      for (let attempts = 1; attempts <= maxAttempts; attempts += 1) {
        const person = await attempt(phoneNumberId, claimed, claim.atMs, attempts > attemptsBeforeRepair);
        if (person) return person;
      }
      throw new StoreError(`The store rejected ${String(maxAttempts)} conditional writes in a row.`, 'busy');
    },
  };
}

/** The keys of a claim: those of the person now, and those from before a change. */
interface ClaimedKeys {
  readonly current: readonly PersonKey[];
  readonly previous: readonly PersonKey[];
  readonly all: readonly PersonKey[];
}

function claimedKeys(claim: IdentityClaim): ClaimedKeys {
  const current = personKeys(claim.type === 'same' ? claim.ids : claim.current);
  const previous = claim.type === 'same' ? [] : personKeys(claim.previous).filter((key) => !current.includes(key));
  return { current, previous, all: [...current, ...previous] };
}

interface Plan {
  readonly person: Person;
  readonly keys: ReadonlyMap<PersonKey, KeyRecord>;
  readonly people: readonly Candidate[];
  readonly gone: readonly Candidate[];
}

/** Decides what a claim changes. Pure, so that every rule about who is who is here. */
function planOf(claimed: ClaimedKeys, owned: ReadonlyMap<PersonKey, Owned>, people: ReadonlyMap<string, Candidate>, atMs: number): Plan {
  const ownerOf = (key: PersonKey): Candidate | undefined => people.get(owned.get(key)?.record?.personId ?? '');
  const target = targetOf(claimed, ownerOf) ?? { id: globalThis.crypto.randomUUID(), entry: undefined, keys: [], merged: [] };
  const keys = new Map<PersonKey, KeyRecord>();
  const absorbed = new Map<string, Candidate>();
  const robbed = new Map<string, Candidate>();
  for (const key of claimed.all) {
    const record = owned.get(key)?.record;
    const owner = ownerOf(key);
    if (owner?.id === target.id) {
      // Rewriting the time of every message would cost a write for each. A day is exact enough to order claims of two people.
      if (record && atMs - record.atMs >= claimRenewalMs) keys.set(key, { personId: target.id, atMs });
    } else if (!record) {
      keys.set(key, { personId: target.id, atMs });
    } else if (owner && mayBeOne(owner, claimed, target)) {
      absorbed.set(owner.id, owner);
      keys.set(key, { personId: target.id, atMs: Math.max(atMs, record.atMs) });
    } else if (atMs >= record.atMs && claimed.current.includes(key)) {
      // The number was given to another person.
      keys.set(key, { personId: target.id, atMs });
      if (owner) robbed.set(owner.id, { ...owner, keys: (robbed.get(owner.id) ?? owner).keys.filter((other) => other !== key) });
    }
  }
  for (const { keys: theirs } of absorbed.values()) {
    for (const key of theirs) if (!keys.has(key)) keys.set(key, { personId: target.id, atMs: owned.get(key)?.record?.atMs ?? 0 });
  }
  const merged = [...new Set([...target.merged, ...[...absorbed.values()].flatMap(({ id, merged: earlier }) => [id, ...earlier])])];
  const next: Candidate = {
    ...target,
    keys: [...new Set([...target.keys, ...keys.keys()])],
    merged: merged.filter((id) => id !== target.id),
  };
  const isChanged = next.keys.length !== target.keys.length || next.merged.length !== target.merged.length;
  return {
    person: { id: next.id, merged: next.merged },
    keys,
    people: [...(isChanged ? [next] : []), ...robbed.values()],
    gone: [...absorbed.values()],
  };
}

/** A record that is still missing after so many attempts was removed from the store, and is written anew. */
const attemptsBeforeRepair = 50;
/** A store that rejects so many conditional writes in a row is broken. */
const maxAttempts = 1_000;

/** How long a claim of a key counts as the latest one before it is written again. */
const claimRenewalMs = 86_400_000;

/** The known person whom a claim is about: found by the ID of the highest precedence that doesn't contradict the claim. */
function targetOf(claimed: ClaimedKeys, ownerOf: (key: PersonKey) => Candidate | undefined): Candidate | undefined {
  // After a change the earlier IDs name the person: the new number may have belonged to somebody else.
  for (const key of [...claimed.previous, ...claimed.current]) {
    const owner = ownerOf(key);
    if (owner && (isCertain(key) || !contradicts(owner, claimed))) return owner;
  }
  return undefined;
}

/** Whether the owner of a key and the target are one person. */
function mayBeOne(owner: Candidate, claimed: ClaimedKeys, target: Candidate): boolean {
  const shared = claimed.all.filter((key) => owner.keys.includes(key));
  if (shared.some(isCertain)) return true;
  return !contradicts(owner, { all: [...claimed.all, ...target.keys] });
}

/** Whether a person has a user ID, and the claim names another one: then an equal phone number only means that it has a new owner. */
function contradicts(person: PersonRecord, { all }: Pick<ClaimedKeys, 'all'>): boolean {
  if (all.some((key) => isCertain(key) && person.keys.includes(key))) return false;
  return certainKinds.some((kind) => all.some((key) => key.startsWith(kind)) && person.keys.some((key) => key.startsWith(kind)));
}

/** User IDs belong to one person for good. Phone numbers and usernames move. */
const certainKinds = ['user:', 'parent:'] as const;

function isCertain(key: PersonKey): boolean {
  return certainKinds.some((kind) => key.startsWith(kind));
}

function keyRecord(entry: StoreEntry | undefined): KeyRecord | undefined {
  const value = entry?.value;
  if (!isRecord(value) || typeof value.personId !== 'string' || typeof value.atMs !== 'number') return undefined;
  return { personId: value.personId, atMs: value.atMs };
}

function personRecord(entry: StoreEntry | undefined): PersonRecord {
  const value = isRecord(entry?.value) ? entry.value : {};
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : []);
  // Written by this module alone.
  return { keys: texts(value.keys) as PersonKey[], merged: texts(value.merged) };
}
