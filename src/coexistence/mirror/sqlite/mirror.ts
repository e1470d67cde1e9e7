import type { MessageDirection } from '../../../webhooks/fields/history.js';
import type { MediaObject } from '../../../webhooks/events/message-content.js';
import type { WebhookError } from '../../../webhooks/events/base.js';
import type { ConversationEvent } from '../conversation-changes.js';
import type { ConversationContent, ConversationStatus, MessageAuthor } from '../conversation-rows.js';
import type { CustomerIds } from '../identity.js';

/** A person with the data of all their IDs. */
export interface MirrorCustomer {
  /**
   * The ID of the conversation, which is the same for all IDs of the person. It changes if a better ID becomes known.
   * Don't use it to send.
   */
  readonly threadId: string;
  /** The number in Meta's latest format. Use it to send. */
  readonly waId?: string;
  /** The current business-scoped user ID. */
  readonly userId?: string;
  readonly parentUserId?: string;
  readonly username?: string;
  /** Profile name. */
  readonly name?: string;
  /** The name in the app's address book. */
  readonly contactName?: string;
}

/** A conversation with one person. */
export interface ConversationThread extends MirrorCustomer {
  readonly phoneNumberId: string;
  readonly lastMessage: MirroredMessage;
}

/** The reaction of one side to a message. */
export interface MessageReaction {
  readonly reactor: 'customer' | 'business';
  readonly emoji: string;
  readonly reactedAt?: Date;
}

/** A message as both sides see it. */
export interface MirroredMessage {
  readonly phoneNumberId: string;
  /** The wamid. */
  readonly messageId: string;
  /** Absent while the conversation of the message is unknown. */
  readonly threadId?: string;
  readonly direction?: MessageDirection;
  readonly author?: MessageAuthor;
  /** Meta's time of the message. Absent if Meta sent no time. */
  readonly occurredAt?: Date;
  /** Meta's type. Absent if only a status, an edit or a deletion of the message has arrived. */
  readonly type?: string;
  /** The plain text after all edits. */
  readonly text?: string;
  /** The content in Meta's format after all edits. */
  readonly content?: ConversationContent;
  /** The content before the edits. */
  readonly original?: ConversationContent;
  readonly editedAt?: Date;
  /** Time at which the author deleted the message. The content is still stored. Show it only if needed. */
  readonly revokedAt?: Date;
  /** The wamid of the quoted message. */
  readonly answers?: string;
  /** The file. You can download its `id` for 7 days. */
  readonly media?: Omit<MediaObject, 'url'>;
  readonly status?: ConversationStatus;
  readonly statusAt?: Date;
  /** The reason of a failure. */
  readonly statusError?: WebhookError;
  readonly reactions: readonly MessageReaction[];
}

/** One edit of a message. */
export interface MirroredEdit {
  /** The wamid of the edit. */
  readonly editId: string;
  readonly editedAt?: Date;
  readonly text?: string;
  readonly content?: ConversationContent;
}

/** The page of a list. */
export interface PageOptions {
  /** Maximum number of items. @defaultValue 50 */
  readonly limit?: number | undefined;
  /** The `next` of the previous page. */
  readonly after?: string | undefined;
}

/** A page of a list. */
export interface MirrorPage<Item> {
  readonly items: readonly Item[];
  /** The start of the next page. Absent on the last page. It stays valid if other messages arrive. */
  readonly next?: string;
}

/** A record of an export. */
export type ExportedRecord =
  | { readonly record: 'customer'; readonly phoneNumberId: string; readonly customer: MirrorCustomer; readonly ids: readonly string[] }
  | { readonly record: 'message'; readonly message: MirroredMessage; readonly edits: readonly MirroredEdit[] };

