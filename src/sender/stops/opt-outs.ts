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
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { MessageEvent, StatusEvent } from '../../webhooks/fields/messages.js';
import type { UserPreferenceEvent } from '../../webhooks/fields/users.js';
import type { GuardVerdict, SendGuard } from '../guard.js';
import { nameOfKey, recipientOfMessage, type SenderPeople } from '../queue/sender-people.js';
import { createChoiceRecords, namesOfPerson } from './choice-records.js';

/**
 * People who don't want marketing messages from a number. The sender rejects such messages before Meta does (131050), for each ID of the
 * person.
 */
export interface OptOuts {
  readonly guard: SendGuard;
  /** Records the choice of a person. @throws `StoreError` */
  readonly observe: (event: UserPreferenceEvent) => Promise<void>;
  /** Records an opt-out or opt-in if a customer's text is a keyword. @throws `StoreError` */
  readonly wrote: (event: MessageEvent, keywords: OptOutKeywords | undefined) => Promise<void>;
  /** Records an opt-out if a message failed because of one. @throws `StoreError` */
  readonly failed: (event: StatusEvent) => Promise<void>;
  /** Records an opt-out if Meta rejected a message because of one. */
  rejected(message: OutgoingMessage, phoneNumberId: string, error: WhatsAppError): void;
  /** Moves opt-outs under single IDs to the person to whom the IDs belong. @throws `StoreError` */
  readonly learned: (phoneNumberId: string, keys: readonly PersonKey[], person: Person) => Promise<void>;
}

/** Dependencies of {@link createOptOuts}. */
export interface OptOutsOptions {
  /** Stores opt-outs for all processes. */
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The person stopped marketing messages of this business. Source: Meta, Error codes (Sep 2026). */
const optedOutCode = 131_050;

/**
 * Stores opt-outs by person. If persons are merged, their opt-outs move with the first read, in a single batch, so each
 * moves exactly once. Opt-outs of earlier versions, which are stored under a phone number or user ID, move in the same
 * way.
 */
export function createOptOuts({ store, clock, logger }: OptOutsOptions, people: SenderPeople): OptOuts {
  const recordings = new Set<Promise<void>>();
  const choices = createChoiceRecords(store);
  const stop = async (phoneNumberId: string, ids: PersonIds, atMs: number): Promise<void> => {
    const person = await people.record(phoneNumberId, ids, atMs);
    if (person) await choices.stop(phoneNumberId, person, atMs);
  };
  const resume = async (phoneNumberId: string, ids: PersonIds, atMs: number): Promise<void> => {
    const person = await people.record(phoneNumberId, ids, atMs);
    const single = [ids.waId, ids.userId, ids.parentUserId].flatMap((id) => (id === undefined ? [] : singleNames(id)));
    await choices.resume(phoneNumberId, [...namesOfPerson(person), ...single], person, atMs);
  };
  const verdictOn = async (phoneNumberId: string, recipient: string): Promise<GuardVerdict> => {
    // Opt-outs from recent rejections.
    await Promise.all(recordings);
    const person = await people.find(phoneNumberId, recipient);
    const optedOut = await choices.isOptedOut(phoneNumberId, [...namesOfPerson(person), ...singleNames(recipient)], person);
    return optedOut ? { verdict: 'reject', error: new NotSentError('opted-out') } : { verdict: 'pass' };
  };
  const choose = async (value: unknown, phoneNumberId: string, ids: PersonIds, atMs: number): Promise<void> => {
    if (value === 'stop') await stop(phoneNumberId, ids, atMs);
    if (value === 'resume') await resume(phoneNumberId, ids, atMs);
  };
  return {
    async wrote({ message, phoneNumberId, customer, occurredAt }, keywords) {
      // In a group, a member writes to the other members.
      if (message.type !== 'text' || message.group_id !== undefined || phoneNumberId === undefined || !customer) return;
      const value = keywords?.match(message.text.body);
      await choose(value, phoneNumberId, customer, occurredAt?.getTime() ?? clock.now());
    },
    guard: (message, { phoneNumberId, category }) => {
      const recipient = personOfMessage(message);
      return category !== 'marketing' || recipient === undefined ? { verdict: 'pass' } : verdictOn(phoneNumberId, recipient);
    },
    async observe({ value, phoneNumberId, customer, occurredAt }) {
      if (phoneNumberId === undefined || (value.category !== undefined && value.category !== 'marketing_messages')) return;
      const { wa_id: waId, user_id: userId, parent_user_id: parentUserId } = value;
      const ids: PersonIds = { ...customer, ...defined({ waId, userId, parentUserId }) };
      await choose(value.value, phoneNumberId, ids, occurredAt?.getTime() ?? clock.now());
    },
    async failed({ status, phoneNumberId, customer, occurredAt }) {
      const error = errorFromStatus(status);
      // In a group, the recipient is the group, and the customer is the member who opted out.
      if (error?.code !== optedOutCode || phoneNumberId === undefined || !customer) return;
      await stop(phoneNumberId, customer, occurredAt?.getTime() ?? clock.now());
    },
    rejected(message, phoneNumberId, error) {
      const recipient = personOfMessage(message);
      if (!(error instanceof GraphApiError) || error.code !== optedOutCode || recipient === undefined) return;
      const recording = stop(phoneNumberId, idsOfRecipient(recipient), clock.now())
        .catch((failure: unknown) => {
          logger.warn('sender.opt_out_not_recorded', { phoneNumberId, error: failure });
        })
        .finally(() => recordings.delete(recording));
      recordings.add(recording);
    },
    learned: async (phoneNumberId, keys, person) => {
      await choices.isOptedOut(phoneNumberId, [...namesOfPerson(person), ...keys.map(nameOfKey)], person);
    },
  };
}

/** Returns the recipient of a message, or `undefined` for groups, which can't opt out. */
function personOfMessage(message: OutgoingMessage): string | undefined {
  return message.recipient_type === 'group' ? undefined : recipientOfMessage(message) || undefined;
}

/** Returns the names under which earlier versions stored the opt-out of a phone number or user ID. */
function singleNames(id: string): readonly string[] {
  const number = normalizePhoneNumber(id);
  return number === undefined ? [id] : [number, comparablePhoneNumber(number) ?? number];
}
