import type { ConversationRows, ConversationTableName } from './conversation-rows.js';

/** The type of a column. */
export type ColumnType = 'text' | 'integer' | 'time' | 'json';

/** Columns that change together. */
export interface ColumnGroup<Row> {
  /**
   * The columns to compare, in this order. An absent value is the least. The row with the greater values provides all
   * columns of the group.
   */
  readonly order: readonly (keyof Row & string)[];
  /** All columns of the group, including those of `order`. */
  readonly columns: readonly (keyof Row & string)[];
  /** Whether the greater or the lesser values win. An absent value never wins. @defaultValue `'greatest'` */
  readonly wins?: 'greatest' | 'least';
}

/** A table of the conversation. */
export interface ConversationTable<Row> {
  /** The columns that identify a row. */
  readonly key: readonly (keyof Row & string)[];
  readonly groups: readonly ColumnGroup<Row>[];
  /** The type of each column. */
  readonly types: { readonly [Column in keyof Row & string]-?: ColumnType };
}

/**
 * The tables of a conversation and the rule that merges rows with the same key. The columns of a group change together,
 * to the row with the greater `order` columns, or with the lesser ones if `wins` is `'least'`. A row without values for a group doesn't change it. So changes can be
 * applied repeatedly and in any order. {@link mergeConversationRow} implements the rule in TypeScript, and
 * {@link postgresUpserts} in SQL.
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
      { order: ['parentUserIdAt', 'parentUserId'], columns: ['parentUserId', 'parentUserIdAt'] },
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
      parentUserIdAt: 'time',
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
  owners: {
    key: ['phoneNumberId', 'customerId', 'ownerId'],
    groups: [
      { order: ['firstAt'], columns: ['firstAt'], wins: 'least' },
      { order: ['reportedAt'], columns: ['reportedAt'], wins: 'least' },
    ],
    types: { phoneNumberId: 'text', customerId: 'text', ownerId: 'text', firstAt: 'time', reportedAt: 'time' },
  },
};

/** Names of the tables, in the best order to write changes. */
export const conversationTableNames: readonly ConversationTableName[] = [
  'customers',
  'aliases',
  'owners',
  'messages',
  'edits',
  'reactions',
];

/**
 * Returns all columns of a table. The key columns come first.
 *
 * @param table - The table.
 */
export function columnsOf<Table extends ConversationTableName>(table: Table): readonly (keyof ConversationRows[Table] & string)[] {
  return columns[table];
}

/** Computed once because each written row needs them. */
const columns: { readonly [Table in ConversationTableName]: readonly (keyof ConversationRows[Table] & string)[] } = {
  messages: listColumns('messages'),
  edits: listColumns('edits'),
  reactions: listColumns('reactions'),
  customers: listColumns('customers'),
  aliases: listColumns('aliases'),
  owners: listColumns('owners'),
};

function listColumns<Table extends ConversationTableName>(table: Table): readonly (keyof ConversationRows[Table] & string)[] {
  const { key, groups } = conversationTables[table];
  return [...key, ...groups.flatMap((group) => group.columns)];
}
