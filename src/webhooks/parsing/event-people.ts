import { isId } from '../../identity/person.js';
import { comparablePhoneNumber } from '../../identity/phone-number-spellings.js';
import { defined } from '../../runtime/json.js';
import type { Customer } from '../events/base.js';
import { digitsOf, listOf, recordOf, textOf } from './loose.js';

/** Gives access to the people of a change. */
interface WithContacts {
  readonly contacts: () => ContactIndex;
}

/** The names and IDs of a person in an item. */
export interface Identity {
  readonly number?: unknown;
  readonly userId?: unknown;
  readonly parentUserId?: unknown;
  readonly username?: unknown;
}

/** Contacts of a value, by number and by user ID. */
export type ContactIndex = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Indexes `contacts[]` by number, in any spelling, and by user ID. A single contact also has the empty ID, for an item without a person. */
export function indexContacts(contacts: unknown): ContactIndex {
  const index = new Map<string, Readonly<Record<string, unknown>>>();
  const all = listOf(contacts);
  for (const contact of all.map(recordOf)) {
    const number = comparablePhoneNumber(textOf(contact.wa_id));
    const userId = textOf(contact.user_id);
    if (number !== undefined) index.set(number, contact);
    if (userId !== undefined) index.set(userId, contact);
    if (all.length === 1) index.set('', contact);
  }
  return index;
}

/** The person of an item, completed from `contacts[]`. `undefined` if the item names no person. */
export function customerOf(identity: Identity, contacts?: ContactIndex): Customer | undefined {
  const ownNumber = digitsOf(identity.number);
  // A value in place of a number that is no number is an opaque ID.
  const ownUserId = idOf(identity.userId) ?? (ownNumber === undefined ? idOf(identity.number) : undefined);
  const comparable = contacts && comparablePhoneNumber(ownNumber);
  const contact = recordOf(contacts?.get(comparable ?? ownUserId ?? '') ?? contacts?.get(ownUserId ?? comparable ?? ''));
  const profile = recordOf(contact.profile);
  const waId = ownNumber ?? digitsOf(contact.wa_id);
  const userId = ownUserId ?? idOf(contact.user_id);
  const parentUserId = idOf(identity.parentUserId) ?? idOf(contact.parent_user_id);
  const username = textOf(identity.username) ?? textOf(profile.username);
  const name = textOf(profile.name);
  if (!(userId ?? parentUserId ?? username ?? waId)) return undefined;
  const customer: { -readonly [Name in keyof Customer]: Customer[Name] } = {};
  if (waId !== undefined) customer.waId = waId;
  if (userId !== undefined) customer.userId = userId;
  if (parentUserId !== undefined) customer.parentUserId = parentUserId;
  if (username !== undefined) customer.username = username;
  if (name !== undefined) customer.name = name;
  return customer;
}

/** The customer who sent a message. If the message reports a change of identity, these are the IDs after the change. */
export function senderOf(scope: WithContacts, raw: unknown): Customer | undefined {
  const { type, system, from } = recordOf(raw);
  const sender = personOf(scope, raw, 'from');
  const change = recordOf(type === 'system' ? system : undefined);
  const number = textOf(change.wa_id) ?? textOf(change.new_wa_id);
  const userId = textOf(change.user_id);
  const parentUserId = textOf(change.parent_user_id);
  if (!(number ?? userId ?? parentUserId)) return sender;
  // A new user ID doesn't change the number. A new number comes with a new user ID.
  const current = customerOf(
    { number: number ?? (change.type === 'user_changed_user_id' ? from : undefined), userId, parentUserId },
    scope.contacts(),
  );
  return current ? defined({ name: sender?.name, username: sender?.username, ...current }) : sender;
}

/** The person of a role, for example of `from`, `from_user_id` and `from_parent_user_id`. */
export function personOf(
  scope: WithContacts,
  raw: unknown,
  role: 'from' | 'to' | 'recipient' | 'recipient_participant',
): Customer | undefined {
  const item = recordOf(raw);
  return customerOf(
    {
      number: item[role] ?? item[`${role}_id`],
      userId: item[`${role}_user_id`],
      // Until 5 May 2026, one of these names had its words in another order.
      parentUserId: item[`${role}_parent_user_id`] ?? item[`parent_${role}_user_id`],
    },
    scope.contacts(),
  );
}

/** An ID that identifies a person. */
function idOf(value: unknown): string | undefined {
  const id = textOf(value);
  return isId(id) ? id : undefined;
}
