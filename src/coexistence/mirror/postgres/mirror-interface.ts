import type { PostgresDatabase } from '../../../stores/postgres/postgres-database.js';
import type { CustomerIds } from '../identity.js';
import type { ConversationThread, MirroredMessage, MirrorPage, PageOptions, SqliteMirror } from '../sqlite/mirror.js';

/** A conversation with the number of its unread messages. */
export interface PostgresThread extends ConversationThread {
  /**
   * Number of the customer's live messages after the last one that a person wrote in the Business app, and after
   * {@link PostgresMirror.markRead}. Automatic replies of the app, messages through the API and the history don't change it.
   */
  readonly unread: number;
}

/** The methods that also work inside your transaction. */
export interface PostgresMirrorAccess extends Omit<SqliteMirror, 'threads' | 'thread' | 'close' | keyof AsyncDisposable> {
  /**
   * Lists the conversations of a number, the latest first, with the number of unread messages.
   *
   * @param phoneNumberId - The business number.
   * @param options - The page.
   */
  threads(phoneNumberId: string, options?: PageOptions): Promise<MirrorPage<PostgresThread>>;
  /**
   * Returns the conversation with a person, or `undefined` if there is none.
   *
   * @param phoneNumberId - The business number.
   * @param customer - At least one ID of the person, or a `threadId`.
   */
  thread(phoneNumberId: string, customer: CustomerIds | string): Promise<PostgresThread | undefined>;
  /**
   * Finds messages that contain all words of a text, or words that begin with them. The latest message comes first.
   *
   * @param phoneNumberId - The business number.
   * @param text - The words. Case and punctuation don't matter.
   * @param options - The page. `customer` limits the search to one conversation.
   */
  search(
    phoneNumberId: string,
    text: string,
    options?: PageOptions & { readonly customer?: CustomerIds | string | undefined },
  ): Promise<MirrorPage<MirroredMessage>>;
  /**
   * Marks the messages of a conversation as read by your team. It sends no read receipt. Call it when an agent opens or
   * answers a conversation.
   *
   * @param phoneNumberId - The business number.
   * @param customer - At least one ID of the person, or a `threadId`.
   * @param options - `until`: the time of the last read message. @defaultValue the last message
   */
  markRead(phoneNumberId: string, customer: CustomerIds | string, options?: { readonly until?: Date | undefined }): Promise<void>;
  /**
   * Deletes messages before a time, with their edits and reactions. It also deletes people without messages, unless they
   * are in the address book of the app. It works in batches. A later history can store the messages again.
   *
   * @param before - The time.
   * @param options - `phoneNumberId` limits the deletion to one business number.
   * @returns the number of deleted messages
   */
  removeBefore(before: Date, options?: { readonly phoneNumberId?: string | undefined }): Promise<number>;
}

/** Conversations in PostgreSQL, from {@link postgresMirror}. */
export interface PostgresMirror extends PostgresMirrorAccess {
  /** Creates or upgrades the tables. Call it when your program starts, or run {@link mirrorMigration} in a migration. */
  migrate(): Promise<void>;
  /**
   * Returns the same mirror inside your transaction. Its writes are committed or rolled back together with your own
   * rows. Use it only until the transaction ends.
   *
   * @param transaction - The connection of your transaction.
   */
  withTransaction(transaction: PostgresDatabase): PostgresMirrorAccess;
}
