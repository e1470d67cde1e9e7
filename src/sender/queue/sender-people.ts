import { StoreError } from '../../errors/store-error.js';
import { identityClaims, type IdentityClaim } from '../../identity/claim.js';
import { personKeys, type PersonIds, type PersonKey, type Person } from '../../identity/person.js';
import { comparablePhoneNumber } from '../../identity/phone-number-spellings.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import { createIdentityRegister, type IdentityRegister } from '../../identity/register.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { within } from '../../runtime/within.js';
import { guardStore } from '../../stores/guard-store.js';
import type { Store } from '../../stores/store.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { createRecentPeople, type RecentPeople } from './recent-people.js';

/**
 * Identifies the person that a message goes to, whichever ID of the person `to` or `recipient` contains. The links
 * between IDs come from webhook events. They are in the identity register of the store, so they survive a restart, and
 * all processes share them.
 *
 * If the store fails or hangs, it delays a message by at most one second. For the next 10 seconds, messages are sent
 * without a look-up. Only links that this process already knows, and spellings of the same ID, then share a queue.
 */
export interface SenderPeople {
  /**
   * Learns from an event which IDs belong together. If the store fails, only links that later events repeat are lost.
   *
   * @throws `StoreError` if a change of IDs could not be recorded. The event is then redelivered.
   */
  readonly learn: (event: WebhookEvent) => Promise<void>;
  /** Returns the name of the queue for a message's recipient, as far as this process knows the person. */
  readonly queueName: (phoneNumberId: string, message: OutgoingMessage) => string;
  /**
   * Looks up the recipient of a message if the store may have more links than this process, and joins the queues of one
   * person. Look-ups end in the order in which they start. Never rejects.
   *
   * @returns `undefined` if no look-up is necessary.
   */
  readonly identify: (phoneNumberId: string, message: OutgoingMessage) => Promise<void> | undefined;
  /** Finds a person in the register by a `to` or `recipient`. @throws `StoreError` */
  readonly find: (phoneNumberId: string, recipient: string) => Promise<Person | undefined>;
  /**
   * Finds a person in the register, or adds the person, for state that is stored under the person's ID. @throws
   * `StoreError`
   */
  readonly record: (phoneNumberId: string, ids: PersonIds, atMs: number) => Promise<Person | undefined>;
}

/** Dependencies of {@link createPeople}. */
export interface SenderPeopleOptions {
  readonly store: Store;
  /** Whether other processes, or earlier ones, write to the store. Otherwise, this process knows all of its data. */
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Two queues belong to one person. The first one becomes part of the second. */
  readonly onJoined: (phoneNumberId: string, from: string, to: string) => void;
  /** A person has these keys. Called once for each new claim, before the claim counts as learned. */
  readonly onLearned: ((phoneNumberId: string, keys: readonly PersonKey[], person: Person) => Promise<void>) | undefined;
  /**
   * Maximum number of people whose links are stored, if the store isn't shared. People with an opt-out don't count. It
   * is larger than the number of keys in memory.
   * @defaultValue 100 000
   */
  readonly maxPeople?: number | undefined;
}

/** How long a person is cached. Another process may learn more links. */
const freshMs = 10_000;

/** Time limit of a look-up, and the time without look-ups after a failed one. */
const lookUpMs = 1_000;
const pauseMs = 10_000;

/** Time limit of one call of a shared store. */
const callMs = 5_000;

/** Maximum number of keys and of numbers in memory. */
const maxKeys = 5_000;
const maxNumbers = 1_000;

interface KnownKey {
  /** Absent if the register doesn't contain the key. */
  readonly personId: string | undefined;
  readonly readAtMs: number;
}

/** The known people of one number. */
interface KnownPeople {
  readonly keys: Map<PersonKey, KnownKey>;
  /** The current IDs of persons that were merged into others. */
  readonly merged: Map<string, string>;
  hasLinks: boolean;
  /** The pending look-ups. */
  pending: Promise<void> | undefined;
}

/** Creates the people of a sender. */
export function createPeople(options: SenderPeopleOptions): SenderPeople {
  return new KeyedPeople(options);
}

class KeyedPeople implements SenderPeople {
  readonly #options: SenderPeopleOptions;
  readonly #register: IdentityRegister;
  readonly #recent: RecentPeople | undefined;
  readonly #numbers = new Map<string, KnownPeople>();
  #pausedUntilMs = -Infinity;

  constructor(options: SenderPeopleOptions) {
    const { store, isShared, clock, maxPeople = 100_000 } = options;
    this.#options = options;
    this.#register = createIdentityRegister(isShared ? guardStore(store, clock, callMs) : store);
    this.#recent = isShared ? undefined : createRecentPeople(this.#register, maxPeople);
  }

