import { isRecord } from '../runtime/json.js';
import { numberKey } from '../runtime/keys.js';
import { conflict, untilWritten, writeOf } from '../stores/records.js';
import type { Store, StoreEntry, StoreOperation } from '../stores/store.js';
import type { Transaction } from '../stores/transaction.js';
import type { IdentityClaim } from './claim.js';
import {
  changedOwner,
  claimedAgain,
  dormantMs,
  givenTo,
  hadBy,
  isNews,
  ownerBefore,
  readKeyRecord,
  type KeyOwner,
  type KeyRecord,
} from './key-record.js';
import { personKeys, type PersonIds, type PersonKey } from './person.js';

/** A person in the register. */
export interface Person {
  /** Identifies the person in store keys. It doesn't change when the IDs of the person change. */
  readonly id: string;
  /** IDs of people who were merged into this one. State that a module stored under them now belongs to {@link id}. */
  readonly merged: readonly string[];
}

/**
 * Stores which IDs belong to one person. All modules with state per person share one register. So an identity change
 * moves the state of all modules, in any process, exactly once.
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

/** The stored record of a person. */
interface PersonRecord {
  readonly keys: readonly PersonKey[];
  readonly merged: readonly string[];
  /** The person that this one was merged into. */
  readonly into?: string;
}

/** A key of the claim with its current owner. */
interface Owned {
  readonly entry: StoreEntry | undefined;
  readonly record: KeyRecord | undefined;
}

/** A person that a claim concerns. */
interface Candidate extends PersonRecord {
  readonly id: string;
  readonly entry: StoreEntry | undefined;
}

/**
 * Creates the identity register.
 *
 * @param store - The store of all modules, or a transaction on it.
 */
