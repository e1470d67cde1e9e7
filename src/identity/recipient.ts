import { comparablePhoneNumber, normalizePhoneNumber } from './phone-number-spellings.js';
import { isId, type PersonIds } from './person.js';

/** The recipient field of a message. */
export type MessageRecipient = { readonly recipient: string } | { readonly to: string };

/**
 * Returns the field that sends a message to a person: `to` with the phone number (see {@link normalizePhoneNumber}), or
 * `recipient` with the user ID for people who hide their number. The phone number wins because one-time passwords can't
 * be sent to a user ID (error 131062).
 *
 * Source: Meta, Business-scoped user IDs (29 Jun 2026).
 *
 * @param person - The IDs, for example `event.customer`.
 * @returns `undefined` if the person has only a username, or no ID. Meta can't deliver to a username.
 *
 * @example
 * ```ts
 * import { recipientOf, sendMessage, createClient } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const recipient = recipientOf({ userId: 'US.90000000000000000001' });
 * if (recipient) await sendMessage(client, { ...recipient, ...text('Hello') });
 * ```
 */
export function recipientOf(person: PersonIds | undefined): MessageRecipient | undefined {
  const { waId, userId, parentUserId } = person ?? {};
  const number = typeof waId === 'string' ? normalizePhoneNumber(waId) : undefined;
  if (number !== undefined) return { to: number };
  for (const id of [userId, parentUserId, waId]) if (isId(id)) return { recipient: id };
  return undefined;
}

/**
 * Returns the IDs that the `to` or `recipient` of a message may contain. A user ID may belong to a parent portfolio.
 *
 * @param recipient - A phone number or a user ID.
 */
export function idsOfRecipient(recipient: string): { readonly waId: string } | { readonly userId: string; readonly parentUserId: string } {
  return comparablePhoneNumber(recipient) === undefined ? { userId: recipient, parentUserId: recipient } : { waId: recipient };
}
