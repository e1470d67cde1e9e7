import type { ContactEntry, ContactChange } from './contact-state.js';

/** A contact of a number. */
export interface StoredContact extends ContactEntry {
  /** Where it stands in the listing: pass it as `after` to go on from here. */
  readonly key: string;
}

/** Somebody added, edited or removed a contact in the app. */
export interface ContactChanged {
  readonly phoneNumberId: string;
  readonly change: ContactChange;
  /** The contact as it is now; of a removed one, as it last was. */
  readonly contact: StoredContact;
}

/** Ids by which to find a contact: any one of them is enough. */
export interface ContactIds {
  /** In any format. */
  readonly waId?: string;
  readonly userId?: string;
}

/** The app's address book of each number: those of its people who have WhatsApp. */
export interface ContactsModule {
  /** One contact, or `undefined`. */
  get(phoneNumberId: string, ids: ContactIds): Promise<StoredContact | undefined>;
  /** The contacts of a number, in the order of their keys, read from the store as they are asked for. */
  list(phoneNumberId: string, options?: { readonly after?: string }): AsyncIterable<StoredContact>;
}
