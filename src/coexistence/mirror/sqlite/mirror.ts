import type { MessageDirection } from '../../../webhooks/events/history.js';
import type { MediaObject } from '../../../webhooks/events/message-content.js';
import type { WebhookError } from '../../../webhooks/events/base.js';
import type { ConversationEvent } from '../conversation-changes.js';
import type { ConversationContent, ConversationStatus, MessageAuthor } from '../conversation-rows.js';
import type { CustomerIds } from '../identity.js';

/** A person, with everything that is known under any of their ids. */
export interface MirrorCustomer {
  /** The conversation's id: the same for every id of the person. It changes when an id turns out to be a better one. Not for sending. */
  readonly threadId: string;
  /** The number to send to, as Meta wrote it last. */
  readonly waId?: string;
  /** The business-scoped user id now. */
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
  /** Absent as long as nothing tells whose conversation it belongs to. */
  readonly threadId?: string;
  readonly direction?: MessageDirection;
  readonly author?: MessageAuthor;
  /** By Meta's clock; absent where Meta named no time. */
  readonly occurredAt?: Date;
  /** Meta's type. Absent where only a status, an edit or a deletion of the message came. */
  readonly type?: string;
  /** What it says as plain text, after all edits. */
  readonly text?: string;
  /** What it says in Meta's shape, after all edits. */
  readonly content?: ConversationContent;
  /** What it said before it was edited. */
  readonly original?: ConversationContent;
  readonly editedAt?: Date;
  /** When its author deleted it. The content is still there: show it to nobody whom it does not concern. */
  readonly revokedAt?: Date;
  /** The wamid of the message that it answers. */
  readonly answers?: string;
  /** The file: `id` can be downloaded for 7 days. */
  readonly media?: Omit<MediaObject, 'url'>;
  readonly status?: ConversationStatus;
  readonly statusAt?: Date;
  /** Why it failed. */
  readonly statusError?: WebhookError;
  readonly reactions: readonly MessageReaction[];
}

/** One edit of a message. */
export interface MirroredEdit {
  /** The edit's own wamid. */
  readonly editId: string;
  readonly editedAt?: Date;
  readonly text?: string;
  readonly content?: ConversationContent;
}

/** Which part of a listing. */
export interface PageOptions {
  /** @defaultValue 50 */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** A part of a listing. */
export interface MirrorPage<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last one. It stays valid while other messages come. */
  readonly next?: string;
}

/** A line of an export. */
export type ExportedRecord =
  | { readonly record: 'customer'; readonly phoneNumberId: string; readonly customer: MirrorCustomer; readonly ids: readonly string[] }
  | { readonly record: 'message'; readonly message: MirroredMessage; readonly edits: readonly MirroredEdit[] };

/** What {@link SqliteMirror.forget} removed. */
export interface ErasureResult {
  /** Wamids of the person's conversation, for tables of one's own. */
  readonly messageIds: readonly string[];
  /** Ids of the files in it: copies of them are the caller's to remove. */
  readonly mediaIds: readonly string[];
  readonly edits: number;
  readonly reactions: number;
  /** Every id under which the person was known, with the numbers of the business that knew it. */
  readonly ids: readonly { readonly phoneNumberId: string; readonly id: string }[];
}

/** Conversations in a SQLite file. Made by {@link sqliteMirror}. */
export interface SqliteMirror extends AsyncDisposable {
  /**
   * Takes in an event, or all events of a delivery, in one transaction. Safe to repeat, in any order: it is a handler for
   * `webhooks.on('*', mirror.handle)`. Resolves when the rows are on the disk.
   *
   * @throws `StoreError`: hand the event in again.
   */
  readonly handle: (events: ConversationEvent | readonly ConversationEvent[]) => Promise<void>;
  /** The conversations of a number, the latest first. */
  threads(phoneNumberId: string, options?: PageOptions): Promise<MirrorPage<ConversationThread>>;
  /** The conversation with a person, or `undefined`. */
  thread(phoneNumberId: string, customer: CustomerIds | string): Promise<ConversationThread | undefined>;
  /** The messages of a conversation, the latest first. Reactions stand with the messages that they are about. */
  messages(
    phoneNumberId: string,
    customer: CustomerIds | string,
    options?: PageOptions & { /** @defaultValue `'latest-first'` */ readonly order?: 'latest-first' | 'oldest-first' },
  ): Promise<MirrorPage<MirroredMessage>>;
  /** One message, or `undefined`. */
  message(phoneNumberId: string, messageId: string): Promise<MirroredMessage | undefined>;
  /** The edits of a message, the oldest first. */
  edits(phoneNumberId: string, messageId: string): Promise<readonly MirroredEdit[]>;
  /** All messages of a conversation, or of a number, the oldest first in each conversation; read from the file as they are asked for. */
  stream(phoneNumberId: string, customer?: CustomerIds | string): AsyncIterable<MirroredMessage>;
  /** Everything about a person, or about all, as records that `JSON.stringify` prints: for a person who asks what is known, or a backup. */
  export(phoneNumberId: string, customer?: CustomerIds | string): AsyncIterable<ExportedRecord>;
  /**
   * Erases a person: messages both ways, edits, reactions, names and ids, in the conversations of one number or of all, and from the free
   * pages of the file. Copies that Meta delivers again, and a history that comes later, do not bring anything back: of what was erased the
   * file keeps keyed digests, and it takes in nothing of the person that occurred before. What they write afterwards is a new conversation.
   *
   * Name every id that you know. An id that neither you nor the mirror knows to be the person's cannot be kept out.
   */
  forget(customer: CustomerIds, options?: { readonly phoneNumberId?: string }): Promise<ErasureResult>;
  /** Finishes what was asked for and closes the file. */
  close(): Promise<void>;
}