/** The result of {@link SqliteMirror.forget}. */
export interface ErasureResult {
  /** The wamids of the person's conversation, so that you can delete them from your own tables. */
  readonly messageIds: readonly string[];
  /** The file IDs of the conversation, so that you can delete your copies of the files. */
  readonly mediaIds: readonly string[];
  readonly edits: number;
  readonly reactions: number;
  /** All IDs of the person, with the business numbers that stored them. */
  readonly ids: readonly { readonly phoneNumberId: string; readonly id: string }[];
}

/** Conversations in a SQLite file, from {@link sqliteMirror}. */
export interface SqliteMirror extends AsyncDisposable {
  /**
   * Stores an event, or all events of a delivery, in one transaction. You can repeat events and pass them in any order.
   * Use it as `webhooks.on('*', mirror.handle)`. It resolves after the rows are written to disk.
   *
   * @throws `StoreError`. Pass the event again later.
   */
  readonly handle: (events: ConversationEvent | readonly ConversationEvent[]) => Promise<void>;
  /**
   * Lists the conversations of a number, the latest first.
   *
   * @param phoneNumberId - The business number.
   * @param options - The page.
   */
  threads(phoneNumberId: string, options?: PageOptions): Promise<MirrorPage<ConversationThread>>;
  /**
   * Returns the conversation with a person, or `undefined` if there is none.
   *
   * @param phoneNumberId - The business number.
   * @param customer - At least one ID of the person, or a `threadId`.
   */
  thread(phoneNumberId: string, customer: CustomerIds | string): Promise<ConversationThread | undefined>;
  /**
   * Lists the messages of a conversation, the latest first. Each message contains its reactions.
   *
   * @param phoneNumberId - The business number.
   * @param customer - At least one ID of the person, or a `threadId`.
   * @param options - The page and the order.
   */
  messages(
    phoneNumberId: string,
    customer: CustomerIds | string,
    options?: PageOptions & { /** @defaultValue `'latest-first'` */ readonly order?: 'latest-first' | 'oldest-first' },
  ): Promise<MirrorPage<MirroredMessage>>;
  /**
   * Returns one message, or `undefined` if it isn't stored.
   *
   * @param phoneNumberId - The business number.
   * @param messageId - Any wamid of the message.
   */
  message(phoneNumberId: string, messageId: string): Promise<MirroredMessage | undefined>;
  /**
   * Lists the edits of a message, the oldest first.
   *
   * @param phoneNumberId - The business number.
   * @param messageId - Any wamid of the message.
   */
  edits(phoneNumberId: string, messageId: string): Promise<readonly MirroredEdit[]>;
  /**
   * Streams all messages of a conversation or of a number. Each conversation starts with its oldest message. It reads
   * the file in pages.
   *
   * @param phoneNumberId - The business number.
   * @param customer - At least one ID of the person, or a `threadId`. Without it, all conversations of the number.
   */
  stream(phoneNumberId: string, customer?: CustomerIds | string): AsyncIterable<MirroredMessage>;
  /**
   * Exports all data of a person or of a number, as records for `JSON.stringify`. Use it to answer a data request, or
   * for a backup.
   *
   * @param phoneNumberId - The business number.
   * @param customer - At least one ID of the person, or a `threadId`. Without it, all people of the number.
   */
  export(phoneNumberId: string, customer?: CustomerIds | string): AsyncIterable<ExportedRecord>;
  /**
   * Erases a person: messages in both directions, edits, reactions, names and IDs, also from the free pages of the
   * file. Redelivered events and a later history don't restore the data. The file stores keyed digests of the erased
   * IDs and ignores events of the person from before the erasure. Later messages start a new conversation.
   *
   * Pass all IDs that you know. The mirror can't ignore an ID that neither you nor the mirror can assign to the person.
   *
   * @param customer - All known IDs of the person.
   * @param options - `phoneNumberId` limits the erasure to one business number.
   */
  forget(customer: CustomerIds, options?: { readonly phoneNumberId?: string }): Promise<ErasureResult>;
  /** Finishes pending operations and closes the file. */
  close(): Promise<void>;
}
