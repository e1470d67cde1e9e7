import { numberKey } from '../runtime/keys.js';
import { conflict, untilWritten, writeOf } from '../stores/records.js';
import type { Store, StoreOperation } from '../stores/store.js';
import type { Transaction } from '../stores/transaction.js';
import type { IdentityClaim } from './claim.js';
import { readKeyRecord, type KeyOwner } from './key-record.js';
import type { PersonIds, PersonKey, Person } from './person.js';
import {
  agree,
  claimedKeys,
  personRecord,
  planOf,
  targetOf,
  type Candidate,
  type ClaimedKeys,
  type Owned,
  type Owners,
  type People,
} from './claim-plan.js';

/**
 * Stores which IDs belong to one person. All modules with state per person share one register. An identity change
 * therefore moves the state of all modules, in any process, exactly once.
 */
export interface IdentityRegister {
  /**
   * Learns from an event that IDs belong together, or that a person has new IDs.
   *
   * Conflicting claims split identities: a phone number that arrives with another user ID was reassigned to another
   * person, who gets a separate record. A claim about an older time never moves a number away from its current owner.
   *
   * @param phoneNumberId - The business number. Each number has its own people because user IDs differ between
   *   portfolios.
   * @param claim - A claim from `identityClaims(event)`.
   * @returns the person, or `undefined` if the claim contains no usable ID
   * @throws `StoreError`
   */
  learn(phoneNumberId: string, claim: IdentityClaim): Promise<Person | undefined>;
  /**
   * Finds a person by any of their IDs. It writes no data.
   *
   * @param phoneNumberId - The business number.
   * @param ids - The IDs of the person.
   * @returns `undefined` if the person is unknown
   * @throws `StoreError`
   */
  find(phoneNumberId: string, ids: PersonIds): Promise<Person | undefined>;
  /**
   * Finds a person by their ID in the register. The ID of a merged person finds the person that they were merged into.
   *
   * @param phoneNumberId - The business number.
   * @param personId - The ID in the register.
   * @returns `undefined` if there is no such person
   * @throws `StoreError`
   */
  person(phoneNumberId: string, personId: string): Promise<Person | undefined>;
  /**
   * Removes a person with all IDs, unless another process writes to the person at the same time.
   *
   * @param phoneNumberId - The business number.
   * @param personId - The ID in the register.
   * @throws `StoreError`
   */
  forget(phoneNumberId: string, personId: string): Promise<void>;
}

/**
 * Creates the identity register.
 *
 * @param store - The store of all modules, or a transaction on it.
 */
export function createIdentityRegister(store: Store & Partial<Pick<Transaction, 'reload'>>): IdentityRegister {
  return new StoredRegister(store);
}

class StoredRegister implements IdentityRegister {
  readonly #store: Store & Partial<Pick<Transaction, 'reload'>>;

  constructor(store: Store & Partial<Pick<Transaction, 'reload'>>) {
    this.#store = store;
  }

  async find(phoneNumberId: string, ids: PersonIds): Promise<Person | undefined> {
    const claimed = claimedKeys({ type: 'same', ids, atMs: Infinity });
    const { owned, people } = await this.#readOwners(phoneNumberId, claimed.all);
    const person = targetOf(claimed, owned, people);
    return person && { id: person.id, merged: person.merged };
  }

  async person(phoneNumberId: string, personId: string): Promise<Person | undefined> {
    const { id, entry, merged } = await this.#readPresent(phoneNumberId, personId);
    return entry && { id, merged };
  }

  async forget(phoneNumberId: string, personId: string): Promise<void> {
    const { entry, keys, merged } = await this.#readPerson(phoneNumberId, personId);
    if (!entry) return;
    const own = [...(await this.#readKeys(phoneNumberId, keys))].filter(([, { record }]) => record?.personId === personId);
    await this.#store.batch([
      { type: 'delete', key: personKey(phoneNumberId, personId), ifVersion: entry.version },
      ...own.map(([key]): StoreOperation => ({ type: 'delete', key: keyKey(phoneNumberId, key) })),
      ...merged.map((id): StoreOperation => ({ type: 'delete', key: personKey(phoneNumberId, id) })),
    ]);
  }

