import { StoreError } from '../../errors/store-error.js';
import { identityClaims, type IdentityClaim } from '../../identity/claim.js';
import { personKeys, type PersonIds, type PersonKey } from '../../identity/person.js';
import { comparablePhoneNumber } from '../../identity/phone-number-spellings.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import { createIdentityRegister, type Person } from '../../identity/register.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { within } from '../../runtime/within.js';
import { guardStore } from '../../stores/guard-store.js';
import type { Store } from '../../stores/store.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { createRecentPeople } from './recent-people.js';

/**
 * Knows which person a message goes to, however its `to` or `recipient` spells one of the person's IDs. The links come from webhook events and
 * are in the identity register of the store, so that they survive a restart and all processes share them.
 *
 * A store that fails or hangs delays a message by one second at most. For 10 seconds afterwards, messages leave without a look-up: then only
 * the spellings of one ID share a queue, and links that this process knows.
 */
export interface SenderPeople {
  /**
   * Learns which IDs belong together from an event. A store that fails loses only what later events repeat.
   *
   * @throws `StoreError` if a change of IDs could not be recorded, so that the event is delivered again.
   */
  readonly learn: (event: WebhookEvent) => Promise<void>;
  /** Names the queue of a message's recipient, as far as this process knows the person. */
  readonly queueName: (phoneNumberId: string, message: OutgoingMessage) => string;
  /**
   * Looks the recipient of a message up if the store may know more than this process, and joins the queues of one person. Look-ups end in the
   * order in which they begin. Never rejects.
   *
   * @returns `undefined` if there is nothing to wait for.
   */
  readonly identify: (phoneNumberId: string, message: OutgoingMessage) => Promise<void> | undefined;
  /** Finds a person in the register by a `to` or `recipient`. @throws `StoreError` */
  readonly find: (phoneNumberId: string, recipient: string) => Promise<Person | undefined>;
  /** Finds a person in the register, or adds them, for state that is stored under the ID of the person. @throws `StoreError` */
  readonly record: (phoneNumberId: string, ids: PersonIds, atMs: number) => Promise<Person | undefined>;
}

/** What {@link createPeople} works with. */
export interface SenderPeopleOptions {
  readonly store: Store;
  /** Whether other processes write to the store, or an earlier one did. Otherwise this process knows all that the store contains. */
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Two names of queues belong to one person: the first queue becomes a part of the second. */
  readonly onJoined: (phoneNumberId: string, from: string, to: string) => void;
  /** A person has these keys. Called once per claim that this process had not seen before, before the claim counts as learned. */
  readonly onLearned: ((phoneNumberId: string, keys: readonly PersonKey[], person: Person) => Promise<void>) | undefined;
  /**
   * The most people whose links a store that isn't shared contains. Those with an opt-out don't count. More than the keys that are remembered.
   * @defaultValue 100 000
   */
  readonly maxPeople?: number | undefined;
}

/** The store is asked about a person again after this time, because another process may have learned more. */
const freshMs = 10_000;

/** How long a look-up may take, and how long none is made after one that failed. */
const lookUpMs = 1_000;
const pauseMs = 10_000;

/** How long one call of a shared store may take. */
const callMs = 5_000;

/** The most keys of people, and the most numbers, that are remembered. */
const maxKeys = 5_000;
const maxNumbers = 1_000;

interface KnownKey {
  /** Absent if the register doesn't contain the key. */
  readonly personId: string | undefined;
  readonly readAtMs: number;
}

/** What this process knows of the people of one number. */
interface KnownPeople {
  readonly keys: Map<PersonKey, KnownKey>;
  /** The present IDs of persons that turned out to be others. */
  readonly merged: Map<string, string>;
  hasLinks: boolean;
  /** The look-ups in progress. */
  pending: Promise<void> | undefined;
}

