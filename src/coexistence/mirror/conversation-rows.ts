import type { MessageDirection } from '../../webhooks/events/history.js';
import type { WebhookError } from '../../webhooks/events/base.js';
import type { MediaObject, MessageContent } from '../../webhooks/events/message-content.js';
import type { MessageStatus } from '../../webhooks/events/messages.js';
import type { SentContent } from './sent-message.js';

/** Who wrote a message: the customer, somebody in the Business app (or a companion), or a program through the API. */
export type MessageAuthor = 'customer' | 'app' | 'api';

/** What a message says, in Meta's shape: as it came in a webhook, or as it was sent through the API. */
export type ConversationContent = MessageContent | SentContent;

/** How far a message got: statuses of the API, those of a history in the same words, and `pending` for one that the phone has not sent yet. */
export type ConversationStatus = MessageStatus['status'] | 'pending';

/**
 * One message, by its wamid. A member that is absent is not known from this event. Members that belong together move together, and only
 * forward: see `conversationTables`.
 */
export type MessageRow = {
  readonly phoneNumberId: string;
  /** The wamid. */
  readonly messageId: string;
  /** The part of the wamid that is the same in all its spellings, see `messageToken`. Absent if the layout of the wamid isn't known. */
  readonly token?: string;
  /** Whose conversation it belongs to: a {@link CustomerRow.customerId}. */
  readonly customerId?: string;
  readonly direction?: MessageDirection;
  /** By Meta's clock; 1970 where Meta named no time. */
  readonly occurredAt?: Date;
  /** Orders messages of one second within a history. 0 elsewhere. */
  readonly place?: number;
  /** How well the members above are known: a live record before a history's, that before a status's. */
  readonly originRank?: number;
  readonly author?: MessageAuthor;
  readonly authorRank?: number;
  /** Meta's type: `text`, `image`, `reaction`, `media_placeholder`, … */
  readonly type?: string;
  /** What it says as plain text: a text's body, a caption, the title of a chosen button. */
  readonly text?: string;
  readonly content?: ConversationContent;
  /** The wamid of the message that it answers. */
  readonly answers?: string;
  /** How well the content is known: a live record before a history's, the file before its placeholder, anything before a stub. */
  readonly contentRank?: number;
  /** Id of the file: it can be downloaded for 7 days. */
  readonly mediaId?: string;
  readonly media?: Omit<MediaObject, 'url'>;
  readonly mediaRank?: number;
  readonly status?: ConversationStatus;
  /** When it got so far; absent for a status of a history. */
  readonly statusAt?: Date;
  /** Why it failed. */
  readonly statusError?: WebhookError;
  readonly statusRank?: number;
  /** The wamid of the latest edit. */
  readonly editId?: string;
  readonly editedAt?: Date;
  /** What it says since then. */
  readonly edited?: MessageContent;
  readonly editedText?: string;
  /** How well the latest edit is known. */
  readonly editRank?: number;
  /** When its author deleted it for everyone. The content stays: whether to keep it is the caller's decision. */
  readonly revokedAt?: Date;
};

/** One edit of a message, by the edit's own wamid. */
export type EditRow = {
  readonly phoneNumberId: string;
  readonly editId: string;
  /** The wamid of the message that was edited. */
  readonly messageId?: string;
  readonly customerId?: string;
  readonly editedAt?: Date;
  /** What the message says since then. */
  readonly edited?: MessageContent;
  readonly editedText?: string;
  readonly editRank?: number;
};

/** The reaction of one side to a message: the latest one stands. */
export type ReactionRow = {
  readonly phoneNumberId: string;
  /** The wamid of the message that it is about. */
  readonly messageId: string;
  readonly reactor: 'customer' | 'business';
  readonly customerId?: string;
  /** The wamid of the reaction itself. */
  readonly reactionId?: string;
  /** Absent: it was taken back. */
  readonly emoji?: string;
  readonly reactedAt?: Date;
};

/** What is known of a person under one of their ids. Rows of one person are joined by {@link AliasRow}. */
export type CustomerRow = {
  readonly phoneNumberId: string;
  /** The business-scoped user id, else the number's digits, else the parent's user id, else `@` and the user name. Not for sending. */
  readonly customerId: string;
  /** The number as Meta wrote it last: this is the one to send to. */
  readonly waId?: string;
  readonly waIdAt?: Date;
  readonly parentUserId?: string;
  readonly username?: string;
  readonly usernameAt?: Date;
  /** Profile name. */
  readonly name?: string;
  readonly nameAt?: Date;
  /** The name in the app's address book; absent for a contact that was removed. */
  readonly contactName?: string;
  readonly contactFirstName?: string;
  readonly contactAt?: Date;
};

/** An id that stands for the same person as another, since a time: a number for its user id, an old user id for the new one. */
export type AliasRow = {
  readonly phoneNumberId: string;
  readonly customerId: string;
  readonly sameAs?: string;
  readonly since?: Date;
};

/** The rows of each table. */
export interface ConversationRows {
  readonly messages: MessageRow;
  readonly edits: EditRow;
  readonly reactions: ReactionRow;
  readonly customers: CustomerRow;
  readonly aliases: AliasRow;
}

/** Names of the tables. */
export type ConversationTableName = keyof ConversationRows;

/** A row to be put into a table, or to be joined with the one that has the same key: see `conversationTables`. */
export type ConversationChange = {
  readonly [Table in ConversationTableName]: { readonly table: Table; readonly row: ConversationRows[Table] };
}[ConversationTableName];
