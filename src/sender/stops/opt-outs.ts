import { GraphApiError } from '../../errors/graph-api-error.js';
import { NotSentError } from '../../errors/not-sent-error.js';
import { errorFromStatus } from '../../errors/error-from-status.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { PersonIds, PersonKey, Person } from '../../identity/person.js';
import { comparablePhoneNumber, normalizePhoneNumber } from '../../identity/phone-number-spellings.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import type { OptOutKeywords } from '../../messages/opt-out-keywords.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Clock } from '../../runtime/clock.js';
import { defined } from '../../runtime/json.js';
import { joinKey } from '../../runtime/keys.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store, StoreEntry, StoreOperation } from '../../stores/store.js';
import type { MessageEvent, StatusEvent } from '../../webhooks/fields/messages.js';
import type { UserPreferenceEvent } from '../../webhooks/fields/users.js';
import type { GuardVerdict, SendGuard } from '../guard.js';
import { nameOfKey, recipientOfMessage, type SenderPeople } from '../queue/sender-people.js';

/**
 * People who want no marketing messages from a number. The sender rejects marketing messages to them before Meta does (131050), whichever ID
 * of the person a message names.
 */
export interface OptOuts {
  readonly guard: SendGuard;
  /** A person chose. @throws `StoreError` */
  readonly observe: (event: UserPreferenceEvent) => Promise<void>;
  /** A customer wrote, perhaps a keyword. @throws `StoreError` */
  readonly wrote: (event: MessageEvent, keywords: OptOutKeywords | undefined) => Promise<void>;
  /** A message failed, perhaps because its recipient opted out. @throws `StoreError` */
  readonly failed: (event: StatusEvent) => Promise<void>;
  /** Meta rejected a message, perhaps because its recipient opted out. */
  refused(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): void;
  /** Moves opt-outs that are stored under single IDs to the person to whom these belong. @throws `StoreError` */
  readonly learned: (phoneNumberId: string, keys: readonly PersonKey[], person: Person) => Promise<void>;
}

