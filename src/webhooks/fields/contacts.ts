import { defined } from '../../runtime/json.js';
import type { AccountErrorEvent, EventBase, OpenEnum } from '../events/base.js';
import { recordOf, textOf, timeOf } from '../parsing/loose.js';
import { customerOf } from '../parsing/event-people.js';
import { readErrors } from '../parsing/read-errors.js';
import { fields, idText, text, type Schema } from '../parsing/schema.js';
import type { Scope } from '../parsing/scope.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** A contact in the app's address book who has WhatsApp. */
export interface AppContact {
  readonly full_name?: string;
  readonly first_name?: string;
  /** Absent if the person hides the number. */
  readonly phone_number?: string;
  readonly user_id?: string;
  readonly parent_user_id?: string;
  readonly username?: string;
}

/** Your team added, edited or removed a contact in the app. After you request a sync, all contacts arrive first. */
export interface ContactEvent extends EventBase<'contact', 'smb_app_state_sync'> {
  /** `add` also means an edit, and is the default if Meta sends no action. */
  readonly action: OpenEnum<'add' | 'remove'>;
  readonly contact: AppContact;
}

const appContact: Schema<AppContact> = /* @__PURE__ */ fields<AppContact>(
  {},
  { full_name: text, first_name: text, phone_number: idText, user_id: idText, parent_user_id: idText, username: text },
);

type ContactsEvent = ContactEvent | AccountErrorEvent;
type ContactsList = 'state_sync' | 'errors';
type ContactsScope = Scope<ContactsEvent, ContactsList>;

/** The field `smb_app_state_sync`: all contacts of the app after a sync was requested, then every change. */
export const contacts: WebhookField<ContactsEvent, ContactsList> = {
  lists: { state_sync: {}, errors: {} },
  read(scope) {
    for (const raw of scope.take('state_sync')) readContact(scope, raw);
    readErrors(scope);
  },
};

function readContact(scope: ContactsScope, raw: unknown): void {
  const { type = 'contact', contact: inside, action, metadata } = recordOf(raw);
  // Meta documents only the type `contact`. Other types aren't contacts.
  const contact = scope.fit(appContact, type === 'contact' ? inside : undefined, raw);
  if (!contact) return;
  const occurredAt = timeOf(recordOf(metadata).timestamp);
  const { phone_number: number, user_id: userId, parent_user_id: parentUserId, username } = contact;
  scope.emit(
    'contact',
    raw,
    // Some payloads contain it inside the contact.
    { action: textOf(action) ?? textOf(recordOf(inside).action) ?? 'add', contact },
    defined({ customer: customerOf({ number, userId, parentUserId, username }, scope.contacts()), occurredAt }),
  );
}