export function createIdentityRegister(store: Store & Partial<Pick<Transaction, 'reload'>>): IdentityRegister {
  const keyKey = (phoneNumberId: string, key: PersonKey): string => numberKey(phoneNumberId, 'identity', key);
  const personKey = (phoneNumberId: string, id: string): string => numberKey(phoneNumberId, 'person', id);

  const readPerson = async (phoneNumberId: string, id: string): Promise<Candidate> => {
    const entry = await store.get(personKey(phoneNumberId, id));
    return { id, entry, ...personRecord(entry) };
  };
  /** Reads a person, or the person that they were merged into. */
  const readPresent = async (phoneNumberId: string, id: string): Promise<Candidate> => {
    // Each step leads to a person who was merged later, so the loop ends.
    for (let next = id; ;) {
      const person = await readPerson(phoneNumberId, next);
      if (person.into === undefined) return person;
      next = person.into;
    }
  };
  const readKeys = async (phoneNumberId: string, keys: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, Owned>> =>
    new Map(
      await Promise.all(
        keys.map(async (key): Promise<[PersonKey, Owned]> => {
          const entry = await store.get(keyKey(phoneNumberId, key));
          return [key, { entry, record: readKeyRecord(entry) }];
        }),
      ),
    );

  /** Reads keys and the people who have them, or had them at other times. */
  const readOwners = async (
    phoneNumberId: string,
    keys: readonly PersonKey[],
  ): Promise<{ readonly owned: Owners; readonly people: People }> => {
    const owned = new Map<PersonKey, Owned>();
    const people = new Map<string, Candidate>();
    for (const [key, { entry, record }] of await readKeys(phoneNumberId, keys)) {
      if (record) people.set(record.personId, people.get(record.personId) ?? (await readPerson(phoneNumberId, record.personId)));
      const others: KeyOwner[] = [];
      for (const other of record?.others ?? []) {
        const person = await readPresent(phoneNumberId, other.personId);
        people.set(person.id, person);
        others.push({ ...other, personId: person.id });
      }
      owned.set(key, { entry, record: record && { ...record, ...(others.length > 0 && { others }) } });
    }
    return { owned, people };
  };

  /** Whether the keys and people are unchanged since they were read. */
  const areCurrent = async (phoneNumberId: string, owned: Owners, people: People): Promise<boolean> => {
    const read = [
      ...[...owned].map(([key, { entry }]) => ({ key: keyKey(phoneNumberId, key), entry })),
      ...[...people.values()].map(({ id, entry }) => ({ key: personKey(phoneNumberId, id), entry })),
    ];
    const present = await Promise.all(read.map(({ key }) => (store.reload ? store.reload(key) : store.get(key))));
    return read.every(({ entry }, index) => entry?.version === present[index]?.version);
  };

  const find: IdentityRegister['find'] = async (phoneNumberId, ids) => {
    const claimed = claimedKeys({ type: 'same', ids, atMs: Infinity });
    const { owned, people } = await readOwners(phoneNumberId, claimed.all);
    const person = targetOf(claimed, owned, people);
    return person && { id: person.id, merged: person.merged };
  };

  /** Makes one attempt to apply a claim. */
  const attempt = async (phoneNumberId: string, claimed: ClaimedKeys): Promise<Person | typeof conflict> => {
    const { owned: claimedOwners, people } = await readOwners(phoneNumberId, claimed.all);
    const target = targetOf(claimed, claimedOwners, people);
    // Keys of people who are merged into the target move with the times of their claims.
    const others = [...people.values()].filter(({ id }) => id !== target?.id).flatMap(({ keys }) => keys);
    const missing = others.filter((key) => !claimedOwners.has(key));
    const owned = new Map([...claimedOwners, ...(await readKeys(phoneNumberId, missing))]);
    // Another process wrote between two of these reads. A merged person must not be written again, and a moved key must
    // not be left behind.
    if (!agree(owned, people) && !(await areCurrent(phoneNumberId, owned, people))) return conflict;
    const plan = planOf(claimed, target, owned, people);
    const operations = [
      ...[...plan.keys].map(([key, record]) => writeOf(keyKey(phoneNumberId, key), owned.get(key)?.entry, { ...record })),
      ...plan.people.map(({ id, entry, ...record }) => writeOf(personKey(phoneNumberId, id), entry, record)),
      ...plan.gone.flatMap(({ id, entry }) =>
        entry ? [writeOf(personKey(phoneNumberId, id), entry, { keys: [], merged: [], into: plan.person.id })] : [],
      ),
    ];
    return operations.length === 0 || (await store.batch(operations)) ? plan.person : conflict;
  };

  return {
    find,
    person: async (phoneNumberId, personId) => {
      const { id, entry, merged } = await readPresent(phoneNumberId, personId);
      return entry && { id, merged };
    },
    forget: async (phoneNumberId, personId) => {
      const { entry, keys, merged } = await readPerson(phoneNumberId, personId);
      if (!entry) return;
      const own = [...(await readKeys(phoneNumberId, keys))].filter(([, { record }]) => record?.personId === personId);
      await store.batch([
        { type: 'delete', key: personKey(phoneNumberId, personId), ifVersion: entry.version },
        ...own.map(([key]): StoreOperation => ({ type: 'delete', key: keyKey(phoneNumberId, key) })),
        ...merged.map((id): StoreOperation => ({ type: 'delete', key: personKey(phoneNumberId, id) })),
      ]);
    },
    learn: async (phoneNumberId, claim) => {
      const claimed = claimedKeys(claim);
      return claimed.all.length === 0 ? undefined : untilWritten(() => attempt(phoneNumberId, claimed));
    },
  };
}

/** The keys of a claim: the current keys of the person, and the previous keys after a change. */
interface ClaimedKeys {
  readonly current: readonly PersonKey[];
  readonly previous: readonly PersonKey[];
  readonly all: readonly PersonKey[];
  /** Numbers and usernames, if a report of new IDs contains no previous user ID. */
  readonly reported: readonly PersonKey[];
  readonly atMs: number;
}

function claimedKeys(claim: IdentityClaim): ClaimedKeys {
  const current = personKeys(claim.type === 'same' ? claim.ids : claim.current);
  const before = claim.type === 'same' ? [] : personKeys(claim.previous);
  const previous = before.filter((key) => !current.includes(key));
  const isAnonymous = !before.some(isCertain) && current.some((key) => !before.includes(key));
  return { current, previous, all: [...current, ...previous], reported: isAnonymous ? before : [], atMs: claim.atMs };
}

interface Plan {
  readonly person: Person;
  readonly keys: ReadonlyMap<PersonKey, KeyRecord>;
  readonly people: readonly Candidate[];
  readonly gone: readonly Candidate[];
}

type Owners = ReadonlyMap<PersonKey, Owned>;
type People = ReadonlyMap<string, Candidate>;

/** Decides the changes of a claim. This function is pure. It contains all rules to identify people. */
function planOf(claimed: ClaimedKeys, known: Candidate | undefined, owned: Owners, people: People): Plan {
  const { atMs } = claimed;
  const target = known ?? { id: globalThis.crypto.randomUUID(), entry: undefined, keys: [], merged: [] };
  const keys = new Map<PersonKey, KeyRecord>();
  const absorbed = new Map<string, Candidate>();
  const robbed = new Map<string, Candidate>();
  const namesUser = claimed.current.some(isCertain);
  const recordFor = (key: PersonKey): KeyRecord => ({
    personId: target.id,
    atMs,
    ...(claimed.reported.includes(key) && { changesMs: [atMs] }),
    ...(claimed.previous.length > 0 && !namesUser && claimed.current.includes(key) && !isCertain(key) && { awaitsUserId: true }),
  });
  for (const key of claimed.all) {
    const owner = reportedOwner(key, owned.get(key)?.record, claimed, people);
    if (owner && owner.id !== target.id) absorbed.set(owner.id, owner);
  }
  for (const key of claimed.all) {
    const record = owned.get(key)?.record;
    const owner = people.get(record?.personId ?? '');
    const isChange = claimed.reported.includes(key);
    // Events without a user ID don't show which of several people with one number they are about.
    const isFirstName = namesUser && !isCertain(key) && owner !== undefined && !owner.keys.some(isCertain);
    const again = (one: KeyRecord): KeyRecord => claimedAgain(isFirstName ? { ...one, sinceMs: atMs } : one, target.id, atMs, isChange);
    if (!record) {
      keys.set(key, recordFor(key));
    } else if (owner?.id === target.id) {
      const isNamed = record.awaitsUserId && namesUser;
      // Updating the time for each message would cost one write per message. One day is exact enough to order the
      // claims of two people.
      if (
        isNamed ||
        isFirstName ||
        atMs - record.atMs >= claimRenewalMs ||
        (!isCertain(key) && (namesUser || isChange) && isNews(record, atMs, isChange))
      ) {
        const { awaitsUserId, ...renewed } = again(record);
        keys.set(key, { ...renewed, ...(awaitsUserId && !isNamed && { awaitsUserId }) });
      }
    } else if (owner && (absorbed.has(owner.id) || mayBeOne(owner, claimed, target, owned))) {
      absorbed.set(owner.id, owner);
      const { awaitsUserId: _awaitsUserId, ...renewed } = again(record);
      keys.set(key, { ...recordFor(key), ...renewed });
    } else if (atMs >= record.atMs && claimed.current.includes(key)) {
      // The number was reassigned to another person.
      keys.set(key, isCertain(key) ? recordFor(key) : givenTo(record, recordFor(key)));
      if (owner) robbed.set(owner.id, { ...owner, keys: (robbed.get(owner.id) ?? owner).keys.filter((other) => other !== key) });
    } else if (!isCertain(key) && atMs > 0) {
      const other = record.others?.find(({ personId }) => personId === target.id);
      if (isNews(other, atMs, isChange)) keys.set(key, hadBy(record, target.id, atMs, isChange));
    }
  }
  for (const { id, keys: theirs } of absorbed.values()) {
    for (const key of theirs) {
      const record = owned.get(key)?.record;
      if (!keys.has(key) && (!record || record.personId === id)) keys.set(key, { atMs: 0, ...record, personId: target.id });
    }
  }
  const merged = [...new Set([...target.merged, ...[...absorbed.values()].flatMap(({ id, merged: earlier }) => [id, ...earlier])])];
  const next: Candidate = {
    ...target,
    keys: [...new Set([...target.keys, ...[...keys].flatMap(([key, { personId }]) => (personId === target.id ? [key] : []))])],
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

/** Whether keys and people refer to each other. In the store they always do because one batch writes both. */
function agree(owned: Owners, people: People): boolean {
  const keysAgree = [...owned].every(([key, { record }]) => !record || (people.get(record.personId)?.keys.includes(key) ?? true));
  return (
    keysAgree &&
    [...people.values()].every(
      ({ id, entry, into, keys }) =>
        entry !== undefined && into === undefined && keys.every((key) => !owned.has(key) || owned.get(key)?.record?.personId === id),
    )
  );
}

/** Minimum age of a claim before its time is updated. */
const claimRenewalMs = 86_400_000;

/** Returns the known person of a claim: the owner of the highest-ranking ID that doesn't contradict the claim. */
function targetOf(claimed: ClaimedKeys, owned: Owners, people: People): Candidate | undefined {
  for (const key of claimed.reported) {
    const owner = reportedOwner(key, owned.get(key)?.record, claimed, people);
    if (owner) return owner;
  }
  // After a change, the previous IDs identify the person because the new number may have belonged to another person.
  for (const key of [...claimed.previous, ...claimed.current]) {
    const record = owned.get(key)?.record;
    const owner = record && people.get(record.personId);
    if (!owner) continue;
    if (isCertain(key)) return owner;
    if (claimed.previous.includes(key)) {
      // Without a previous user ID, the claim concerns the owner of the number at that time, for any new user ID.
      if (claimed.reported.includes(key) ? !owner.keys.some(isCertain) : !contradicts(owner, claimed.previous)) return owner;
    } else if (reportedOwner(key, record, claimed, people)) {
      return reportedOwner(key, record, claimed, people);
    } else if (!isDormant(key, record, claimed) && (!contradicts(owner, claimed.all) || record.awaitsUserId)) {
      return owner;
    }
  }
  return undefined;
}

/** Returns the person of a claim with only a number, if Meta reported who had the number at that time. */
function reportedOwner(
  key: PersonKey,
  record: KeyRecord | undefined,
  { reported, atMs }: ClaimedKeys,
  people: People,
): Candidate | undefined {
  if (!record || isCertain(key)) return undefined;
  const id = reported.includes(key) ? ownerBefore(record, atMs) : changedOwner(record, atMs);
  return id === undefined ? undefined : people.get(id);
}

/** Whether the owner of a key and the target are one person. */
function mayBeOne(owner: Candidate, claimed: ClaimedKeys, target: Candidate, owned: Owners): boolean {
  const shared = claimed.all.filter((key) => owner.keys.includes(key));
  if (shared.some(isCertain)) return true;
  if (!owner.keys.some(isCertain) && shared.every((key) => isDormant(key, owned.get(key)?.record, claimed))) return false;
  if (!contradicts(owner, [...claimed.all, ...target.keys])) return true;
  // A user ID that was seen before without a number can be the ID that the move to this number created.
  return shared.some((key) => owned.get(key)?.record?.awaitsUserId) && target.keys.every(isCertain);
}

/**
 * Whether a person has a user ID and the keys contain a different one. Then an equal phone number only means that it
 * has a new owner.
 */
function contradicts(person: PersonRecord, keys: readonly PersonKey[]): boolean {
  if (keys.some((key) => isCertain(key) && person.keys.includes(key))) return false;
  return certainKinds.some((kind) => keys.some((key) => key.startsWith(kind)) && person.keys.some((key) => key.startsWith(kind)));
}

/** Whether a number was unused for so long before a person moved to it that it belonged to another person. */
function isDormant(key: PersonKey, record: KeyRecord | undefined, { current, previous, atMs }: ClaimedKeys): boolean {
  const isMove = current.includes(key) && previous.some((earlier) => earlier.startsWith('phone:'));
  return isMove && record !== undefined && atMs - record.atMs > dormantMs;
}

/** User IDs belong to one person permanently. Phone numbers and usernames move. */
const certainKinds = ['user:', 'parent:'] as const;

function isCertain(key: PersonKey): boolean {
  return certainKinds.some((kind) => key.startsWith(kind));
}

function personRecord(entry: StoreEntry | undefined): PersonRecord {
  const value = isRecord(entry?.value) ? entry.value : {};
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : []);
  // Only this module writes these records.
  return {
    keys: texts(value.keys) as PersonKey[],
    merged: texts(value.merged),
    ...(typeof value.into === 'string' && { into: value.into }),
  };
}
