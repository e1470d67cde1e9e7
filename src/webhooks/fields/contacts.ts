import { defined } from '../../runtime/json.js';
import { appContact } from '../schemas/users.js';
import { readErrors } from './errors.js';
import { customerOf } from './identity.js';
import { recordOf, textOf, timeOf } from './loose.js';
import type { Scope } from './scope.js';

/** Reads the field `smb_app_state_sync`: the app's address book, in full after the sync was asked for, then every change. */
export function readContacts(scope: Scope): void {
  for (const raw of scope.take('state_sync')) readContact(scope, raw);
  readErrors(scope, 'account.error');
}

function readContact(scope: Scope, raw: unknown): void {
  const { type = 'contact', contact: inside, action, metadata } = recordOf(raw);
  // `contact` is the only type that Meta documents; a new one is something else.
  const contact = scope.fit(appContact, type === 'contact' ? inside : undefined, raw);
  if (!contact) return;
  const occurredAt = timeOf(recordOf(metadata).timestamp);
  const { phone_number: number, user_id: userId, parent_user_id: parentUserId, username } = contact;
  scope.emit(
    'contact',
    raw,
    // Seen inside the contact, too.
    { action: textOf(action) ?? textOf(recordOf(inside).action) ?? 'add', contact },
    defined({ customer: customerOf({ number, userId, parentUserId, username }, scope.contacts()), occurredAt }),
  );
}
