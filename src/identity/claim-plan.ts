import { isRecord } from '../runtime/json.js';
import type { StoreEntry } from '../stores/store.js';
import type { IdentityClaim } from './claim.js';
import { changedOwner, claimedAgain, dormantMs, givenTo, hadBy, addsInformation, ownerBefore, type KeyRecord } from './key-record.js';
import { personKeys, type PersonKey, type Person } from './person.js';

/** The stored record of a person. */
interface PersonRecord {
  readonly keys: readonly PersonKey[];
  readonly merged: readonly string[];
  /** The person that this one was merged into. */
  readonly into?: string;
}

/** A key of the claim and its current owner. */
export interface Owned {
  readonly entry: StoreEntry | undefined;
  readonly record: KeyRecord | undefined;
}

/** A person that a claim concerns. */
export interface Candidate extends PersonRecord {
  readonly id: string;
  readonly entry: StoreEntry | undefined;
}

/** The keys of a claim: the current keys of the person, and the previous keys after a change. */
export interface ClaimedKeys {
  readonly current: readonly PersonKey[];
  readonly previous: readonly PersonKey[];
  readonly all: readonly PersonKey[];
  /** Numbers and usernames, if a report of new IDs contains no previous user ID. */
  readonly reported: readonly PersonKey[];
  readonly atMs: number;
}

export function claimedKeys(claim: IdentityClaim): ClaimedKeys {
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

export type Owners = ReadonlyMap<PersonKey, Owned>;

export type People = ReadonlyMap<string, Candidate>;

/** Decides the changes of a claim. A pure function with all rules to identify people. */
export function planOf(claimed: ClaimedKeys, known: Candidate | undefined, owned: Owners, people: People): Plan {
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
    // Events without a user ID can't distinguish people who had the same number.
    const isFirstName = namesUser && !isCertain(key) && owner !== undefined && !owner.keys.some(isCertain);
    const again = (one: KeyRecord): KeyRecord => claimedAgain(isFirstName ? { ...one, sinceMs: atMs } : one, target.id, atMs, isChange);
    if (!record) {
      keys.set(key, recordFor(key));
    } else if (owner?.id === target.id) {
      const isNamed = record.awaitsUserId && namesUser;
      // Updating the time with each message would need one write per message. A precision of one day is enough to order
      // the claims of two people.
      if (
        isNamed ||
        isFirstName ||
        atMs - record.atMs >= claimRenewalMs ||
        (!isCertain(key) && (namesUser || isChange) && addsInformation(record, atMs, isChange))
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
      if (addsInformation(other, atMs, isChange)) keys.set(key, hadBy(record, target.id, atMs, isChange));
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

/** Whether keys and people refer to each other. In the store they always do, because one batch writes both. */
export function agree(owned: Owners, people: People): boolean {
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
export function targetOf(claimed: ClaimedKeys, owned: Owners, people: People): Candidate | undefined {
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

/** Whether the owner of a key and the target may be the same person. */
function mayBeOne(owner: Candidate, claimed: ClaimedKeys, target: Candidate, owned: Owners): boolean {
  const shared = claimed.all.filter((key) => owner.keys.includes(key));
  if (shared.some(isCertain)) return true;
  if (!owner.keys.some(isCertain) && shared.every((key) => isDormant(key, owned.get(key)?.record, claimed))) return false;
  if (!contradicts(owner, [...claimed.all, ...target.keys])) return true;
  // A user ID that was seen before without a number can be the ID that the move to this number created.
  return shared.some((key) => owned.get(key)?.record?.awaitsUserId) && target.keys.every(isCertain);
}

/**
 * Whether a person has a user ID and the keys contain a different one. An equal phone number then only means that the
 * number has a new owner.
 */
function contradicts(person: PersonRecord, keys: readonly PersonKey[]): boolean {
  if (keys.some((key) => isCertain(key) && person.keys.includes(key))) return false;
  return certainKinds.some((kind) => keys.some((key) => key.startsWith(kind)) && person.keys.some((key) => key.startsWith(kind)));
}

/** Whether a number was unused for so long before a person moved to it that it must have belonged to another person. */
function isDormant(key: PersonKey, record: KeyRecord | undefined, { current, previous, atMs }: ClaimedKeys): boolean {
  const isMove = current.includes(key) && previous.some((earlier) => earlier.startsWith('phone:'));
  return isMove && record !== undefined && atMs - record.atMs > dormantMs;
}

/** User IDs belong to one person permanently. Phone numbers and usernames move. */
const certainKinds = ['user:', 'parent:'] as const;

function isCertain(key: PersonKey): boolean {
  return certainKinds.some((kind) => key.startsWith(kind));
}

export function personRecord(entry: StoreEntry | undefined): PersonRecord {
  const value = isRecord(entry?.value) ? entry.value : {};
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : []);
  // Only this module writes these records.
  return {
    keys: texts(value.keys) as PersonKey[],
    merged: texts(value.merged),
    ...(typeof value.into === 'string' && { into: value.into }),
  };
}
