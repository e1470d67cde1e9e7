import type { Person } from '../../identity/person.js';
import { isRecord, type JsonValue } from '../../runtime/json.js';
import { joinKey } from '../../runtime/keys.js';
import { updateEntry, writeOf } from '../../stores/records.js';
import type { Store, StoreEntry, StoreOperation } from '../../stores/store.js';

/**
 * The latest choice of each person about marketing messages, in a store. A name is the ID of a person in the register, or a phone number or
 * user ID under which an earlier version stored an opt-out.
 */
export interface ChoiceRecords {
  /**
   * Whether one of these names has opted out. Moves opt-outs to the person, if there is one, in a single batch, so each
   * moves exactly once.
   *
   * @throws `StoreError`
   */
  readonly isOptedOut: (phoneNumberId: string, names: readonly string[], person: Person | undefined) => Promise<boolean>;
  /** Records an opt-out, unless the person opted in later. @throws `StoreError` */
  readonly stop: (phoneNumberId: string, person: Person, atMs: number) => Promise<void>;
  /** Records an opt-in, and removes earlier opt-outs under the names. @throws `StoreError` */
  readonly resume: (phoneNumberId: string, names: readonly string[], person: Person | undefined, atMs: number) => Promise<void>;
}

/**
 * How long the time of an opt-in is stored, so that older opt-outs are ignored. Meta redelivers webhooks for 7 days.
 */
const optInKeptMs = 30 * 86_400_000;

/** A stored opt-out and its key. */
interface Found {
  readonly key: string;
  readonly entry: StoreEntry;
}

/**
 * Creates the records. Choices can arrive late, in any order, and under two IDs that are linked later. Both choices are
 * therefore stored with their times, and the later one counts.
 */
export function createChoiceRecords(store: Store): ChoiceRecords {
  const stopKey = (phoneNumberId: string, name: string): string => joinKey('sender', phoneNumberId, 'opt-out', name);
  // Earlier versions treat any value under the other key as an opt-out.
  const resumeKey = (phoneNumberId: string, name: string): string => joinKey('sender', phoneNumberId, 'opt-in', name);
  const find = async (phoneNumberId: string, names: readonly string[]): Promise<readonly Found[]> => {
    const keys = [...new Set(names)].map((name) => stopKey(phoneNumberId, name));
    const entries = await Promise.all(keys.map(async (key) => ({ key, entry: await store.get(key) })));
    return entries.flatMap(({ key, entry }) => (entry ? [{ key, entry }] : []));
  };
  const resumedAt = async (phoneNumberId: string, names: readonly string[]): Promise<number> => {
    const entries = await Promise.all([...new Set(names)].map((name) => store.get(resumeKey(phoneNumberId, name))));
    return Math.max(-Infinity, ...entries.flatMap((entry) => (entry ? timeOf(entry.value) : [])));
  };
  /** Removes opt-outs that are older than an opt-in, because the opt-in expires earlier than they do. */
  const remove = async (found: readonly Found[]): Promise<void> => {
    for (const { key, entry } of found) await store.delete(key, { ifVersion: entry.version });
  };
  const move = async (target: string, found: readonly Found[]): Promise<void> => {
    const earlier = found.filter(({ key }) => key !== target);
    const [first] = earlier;
    if (!first) return;
    const present = found.find(({ key }) => key === target) ?? first;
    const latest = earlier.reduce((one, other) => (timeOf(other.entry.value) > timeOf(one.entry.value) ? other : one), present);
    const operations: StoreOperation[] = earlier.map(({ key, entry }) => ({ type: 'delete', key, ifVersion: entry.version }));
    if (latest.key !== target) {
      operations.push(writeOf(target, present.key === target ? present.entry : undefined, latest.entry.value));
    }
    // Another process has moved them first.
    await store.batch(operations);
  };
  return {
    async isOptedOut(phoneNumberId, names, person) {
      const found = await find(phoneNumberId, names);
      if (found.length === 0) return false;
      const resumedAtMs = await resumedAt(phoneNumberId, names);
      const isOutdated = ({ entry }: Found): boolean => timeOf(entry.value) < resumedAtMs;
      await remove(found.filter(isOutdated));
      const valid = found.filter((one) => !isOutdated(one));
      if (person) await move(stopKey(phoneNumberId, person.id), valid);
      return valid.length > 0;
    },
    async stop(phoneNumberId, person, atMs) {
      await updateEntry(store, stopKey(phoneNumberId, person.id), (known) => laterOf(known, atMs));
      // Each choice is written before the other one is read, so the second one always finds the first.
      const names = namesOfPerson(person);
      const resumedAtMs = await resumedAt(phoneNumberId, names);
      await remove((await find(phoneNumberId, names)).filter(({ entry }) => timeOf(entry.value) < resumedAtMs));
    },
    async resume(phoneNumberId, names, person, atMs) {
      if (person) {
        const key = resumeKey(phoneNumberId, person.id);
        await updateEntry(store, key, (known) => laterOf(known, atMs), { ttlMs: optInKeptMs });
      }
      await remove((await find(phoneNumberId, names)).filter(({ entry }) => !hasTime(entry.value) || entry.value.atMs <= atMs));
    },
  };
}

/**
 * Returns all IDs of a person in the register.
 *
 * @param person - The person.
 */
export function namesOfPerson(person: Person | undefined): readonly string[] {
  return person ? [person.id, ...person.merged] : [];
}

/** Returns the value to store, or `undefined` if the stored choice is at least as late. */
function laterOf(known: JsonValue | undefined, atMs: number): JsonValue | undefined {
  return known !== undefined && timeOf(known) >= atMs ? undefined : { atMs };
}

/**
 * Returns the time of a choice. Earlier versions stored opt-outs as `true`. Only an opt-in that certainly applies to
 * them removes these.
 */
function timeOf(value: JsonValue): number {
  return hasTime(value) ? value.atMs : Infinity;
}

function hasTime(value: JsonValue): value is { readonly atMs: number } {
  return isRecord(value) && typeof value.atMs === 'number';
}
