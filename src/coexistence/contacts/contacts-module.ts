import type { ContactEntry, ContactChange } from './contact-state.js';

/** A contact of a number. */
export interface StoredContact extends ContactEntry {
  /** The position in the list. Pass it as `after` to continue from here. */
  readonly key: string;
}

/** A person added, edited or removed a contact in the app. */
export interface ContactChanged {
  readonly phoneNumberId: string;
  readonly change: ContactChange;
  /** The current contact. For a removed contact, its last values. */
  readonly contact: StoredContact;
}

/** IDs of a contact. One of them is enough. */
export interface ContactIds {
  /** The phone number in any format. */
  readonly waId?: string | undefined;
  readonly userId?: string | undefined;
}

/** The app's address book of each number. It contains only contacts with WhatsApp. */
export interface ContactsModule {
  /**
   * Returns one contact, or `undefined` if it isn't stored.
   *
   * @param phoneNumberId - The business number.
   * @param ids - At least one ID of the contact.
   */
  get(phoneNumberId: string, ids: ContactIds): Promise<StoredContact | undefined>;
  /**
   * Lists the contacts of a number, ordered by key. It reads them from the store in pages.
   *
   * @param phoneNumberId - The business number.
   * @param options - `after` is the key of the last contact that you have read.
   */
  list(phoneNumberId: string, options?: { readonly after?: string | undefined }): AsyncIterable<StoredContact>;
}