/** What {@link createOptOuts} works with. */
export interface OptOutsOptions {
  /** Where opt-outs are stored, for all processes. */
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The person stopped marketing messages of this business. Source: Meta, Error codes (Sep 2026). */
const optedOutCode = 131_050;

/**
 * Stores opt-outs by person. If persons turn out to be one, the opt-out moves with the first read, in one batch, so that it moves exactly one
 * time. Opt-outs under a phone number or user ID, as earlier versions stored them, move in the same way.
 */
export function createOptOuts({ store, clock, logger }: OptOutsOptions, people: SenderPeople): OptOuts {
  const recordings = new Set<Promise<void>>();
  const keyOf = (phoneNumberId: string, name: string): string => joinKey('sender', phoneNumberId, 'opt-out', name);
  /** Reads the opt-outs under the first of these names, and moves those under the others there. Returns whether there is one. */
  const gather = async (phoneNumberId: string, names: readonly string[], person: Person | undefined): Promise<boolean> => {
    const keys = [...new Set(names)].map((name) => keyOf(phoneNumberId, name));
    const entries = await Promise.all(keys.map(async (key) => [key, await store.get(key)] as const));
    const found = entries.filter((entry): entry is readonly [string, StoreEntry] => entry[1] !== undefined);
    if (person && found.length > 0) await move(keyOf(phoneNumberId, person.id), found);
    return found.length > 0;
  };
  const move = async (target: string, found: readonly (readonly [string, StoreEntry])[]): Promise<void> => {
    const earlier = found.filter(([key]) => key !== target);
    if (earlier.length === 0) return;
    const operations: StoreOperation[] = earlier.map(([key, { version }]) => ({ type: 'delete', key, ifVersion: version }));
    if (earlier.length === found.length) operations.push({ type: 'setIfAbsent', key: target, value: true });
    // Another process that was faster has moved them.
    await store.batch(operations);
  };
  const record = async (phoneNumberId: string, ids: PersonIds, atMs: number): Promise<void> => {
    const person = await people.record(phoneNumberId, ids, atMs);
    if (person) await store.set(keyOf(phoneNumberId, person.id), true);
  };
  const verdictOn = async (phoneNumberId: string, recipient: string): Promise<GuardVerdict> => {
    // Opt-outs of rejections that were just received.
    await Promise.all(recordings);
    const person = await people.find(phoneNumberId, recipient);
    const names = [...namesOfPerson(person), ...singleNames(recipient)];
    const optedOut = await gather(phoneNumberId, names, person);
    return optedOut ? { verdict: 'refuse', error: new NotSentError('opted-out') } : { verdict: 'pass' };
  };
  const choose = async (value: 'stop' | 'resume', phoneNumberId: string, ids: PersonIds, atMs: number): Promise<void> => {
    if (value === 'stop') {
      await record(phoneNumberId, ids, atMs);
      return;
    }
    const person = await people.record(phoneNumberId, ids, atMs);
    const single = [ids.waId, ids.userId, ids.parentUserId].flatMap((id) => (id === undefined ? [] : singleNames(id)));
    for (const name of new Set([...namesOfPerson(person), ...single])) await store.delete(keyOf(phoneNumberId, name));
  };
  return {
    async wrote({ message, phoneNumberId, customer, occurredAt }, keywords) {
      // In a group, a member writes to the other members.
      if (message.type !== 'text' || message.group_id !== undefined || phoneNumberId === undefined || !customer) return;
      const value = keywords?.match(message.text.body);
      if (value === 'stop' || value === 'resume') await choose(value, phoneNumberId, customer, occurredAt?.getTime() ?? clock.now());
    },
    guard: (message, { phoneNumberId, category }) => {
      const recipient = personOfMessage(message);
      return category !== 'marketing' || recipient === undefined ? { verdict: 'pass' } : verdictOn(phoneNumberId, recipient);
    },
    async observe({ value, phoneNumberId, customer, occurredAt }) {
      if (phoneNumberId === undefined || (value.category !== undefined && value.category !== 'marketing_messages')) return;
      const { wa_id: waId, user_id: userId, parent_user_id: parentUserId } = value;
      const ids: PersonIds = { ...customer, ...defined({ waId, userId, parentUserId }) };
      const atMs = occurredAt?.getTime() ?? clock.now();
      if (value.value === 'stop') await choose('stop', phoneNumberId, ids, atMs);
      if (value.value === 'resume') await choose('resume', phoneNumberId, ids, atMs);
    },
    async failed({ status, phoneNumberId, customer, occurredAt }) {
      const error = errorFromStatus(status);
      // In a group the recipient is the group, and the customer is the member who opted out.
      if (error?.code !== optedOutCode || phoneNumberId === undefined || !customer) return;
      await record(phoneNumberId, customer, occurredAt?.getTime() ?? clock.now());
    },
    refused(message, phoneNumberId, error) {
      const recipient = personOfMessage(message);
      if (!(error instanceof GraphApiError) || error.code !== optedOutCode || recipient === undefined) return;
      const recording = record(phoneNumberId, idsOfRecipient(recipient), clock.now())
        .catch((failure: unknown) => {
          logger.warn('sender.opt_out_not_recorded', { phoneNumberId, error: failure });
        })
        .finally(() => recordings.delete(recording));
      recordings.add(recording);
    },
    learned: async (phoneNumberId, keys, person) => {
      await gather(phoneNumberId, [...namesOfPerson(person), ...keys.map(nameOfKey)], person);
    },
  };
}

/** The person that a message names. Returns `undefined` for groups, which can't opt out. */
function personOfMessage(message: OutgoingMessage): string | undefined {
  return message.recipient_type === 'group' ? undefined : recipientOfMessage(message) || undefined;
}

function namesOfPerson(person: Person | undefined): readonly string[] {
  return person ? [person.id, ...person.merged] : [];
}

/** The names under which earlier versions stored the opt-out of a phone number or user ID. */
function singleNames(id: string): readonly string[] {
  const number = normalizePhoneNumber(id);
  return number === undefined ? [id] : [number, comparablePhoneNumber(number) ?? number];
}