  async learn(phoneNumberId: string, claim: IdentityClaim): Promise<Person | undefined> {
    const claimed = claimedKeys(claim);
    return claimed.all.length === 0 ? undefined : untilWritten(() => this.#attempt(phoneNumberId, claimed));
  }

  async #readPerson(phoneNumberId: string, id: string): Promise<Candidate> {
    const entry = await this.#store.get(personKey(phoneNumberId, id));
    return { id, entry, ...personRecord(entry) };
  }

  /** Reads a person, or the person that they were merged into. */
  async #readPresent(phoneNumberId: string, id: string): Promise<Candidate> {
    // Each step leads to a person who was merged later, so the loop ends.
    for (let next = id; ;) {
      const person = await this.#readPerson(phoneNumberId, next);
      if (person.into === undefined) return person;
      next = person.into;
    }
  }

  async #readKeys(phoneNumberId: string, keys: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, Owned>> {
    return new Map(
      await Promise.all(
        keys.map(async (key): Promise<[PersonKey, Owned]> => {
          const entry = await this.#store.get(keyKey(phoneNumberId, key));
          return [key, { entry, record: readKeyRecord(entry) }];
        }),
      ),
    );
  }

  /** Reads keys and the people who have or had them. */
  async #readOwners(phoneNumberId: string, keys: readonly PersonKey[]): Promise<{ readonly owned: Owners; readonly people: People }> {
    const owned = new Map<PersonKey, Owned>();
    const people = new Map<string, Candidate>();
    for (const [key, { entry, record }] of await this.#readKeys(phoneNumberId, keys)) {
      if (record) people.set(record.personId, people.get(record.personId) ?? (await this.#readPerson(phoneNumberId, record.personId)));
      const others: KeyOwner[] = [];
      for (const other of record?.others ?? []) {
        const person = await this.#readPresent(phoneNumberId, other.personId);
        people.set(person.id, person);
        others.push({ ...other, personId: person.id });
      }
      owned.set(key, { entry, record: record && { ...record, ...(others.length > 0 && { others }) } });
    }
    return { owned, people };
  }

  /** Whether the keys and people are unchanged since they were read. */
  async #areCurrent(phoneNumberId: string, owned: Owners, people: People): Promise<boolean> {
    const read = [
      ...[...owned].map(([key, { entry }]) => ({ key: keyKey(phoneNumberId, key), entry })),
      ...[...people.values()].map(({ id, entry }) => ({ key: personKey(phoneNumberId, id), entry })),
    ];
    const present = await Promise.all(read.map(({ key }) => (this.#store.reload ? this.#store.reload(key) : this.#store.get(key))));
    return read.every(({ entry }, index) => entry?.version === present[index]?.version);
  }

  /** Makes one attempt to apply a claim. */
  async #attempt(phoneNumberId: string, claimed: ClaimedKeys): Promise<Person | typeof conflict> {
    const { owned: claimedOwners, people } = await this.#readOwners(phoneNumberId, claimed.all);
    const target = targetOf(claimed, claimedOwners, people);
    // Keys of people who are merged into the target move with the times of their claims.
    const others = [...people.values()].filter(({ id }) => id !== target?.id).flatMap(({ keys }) => keys);
    const missing = others.filter((key) => !claimedOwners.has(key));
    const owned = new Map([...claimedOwners, ...(await this.#readKeys(phoneNumberId, missing))]);
    // Another process wrote between two of these reads. A merged person must not be written again, and a moved key must
    // not be left behind.
    if (!agree(owned, people) && !(await this.#areCurrent(phoneNumberId, owned, people))) return conflict;
    const plan = planOf(claimed, target, owned, people);
    const operations = [
      ...[...plan.keys].map(([key, record]) => writeOf(keyKey(phoneNumberId, key), owned.get(key)?.entry, { ...record })),
      ...plan.people.map(({ id, entry, ...record }) => writeOf(personKey(phoneNumberId, id), entry, record)),
      ...plan.gone.flatMap(({ id, entry }) =>
        entry ? [writeOf(personKey(phoneNumberId, id), entry, { keys: [], merged: [], into: plan.person.id })] : [],
      ),
    ];
    return operations.length === 0 || (await this.#store.batch(operations)) ? plan.person : conflict;
  }
}

function keyKey(phoneNumberId: string, key: PersonKey): string {
  return numberKey(phoneNumberId, 'identity', key);
}

function personKey(phoneNumberId: string, id: string): string {
  return numberKey(phoneNumberId, 'person', id);
}
