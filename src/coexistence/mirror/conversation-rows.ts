import type { MessageDirection } from '../../webhooks/fields/history.js';
import type { WebhookError } from '../../webhooks/events/base.js';
import type { MediaObject, MessageContent } from '../../webhooks/events/message-content.js';
import type { MessageStatus } from '../../webhooks/fields/messages.js';
import type { SentContent } from './sent-message.js';

/**
 * The author of a message: the customer, a person in the Business app (or a companion), or a program that uses the API.
 */
export type MessageAuthor = 'customer' | 'app' | 'api';

/** The content of a message in Meta's format, as received in a webhook or as sent through the API. */
export type ConversationContent = MessageContent | SentContent;

/**
 * The delivery status of a message: a status of the API, a status of the history in the same words, or `pending` for a
 * message that the phone hasn't sent yet.
 */
export type ConversationStatus = MessageStatus['status'] | 'pending';

/**
 * One message, identified by its wamid. An absent member isn't contained in the event. Members of one group change
 * together and only forward. See `conversationTables`.
 */
export type MessageRow = {
  readonly phoneNumberId: string;
  /** The wamid. */
  readonly messageId: string;
  /**
   * The part of the wamid that is equal in all its spellings. See `messageToken`. Absent if the layout of the wamid is
   * unknown.
   */
  readonly token?: string;
  /** The customer of the conversation: a {@link CustomerRow.customerId}. */
  readonly customerId?: string;
  readonly direction?: MessageDirection;
  /** Meta's time of the message. 1970 if Meta sent no time. */
  readonly occurredAt?: Date;
  /** Orders history messages of the same second. 0 for other messages. */
  readonly place?: number;
  /** The reliability of the members above. A live message outranks the history, and the history outranks a status. */
  readonly originRank?: number;
  readonly author?: MessageAuthor;
  readonly authorRank?: number;
  /** Meta's type, for example `text`, `image`, `reaction` or `media_placeholder`. */
  readonly type?: string;
  /** The content as plain text: the body of a text, a caption, or the title of a chosen button. */
  readonly text?: string;
  readonly content?: ConversationContent;
  /** The wamid of the quoted message. */
  readonly answers?: string;
  /**
   * The reliability of the content. A live message outranks the history, a file outranks its placeholder, and any
   * content outranks a stub.
   */
  readonly contentRank?: number;
  /** ID of the file. You can download it for 7 days. */
  readonly mediaId?: string;
  readonly media?: Omit<MediaObject, 'url'>;
  readonly mediaRank?: number;
  readonly status?: ConversationStatus;
  /** Time of the status. Absent for a status of the history. */
  readonly statusAt?: Date;
  /** The reason of a failure. */
  readonly statusError?: WebhookError;
  readonly statusRank?: number;
  /** The wamid of the latest edit. */
  readonly editId?: string;
  readonly editedAt?: Date;
  /** The content after the latest edit. */
  readonly edited?: MessageContent;
  readonly editedText?: string;
  /** The reliability of the latest edit. */
  readonly editRank?: number;
  /**
   * Time at which the author deleted the message for everyone. The row keeps the content. You decide whether to delete
   * it.
   */
  readonly revokedAt?: Date;
};

/** One edit of a message, identified by its own wamid. */
export type EditRow = {
  readonly phoneNumberId: string;
  readonly editId: string;
  /** The wamid of the edited message. */
  readonly messageId?: string;
  readonly customerId?: string;
  readonly editedAt?: Date;
  /** The content after this edit. */
  readonly edited?: MessageContent;
  readonly editedText?: string;
  readonly editRank?: number;
};

/** The latest reaction of one side to a message. */
export type ReactionRow = {
  readonly phoneNumberId: string;
  /** The wamid of the message. */
  readonly messageId: string;
  readonly reactor: 'customer' | 'business';
  readonly customerId?: string;
  /** The wamid of the reaction. */
  readonly reactionId?: string;
  /** Absent if the reaction was removed. */
  readonly emoji?: string;
  readonly reactedAt?: Date;
};

/** The data of a person under one of their IDs. {@link AliasRow} links the rows of one person. */
export type CustomerRow = {
  readonly phoneNumberId: string;
  /**
   * The business-scoped user ID, or the digits of the number, or the parent's user ID, or `@` and the username. Don't
   * use it to send.
   */
  readonly customerId: string;
  /** The number in Meta's latest format. Use it to send. */
  readonly waId?: string;
  readonly waIdAt?: Date;
  readonly parentUserId?: string;
  readonly parentUserIdAt?: Date;
  readonly username?: string;
  readonly usernameAt?: Date;
  /** Profile name. */
  readonly name?: string;
  readonly nameAt?: Date;
  /** The name in the app's address book. Absent for a removed contact. */
  readonly contactName?: string;
  readonly contactFirstName?: string;
  readonly contactAt?: Date;
};

/** An ID that belongs to the same person as another ID, since a given time. For example, a number and its user ID. */
export type AliasRow = {
  readonly phoneNumberId: string;
  readonly customerId: string;
  readonly sameAs?: string;
  readonly since?: Date;
};

/**
 * A person who had a phone number. A report of new IDs can contain only the number, so the number links the IDs before
 * and after the report. See `wa_links` for the result.
 */
export type OwnerRow = {
  readonly phoneNumberId: string;
  /** The phone number. */
  readonly customerId: string;
  /** The leading ID of the person. */
  readonly ownerId: string;
  /** The earliest time at which the person had the number. */
  readonly firstAt?: Date;
  /** The time at which Meta reported that the previous owner of the number has this ID now. */
  readonly reportedAt?: Date;
};

/** The row type of each table. */
export interface ConversationRows {
  readonly messages: MessageRow;
  readonly edits: EditRow;
  readonly reactions: ReactionRow;
  readonly customers: CustomerRow;
  readonly aliases: AliasRow;
  readonly owners: OwnerRow;
}

/** Names of the tables. */
export type ConversationTableName = keyof ConversationRows;

/** A row to insert, or to merge with the row with the same key. See `conversationTables`. */
export type ConversationChange = {
  readonly [Table in ConversationTableName]: { readonly table: Table; readonly row: ConversationRows[Table] };
}[ConversationTableName];