  readonly learn = async (event: WebhookEvent): Promise<void> => {
    const { phoneNumberId } = event;
    if (phoneNumberId === undefined) return;
    for (const claim of identityClaims(event, this.#options.clock.now())) {
      const keys = keysOfClaim(claim);
      // A single ID links nothing.
      if (keys.length < 2) continue;
      if (claim.type === 'changed') await this.#apply(phoneNumberId, claim, keys);
      else if (!this.#isPaused() && !this.#isLearned(phoneNumberId, keys))
        await this.#attempt(phoneNumberId, () => this.#apply(phoneNumberId, claim, keys));
    }
  };

  readonly queueName = (phoneNumberId: string, message: OutgoingMessage): string => {
    const recipient = recipientOfMessage(message);
    if (message.recipient_type === 'group') return `group:${recipient}`;
    const number = comparablePhoneNumber(recipient);
    const people = this.#numbers.get(phoneNumberId);
    if (people?.hasLinks) {
      for (const key of keysOfRecipient(recipient, number)) {
        const id = people.keys.get(key)?.personId;
        if (id !== undefined) return people.merged.get(id) ?? id;
      }
    }
    return number ?? recipient;
  };

  readonly identify = (phoneNumberId: string, message: OutgoingMessage): Promise<void> | undefined => {
    const recipient = recipientOfMessage(message);
    if (recipient === '' || message.recipient_type === 'group') return undefined;
    const people = this.#options.isShared ? this.#peopleOf(phoneNumberId) : this.#numbers.get(phoneNumberId);
    if (!people || (!this.#options.isShared && !people.hasLinks)) return undefined;
    const keys = keysOfRecipient(recipient, comparablePhoneNumber(recipient));
    const known = keys.map((key) => people.keys.get(key));
    if (known.some((one) => this.#isFresh(one) && one.personId !== undefined)) return people.pending;
    if (known.every((known) => this.#isFresh(known)) || this.#isPaused()) return undefined;
    const before = people.pending;
    const found = this.#attempt(phoneNumberId, () => this.#register.find(phoneNumberId, idsOfRecipient(recipient)));
    const done = Promise.all([found, before]).then(([result]) => {
      if (result) this.#note(phoneNumberId, keys, result.value);
      if (people.pending === done) people.pending = undefined;
    });
    people.pending = done;
    return done;
  };

  readonly find = (phoneNumberId: string, recipient: string): Promise<Person | undefined> =>
    this.#register.find(phoneNumberId, idsOfRecipient(recipient));

  readonly record = async (phoneNumberId: string, ids: PersonIds, atMs: number): Promise<Person | undefined> => {
    const person = await this.#register.learn(phoneNumberId, { type: 'same', ids, atMs });
    if (person) this.#recent?.keep(phoneNumberId, person);
    return person;
  };

  #peopleOf(phoneNumberId: string): KnownPeople {
    const known = this.#numbers.get(phoneNumberId);
    if (known) return known;
    const people: KnownPeople = { keys: new Map(), merged: new Map(), hasLinks: false, pending: undefined };
    remember(this.#numbers, phoneNumberId, people, maxNumbers);
    return people;
  }

  #isPaused(): boolean {
    return this.#options.clock.monotonic() < this.#pausedUntilMs;
  }

  #fail(phoneNumberId: string, error: unknown): void {
    if (!this.#isPaused()) this.#options.logger.warn('sender.identities_unavailable', { phoneNumberId, error });
    this.#pausedUntilMs = this.#options.clock.monotonic() + pauseMs;
  }

  /** Returns the result of an operation on the store, or `undefined` if it failed or timed out. */
  async #attempt<Result>(phoneNumberId: string, work: () => Promise<Result>): Promise<{ readonly value: Result } | undefined> {
    try {
      if (!this.#options.isShared) return { value: await work() };
      const done = await within(this.#options.clock, lookUpMs, work);
      if (done.type === 'done') return done;
      this.#fail(phoneNumberId, new StoreError(`The store did not respond within ${String(lookUpMs)} ms.`, 'unknown'));
    } catch (error) {
      this.#fail(phoneNumberId, error);
    }
    return undefined;
  }

  #isFresh(known: KnownKey | undefined): known is KnownKey {
    return known !== undefined && (!this.#options.isShared || this.#options.clock.monotonic() - known.readAtMs < freshMs);
  }

  #note(phoneNumberId: string, keys: readonly PersonKey[], person: Person | undefined): void {
    const people = this.#peopleOf(phoneNumberId);
    const known: KnownKey = { personId: person?.id, readAtMs: this.#options.clock.monotonic() };
    for (const key of keys) remember(people.keys, key, known, maxKeys);
    if (!person) return;
    people.hasLinks = true;
    this.#recent?.touch(phoneNumberId, person);
    for (const id of person.merged) {
      if (people.merged.get(id) === person.id) continue;
      remember(people.merged, id, person.id, maxKeys);
      this.#options.onJoined(phoneNumberId, id, person.id);
    }
    for (const key of keys) this.#options.onJoined(phoneNumberId, nameOfKey(key), person.id);
  }

  /** Learns a claim, then reads the owner of each key, because some keys may belong to another person. */
  async #apply(phoneNumberId: string, claim: IdentityClaim, keys: readonly PersonKey[]): Promise<void> {
    const person = await this.#register.learn(phoneNumberId, claim);
    const owners = await Promise.all(keys.map(async (key) => [key, await this.#register.find(phoneNumberId, idsOfKey(key))] as const));
    if (person) {
      const own = owners.flatMap(([key, owner]) => (owner?.id === person.id ? [key] : []));
      await this.#options.onLearned?.(phoneNumberId, own, person);
    }
    for (const [key, owner] of owners) this.#note(phoneNumberId, [key], owner);
    await this.#recent?.trim();
  }

  #isLearned(phoneNumberId: string, keys: readonly PersonKey[]): boolean {
    const people = this.#peopleOf(phoneNumberId);
    const [first, ...others] = keys.map((key) => people.keys.get(key));
    if (!this.#isFresh(first) || first.personId === undefined) return false;
    if (!others.every((one) => this.#isFresh(one) && one.personId === first.personId)) return false;
    this.#recent?.touch(phoneNumberId, { id: people.merged.get(first.personId) ?? first.personId, merged: [] });
    return true;
  }
}

/** Returns the `to` or `recipient` of a message. */
export function recipientOfMessage({ to, recipient }: OutgoingMessage): string {
  return to ?? recipient ?? '';
}

/** Returns the queue name of a key, for a person that isn't known. */
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