/** Makes the sender's view of people. */
export function createPeople(options: SenderPeopleOptions): SenderPeople {
  const { store, isShared, clock, logger, onJoined, onLearned, maxPeople = 100_000 } = options;
  const register = createIdentityRegister(isShared ? guardStore(store, clock, callMs) : store);
  const recent = isShared ? undefined : createRecentPeople(register, maxPeople);
  const numbers = new Map<string, KnownPeople>();
  let pausedUntilMs = -Infinity;

  const peopleOf = (phoneNumberId: string): KnownPeople => {
    const known = numbers.get(phoneNumberId);
    if (known) return known;
    const people: KnownPeople = { keys: new Map(), merged: new Map(), hasLinks: false, pending: undefined };
    remember(numbers, phoneNumberId, people, maxNumbers);
    return people;
  };
  const isPaused = (): boolean => clock.monotonic() < pausedUntilMs;
  const fail = (phoneNumberId: string, error: unknown): void => {
    if (!isPaused()) logger.warn('sender.identities_unavailable', { phoneNumberId, error });
    pausedUntilMs = clock.monotonic() + pauseMs;
  };
  /** The result of work on the store, or `undefined` if it failed or was late. */
  const attempt = async <Result>(phoneNumberId: string, work: () => Promise<Result>): Promise<{ readonly value: Result } | undefined> => {
    try {
      if (!isShared) return { value: await work() };
      const done = await within(clock, lookUpMs, work);
      if (done.type === 'done') return done;
      fail(phoneNumberId, new StoreError(`The store did not respond within ${String(lookUpMs)} ms.`, 'unknown'));
    } catch (error) {
      fail(phoneNumberId, error);
    }
    return undefined;
  };
  const isFresh = (known: KnownKey | undefined): known is KnownKey =>
    known !== undefined && (!isShared || clock.monotonic() - known.readAtMs < freshMs);
  const note = (phoneNumberId: string, keys: readonly PersonKey[], person: Person | undefined): void => {
    const people = peopleOf(phoneNumberId);
    const known: KnownKey = { personId: person?.id, readAtMs: clock.monotonic() };
    for (const key of keys) remember(people.keys, key, known, maxKeys);
    if (!person) return;
    people.hasLinks = true;
    recent?.touch(phoneNumberId, person);
    for (const id of person.merged) {
      if (people.merged.get(id) === person.id) continue;
      remember(people.merged, id, person.id, maxKeys);
      onJoined(phoneNumberId, id, person.id);
    }
    for (const key of keys) onJoined(phoneNumberId, nameOfKey(key), person.id);
  };
  /** Learns a claim, and reads afterwards whose each of its keys is: some may belong to another person. */
  const apply = async (phoneNumberId: string, claim: IdentityClaim, keys: readonly PersonKey[]): Promise<void> => {
    const person = await register.learn(phoneNumberId, claim);
    const owners = await Promise.all(keys.map(async (key) => [key, await register.find(phoneNumberId, idsOfKey(key))] as const));
    if (person) {
      const own = owners.flatMap(([key, owner]) => (owner?.id === person.id ? [key] : []));
      await onLearned?.(phoneNumberId, own, person);
    }
    for (const [key, owner] of owners) note(phoneNumberId, [key], owner);
    await recent?.trim();
  };
  const isLearned = (phoneNumberId: string, keys: readonly PersonKey[]): boolean => {
    const people = peopleOf(phoneNumberId);
    const [first, ...others] = keys.map((key) => people.keys.get(key));
    if (!isFresh(first) || first.personId === undefined) return false;
    if (!others.every((one) => isFresh(one) && one.personId === first.personId)) return false;
    recent?.touch(phoneNumberId, { id: people.merged.get(first.personId) ?? first.personId, merged: [] });
    return true;
  };

  return {
    learn: async (event) => {
      const { phoneNumberId } = event;
      if (phoneNumberId === undefined) return;
      for (const claim of identityClaims(event, clock.now())) {
        const keys = keysOfClaim(claim);
        // One ID links nothing.
        if (keys.length < 2) continue;
        if (claim.type === 'changed') await apply(phoneNumberId, claim, keys);
        else if (!isPaused() && !isLearned(phoneNumberId, keys)) await attempt(phoneNumberId, () => apply(phoneNumberId, claim, keys));
      }
    },
    queueName: (phoneNumberId, message) => {
      const recipient = recipientOfMessage(message);
      if (message.recipient_type === 'group') return `group:${recipient}`;
      const number = comparablePhoneNumber(recipient);
      const people = numbers.get(phoneNumberId);
      if (people?.hasLinks) {
        for (const key of keysOfRecipient(recipient, number)) {
          const id = people.keys.get(key)?.personId;
          if (id !== undefined) return people.merged.get(id) ?? id;
        }
      }
      return number ?? recipient;
    },
    identify: (phoneNumberId, message) => {
      const recipient = recipientOfMessage(message);
      if (recipient === '' || message.recipient_type === 'group') return undefined;
      const people = isShared ? peopleOf(phoneNumberId) : numbers.get(phoneNumberId);
      if (!people || (!isShared && !people.hasLinks)) return undefined;
      const keys = keysOfRecipient(recipient, comparablePhoneNumber(recipient));
      const known = keys.map((key) => people.keys.get(key));
      if (known.some((one) => isFresh(one) && one.personId !== undefined)) return people.pending;
      if (known.every(isFresh) || isPaused()) return undefined;
      const before = people.pending;
      const found = attempt(phoneNumberId, () => register.find(phoneNumberId, idsOfRecipient(recipient)));
      const done = Promise.all([found, before]).then(([result]) => {
        if (result) note(phoneNumberId, keys, result.value);
        if (people.pending === done) people.pending = undefined;
      });
      people.pending = done;
      return done;
    },
    find: (phoneNumberId, recipient) => register.find(phoneNumberId, idsOfRecipient(recipient)),
    record: async (phoneNumberId, ids, atMs) => {
      const person = await register.learn(phoneNumberId, { type: 'same', ids, atMs });
      if (person) recent?.keep(phoneNumberId, person);
      return person;
    },
  };
}

/** The `to` or `recipient` of a message. */
export function recipientOfMessage({ to, recipient }: OutgoingMessage): string {
  return to ?? recipient ?? '';
}

/** What a key names, as {@link SenderPeople.queueName} returns it for a person that isn't known. */
export function nameOfKey(key: PersonKey): string {
  return key.slice(key.indexOf(':') + 1);
}

function keysOfRecipient(recipient: string, number: string | undefined): readonly PersonKey[] {
  return number === undefined ? [`user:${recipient}`, `parent:${recipient}`] : [`phone:${number}`];
}

function keysOfClaim(claim: IdentityClaim): readonly PersonKey[] {
  if (claim.type === 'same') return personKeys(claim.ids);
  return [...new Set([...personKeys(claim.current), ...personKeys(claim.previous)])];
}

function idsOfKey(key: PersonKey): PersonIds {
  const id = nameOfKey(key);
  if (key.startsWith('user:')) return { userId: id };
  if (key.startsWith('parent:')) return { parentUserId: id };
  return key.startsWith('phone:') ? { waId: id } : { username: id };
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
