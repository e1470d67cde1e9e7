import type { ConversationRows, ConversationTableName } from './conversation-rows.js';

/** What a column holds. */
export type ColumnType = 'text' | 'integer' | 'time' | 'json';

/** Columns of one meaning. They move together. */
export interface ColumnGroup<Row> {
  /** Compared one after the other, what is absent being least: the row whose values are greater gives all columns of the group. */
  readonly order: readonly (keyof Row & string)[];
  /** Every column of the group, those of `order` among them. */
  readonly columns: readonly (keyof Row & string)[];
}

/** A table of the conversation. */
export interface ConversationTable<Row> {
  /** The columns that tell its rows apart. */
  readonly key: readonly (keyof Row & string)[];
  readonly groups: readonly ColumnGroup<Row>[];
  /** What each column holds. */
  readonly types: { readonly [Column in keyof Row & string]-?: ColumnType };
}

/**
 * The tables of a conversation, and the one rule by which rows are joined: the columns of a group move together and only forward, to the
 * values whose `order` columns are greater. A row that says nothing about a group leaves it as it is. So any order of changes, with any
 * repetitions, gives the same rows; {@link mergeConversationRow} is the rule written out, and {@link postgresUpserts} writes it in SQL.
 *
 * @example
 * ```ts
 * import { conversationTables } from 'wa-coexist/coexistence';
 *
 * console.log(conversationTables.messages.key); // ['phoneNumberId', 'messageId']
 * ```
 */
export const conversationTables: { readonly [Table in ConversationTableName]: ConversationTable<ConversationRows[Table]> } = {
  messages: {
    key: ['phoneNumberId', 'messageId'],
    groups: [
      {
        order: ['originRank', 'occurredAt', 'customerId', 'direction', 'place'],
        columns: ['customerId', 'direction', 'occurredAt', 'place', 'originRank'],
      },
      { order: ['authorRank', 'author'], columns: ['author', 'authorRank'] },
      { order: ['contentRank', 'content'], columns: ['type', 'text', 'content', 'answers', 'contentRank'] },
      { order: ['mediaRank', 'media'], columns: ['mediaId', 'media', 'mediaRank'] },
      { order: ['statusRank', 'statusAt', 'status', 'statusError'], columns: ['status', 'statusAt', 'statusError', 'statusRank'] },
      {
        order: ['editedAt', 'editId', 'editRank', 'edited'],
        columns: ['editId', 'editedAt', 'edited', 'editedText', 'editRank'],
      },
      { order: ['revokedAt'], columns: ['revokedAt'] },
      { order: ['token'], columns: ['token'] },
    ],
    types: {
      phoneNumberId: 'text',
      messageId: 'text',
      customerId: 'text',
      direction: 'text',
      occurredAt: 'time',
      place: 'integer',
      originRank: 'integer',
      author: 'text',
      authorRank: 'integer',
      type: 'text',
      text: 'text',
      content: 'json',
      answers: 'text',
      contentRank: 'integer',
      mediaId: 'text',
      media: 'json',
      mediaRank: 'integer',
      status: 'text',
      statusAt: 'time',
      statusError: 'json',
      statusRank: 'integer',
      editId: 'text',
      editedAt: 'time',
      edited: 'json',
      editedText: 'text',
      editRank: 'integer',
      revokedAt: 'time',
      token: 'text',
    },
  },
  edits: {
    key: ['phoneNumberId', 'editId'],
    groups: [
      {
        order: ['editRank', 'editedAt', 'messageId', 'edited', 'customerId'],
        columns: ['messageId', 'customerId', 'editedAt', 'edited', 'editedText', 'editRank'],
      },
    ],
    types: {
      phoneNumberId: 'text',
      editId: 'text',
      messageId: 'text',
      customerId: 'text',
      editedAt: 'time',
      edited: 'json',
      editedText: 'text',
      editRank: 'integer',
    },
  },
  reactions: {
    key: ['phoneNumberId', 'messageId', 'reactor'],
    groups: [
      {
        order: ['reactedAt', 'reactionId', 'emoji', 'customerId'],
        columns: ['customerId', 'reactionId', 'emoji', 'reactedAt'],
      },
    ],
    types: {
      phoneNumberId: 'text',
      messageId: 'text',
      reactor: 'text',
      customerId: 'text',
      reactionId: 'text',
      emoji: 'text',
      reactedAt: 'time',
    },
  },
  customers: {
    key: ['phoneNumberId', 'customerId'],
    groups: [
      { order: ['waIdAt', 'waId'], columns: ['waId', 'waIdAt'] },
      { order: ['parentUserId'], columns: ['parentUserId'] },
      { order: ['usernameAt', 'username'], columns: ['username', 'usernameAt'] },
      { order: ['nameAt', 'name'], columns: ['name', 'nameAt'] },
      { order: ['contactAt', 'contactName', 'contactFirstName'], columns: ['contactName', 'contactFirstName', 'contactAt'] },
    ],
    types: {
      phoneNumberId: 'text',
      customerId: 'text',
      waId: 'text',
      waIdAt: 'time',
      parentUserId: 'text',
      username: 'text',
      usernameAt: 'time',
      name: 'text',
      nameAt: 'time',
      contactName: 'text',
      contactFirstName: 'text',
      contactAt: 'time',
    },
  },
  aliases: {
    key: ['phoneNumberId', 'customerId'],
    groups: [{ order: ['since', 'sameAs'], columns: ['sameAs', 'since'] }],
    types: { phoneNumberId: 'text', customerId: 'text', sameAs: 'text', since: 'time' },
  },
};

/** Names of the tables, in the order in which changes are best written. */
export const conversationTableNames: readonly ConversationTableName[] = ['customers', 'aliases', 'messages', 'edits', 'reactions'];

/** All columns of a table, those of its key first. */
export function columnsOf<Table extends ConversationTableName>(table: Table): readonly (keyof ConversationRows[Table] & string)[] {
  return columns[table];
}

/** Listed once, because every row that is written needs them. */
const columns: { readonly [Table in ConversationTableName]: readonly (keyof ConversationRows[Table] & string)[] } = {
  messages: listColumns('messages'),
  edits: listColumns('edits'),
  reactions: listColumns('reactions'),
  customers: listColumns('customers'),
  aliases: listColumns('aliases'),
};

function listColumns<Table extends ConversationTableName>(table: Table): readonly (keyof ConversationRows[Table] & string)[] {
  const { key, groups } = conversationTables[table];
  return [...key, ...groups.flatMap((group) => group.columns)];
}
