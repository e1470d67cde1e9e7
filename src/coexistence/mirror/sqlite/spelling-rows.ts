import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { messageToken } from '../../../identity/message-id.js';
import type { ConversationRows, EditRow, MessageRow, ReactionRow } from '../conversation-rows.js';
import { cleanText } from '../conversation-sql.js';
import { conversationTables, type ColumnType } from '../conversation-tables.js';
import { mergeConversationRow } from '../merge-row.js';
import { rowOf, textIn, type SqlRow } from './sqlite-rows.js';

/**
 * A row as Meta reported it. The table `answers` contains quotes: the wamid of a message and, as `answers`, the wamid
 * of the quoted message.
 */
export type Spelled =
  | { readonly table: 'messages'; readonly row: MessageRow }
  | { readonly table: 'edits'; readonly row: EditRow }
  | { readonly table: 'reactions'; readonly row: ReactionRow }
  | { readonly table: 'answers'; readonly row: Quote };

/** A quote of another message. */
export interface Quote {
  readonly phoneNumberId: string;
  readonly messageId: string;
  readonly answers?: string | undefined;
  readonly contentRank?: number | undefined;
}

const ofToken = 'phone_number_id = ? AND customer_id = ? AND token = ?';
const ofCustomer = 'phone_number_id = ? AND customer_id = ?';
const byToken = 'INDEXED BY wa_messages_by_customer_token';
const byCustomer = 'INDEXED BY wa_spellings_by_customer';

/** Tables and indexes for messages with several wamids. */
export const spellingsSchema: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS wa_spellings (
    phone_number_id TEXT NOT NULL, table_name TEXT NOT NULL, row_key TEXT NOT NULL, customer_id TEXT NOT NULL, token TEXT NOT NULL,
    message_id TEXT NOT NULL, joined_id TEXT, row TEXT NOT NULL, PRIMARY KEY (phone_number_id, table_name, row_key)
  ) WITHOUT ROWID`,
  `CREATE INDEX IF NOT EXISTS wa_spellings_by_customer ON wa_spellings (phone_number_id, customer_id, token, message_id)`,
  `CREATE INDEX IF NOT EXISTS wa_spellings_by_token ON wa_spellings (token)`,
];
/**
 * Index on the column that files of earlier versions lack. Tokens are random, so sorting by customer changes few pages
 * during a history. It omits the number, which is equal in most rows.
 */
export const tokenIndex: readonly string[] = [
  'CREATE INDEX IF NOT EXISTS wa_messages_by_customer_token ON wa_messages (customer_id, token) WHERE token IS NOT NULL',
  'DROP INDEX IF EXISTS wa_messages_by_token',
];

/** The statements of {@link StoredSpellings}. Each uses an index. */
type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: DatabaseSync) {
  return {
    hasMessages: database.prepare(`SELECT 1 FROM wa_messages WHERE ${ofCustomer} LIMIT 1`),
    isKnown: database.prepare(
      'SELECT 1 FROM wa_spellings INDEXED BY wa_spellings_by_token WHERE token = ? AND phone_number_id = ? LIMIT 1',
    ),
    isSpelled: database.prepare(
      `SELECT 1 FROM wa_spellings ${byCustomer} WHERE ${ofToken} AND (message_id <> ? OR table_name = 'messages') LIMIT 1`,
    ),
    hasOther: database.prepare(`SELECT 1 FROM wa_messages ${byToken} WHERE ${ofToken} AND message_id <> ? LIMIT 1`),
    messages: database.prepare(`SELECT * FROM wa_messages ${byToken} WHERE ${ofToken}`),
    rows: database.prepare(`SELECT table_name, row FROM wa_spellings ${byCustomer} WHERE ${ofToken}`),
    one: database.prepare(
      'SELECT customer_id, message_id, joined_id, row FROM wa_spellings WHERE phone_number_id = ? AND table_name = ? AND row_key = ?',
    ),
    message: database.prepare('SELECT * FROM wa_messages WHERE phone_number_id = ? AND message_id = ?'),
    exact: database.prepare('SELECT 1 FROM wa_messages WHERE phone_number_id = ? AND message_id = ?'),
    upsert: database.prepare(`INSERT INTO wa_spellings VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
    SET customer_id = excluded.customer_id, token = excluded.token, message_id = excluded.message_id, row = excluded.row`),
    setJoined: database.prepare(
      `UPDATE wa_spellings SET joined_id = ?3 WHERE phone_number_id = ?1 AND table_name = 'messages' AND row_key = ?2`,
    ),
    answersOf: database.prepare('SELECT answers FROM wa_messages WHERE phone_number_id = ? AND message_id = ?'),
    setAnswers: database.prepare('UPDATE wa_messages SET answers = ?3 WHERE phone_number_id = ?1 AND message_id = ?2'),
    removeMessage: database.prepare('DELETE FROM wa_messages WHERE phone_number_id = ? AND message_id = ? RETURNING customer_id'),
    removeReactions: database.prepare('DELETE FROM wa_reactions WHERE phone_number_id = ? AND message_id = ?'),
    editsOf: database.prepare('SELECT edit_id FROM wa_edits WHERE phone_number_id = ? AND message_id = ?'),
    spellingsOf: database.prepare(
      `SELECT row_key FROM wa_spellings ${byCustomer} WHERE ${ofToken} AND table_name = 'messages' AND joined_id = ?`,
    ),
    removeEdit: database.prepare('DELETE FROM wa_edits WHERE phone_number_id = ? AND edit_id = ?'),
    tokens: database.prepare(`SELECT DISTINCT token FROM wa_spellings WHERE ${ofCustomer}`),
    quotes: database.prepare(`SELECT row_key FROM wa_spellings ${byCustomer} WHERE ${ofCustomer} AND table_name = 'answers'`),
    quotesOf: database.prepare(
      `SELECT row_key FROM wa_spellings INDEXED BY wa_spellings_by_token WHERE token = ? AND phone_number_id = ? AND table_name = 'answers'`,
    ),
    shared: database.prepare(`SELECT DISTINCT one.token FROM wa_messages AS one
    JOIN wa_messages AS other ${byToken} ON other.phone_number_id = ?1 AND other.customer_id = ?3 AND other.token = one.token
    WHERE one.phone_number_id = ?1 AND one.customer_id = ?2 AND one.token IS NOT NULL`),
  } satisfies Record<string, StatementSync>;
}

/** Rows of messages with several wamids. */
export class StoredSpellings {
  readonly #database: DatabaseSync;
  readonly #sql: Statements;

  /** @param database - The database. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#sql = prepareStatements(database);
  }

  hasMessages(phoneNumberId: string, customerId: string): boolean {
    return this.#sql.hasMessages.get(phoneNumberId, customerId) !== undefined;
  }

  /** Whether any conversation has several wamids for a token, or rows without their message. */
  isKnown(phoneNumberId: string, token: string): boolean {
    return this.#sql.isKnown.get(token, phoneNumberId) !== undefined;
  }

  /** Whether a message has several wamids, or an earlier row refers to it by another wamid. */
  isSpelled(phoneNumberId: string, customerId: string, token: string, messageId: string): boolean {
    return this.#sql.isSpelled.get(phoneNumberId, customerId, token, messageId) !== undefined;
  }

  /** Whether a message with the token is stored under another wamid. */
  hasOther(phoneNumberId: string, customerId: string, token: string, messageId: string): boolean {
    return this.#sql.hasOther.get(phoneNumberId, customerId, token, messageId) !== undefined;
  }

  messages(phoneNumberId: string, customerId: string, token: string): readonly MessageRow[] {
    return this.#sql.messages.all(phoneNumberId, customerId, token).map((row) => rowOf('messages', row));
  }

  rows(phoneNumberId: string, customerId: string, token: string): readonly Spelled[] {
    return this.#sql.rows.all(phoneNumberId, customerId, token).map((row) => spelledOf(textIn(row, 'table_name'), textIn(row, 'row')));
  }

  customerOf(phoneNumberId: string, messageId: string): string | undefined {
    const row = this.#find(phoneNumberId, 'messages', messageId);
    return row && textIn(row, 'customer_id');
  }

  /** Returns the wamid under which a message with several wamids is stored. */
  joined(phoneNumberId: string, messageId: string): string | undefined {
    const row = this.#find(phoneNumberId, 'messages', messageId);
    return row && (row.joined_id === null ? messageId : textIn(row, 'joined_id'));
  }

  message(phoneNumberId: string, messageId: string): MessageRow | undefined {
    const row = this.#sql.message.get(phoneNumberId, cleanText(messageId));
    return row && rowOf('messages', row);
  }

  /** Returns the reactions and edits for exactly this wamid, with the person whose conversation contains them. */
  followUps(phoneNumberId: string, messageId: string): readonly (readonly [owner: string, spelled: Spelled])[] {
    const editIds = this.#sql.editsOf.all(phoneNumberId, cleanText(messageId)).map((row) => textIn(row, 'edit_id'));
    const rows = [
      ...['customer', 'business'].map(
        (reactor) => ['reactions', this.#find(phoneNumberId, 'reactions', `${messageId}\n${reactor}`)] as const,
      ),
      ...editIds.map((editId) => ['edits', this.#find(phoneNumberId, 'edits', editId)] as const),
    ];
    return rows.flatMap(([table, row]) =>
      row && textIn(row, 'message_id') === messageId ? [[textIn(row, 'customer_id'), spelledOf(table, textIn(row, 'row'))] as const] : [],
    );
  }

  /** Returns the wamids that are merged into one. */
  spellingsOf(phoneNumberId: string, customerId: string, token: string, joinedId: string): readonly string[] {
    return this.#sql.spellingsOf.all(phoneNumberId, customerId, token, joinedId).map((row) => textIn(row, 'row_key'));
  }

  exact(phoneNumberId: string, messageId: string): string | undefined {
    return this.#sql.exact.get(phoneNumberId, cleanText(messageId)) ? messageId : undefined;
  }

  /**
   * Inserts a row, or merges it with the row with the same key.
   *
   * @returns the previous customer of the row, if it was stored
   */
  put(customerId: string, token: string, spelled: Spelled): string | undefined {
    const { table, row } = spelled;
    const key = keyOf(spelled);
    const known = this.#find(row.phoneNumberId, table, key);
    const merged = known ? merge(spelledOf(table, textIn(known, 'row')), spelled) : spelled;
    // Other rows belong to the conversation of their message, which the caller knows.
    const owner = merged.table === 'messages' ? merged.row.customerId : undefined;
    const customer = owner === undefined ? customerId : cleanText(owner);
    const messageId = (merged.table === 'answers' ? merged.row.answers : merged.row.messageId) ?? '';
    this.#sql.upsert.run(
      row.phoneNumberId,
      table,
      cleanText(key),
      customer,
      messageToken(messageId) ?? token,
      messageId,
      null,
      jsonOfRow(merged.row),
    );
    return known && textIn(known, 'customer_id');
  }

  setJoined(phoneNumberId: string, messageId: string, joinedId: string): void {
    this.#sql.setJoined.run(phoneNumberId, cleanText(messageId), cleanText(joinedId));
  }

  quote(phoneNumberId: string, messageId: string): { readonly customerId: string; readonly answers: string } | undefined {
    const row = this.#find(phoneNumberId, 'answers', messageId);
    const spelled = row && spelledOf('answers', textIn(row, 'row'));
    if (!row || spelled?.table !== 'answers' || spelled.row.answers === undefined) return undefined;
    return { customerId: textIn(row, 'customer_id'), answers: spelled.row.answers };
  }

  /** Updates the quoted message, unless the stored copy quotes another message. */
  setAnswers(phoneNumberId: string, messageId: string, answers: string): void {
    const current = this.#sql.answersOf.get(phoneNumberId, cleanText(messageId))?.answers;
    if (typeof current !== 'string' || current === answers || messageToken(current) !== messageToken(answers)) return;
    this.#sql.setAnswers.run(phoneNumberId, cleanText(messageId), answers);
  }

  /** Reads quotes, edits and reactions from a file of an earlier version. */
  *earlierRows(): Generator<Exclude<Spelled, { readonly table: 'answers' }>> {
    for (const row of this.#database.prepare('SELECT * FROM wa_messages WHERE answers IS NOT NULL').iterate()) {
      yield { table: 'messages', row: rowOf('messages', row) };
    }
    for (const row of this.#database.prepare('SELECT * FROM wa_edits').iterate()) yield { table: 'edits', row: rowOf('edits', row) };
    for (const row of this.#database.prepare('SELECT * FROM wa_reactions').iterate())
      yield { table: 'reactions', row: rowOf('reactions', row) };
  }

  /** Returns messages whose token occurs in another message of the same number. */
  doubles(): readonly { readonly phoneNumberId: string; readonly customerId: string; readonly token: string }[] {
    return this.#database
      .prepare(
        `SELECT DISTINCT phone_number_id, customer_id, token FROM wa_messages JOIN (SELECT phone_number_id, token FROM wa_messages
          WHERE token IS NOT NULL GROUP BY phone_number_id, token HAVING count(*) > 1) USING (phone_number_id, token) WHERE customer_id IS NOT NULL`,
      )
      .all()
      .map((row) => ({
        phoneNumberId: textIn(row, 'phone_number_id'),
        customerId: textIn(row, 'customer_id'),
        token: textIn(row, 'token'),
      }));
  }

  /** Removes a message. @returns the customer of the row, if there was one */
  removeMessage(phoneNumberId: string, messageId: string): string | undefined {
    const row = this.#sql.removeMessage.get(phoneNumberId, cleanText(messageId));
    return typeof row?.customer_id === 'string' ? row.customer_id : undefined;
  }

  removeReactions(phoneNumberId: string, messageId: string): void {
    this.#sql.removeReactions.run(phoneNumberId, cleanText(messageId));
  }

  removeEdit(phoneNumberId: string, editId: string): void {
    this.#sql.removeEdit.run(phoneNumberId, cleanText(editId));
  }

  /** Returns the tokens of messages with several wamids. */
  tokens(phoneNumberId: string, customerId: string): readonly string[] {
    return this.#sql.tokens.all(phoneNumberId, customerId).map((row) => textIn(row, 'token'));
  }

  /** Returns the wamids of messages that quote another message. */
  quotes(phoneNumberId: string, customerId: string): readonly string[] {
    return this.#sql.quotes.all(phoneNumberId, customerId).map((row) => textIn(row, 'row_key'));
  }

  /** Returns the wamids of messages of all conversations that quote a message with the token. */
  quotesOf(phoneNumberId: string, token: string): readonly string[] {
    return this.#sql.quotesOf.all(token, phoneNumberId).map((row) => textIn(row, 'row_key'));
  }

  /** Returns the tokens that occur in messages of both IDs. */
  shared(phoneNumberId: string, one: string, other: string): readonly string[] {
    return this.#sql.shared.all(phoneNumberId, one, other).map((row) => textIn(row, 'token'));
  }

  #find(phoneNumberId: string, table: Spelled['table'], key: string): SqlRow | undefined {
    return this.#sql.one.get(phoneNumberId, table, cleanText(key));
  }
}

function keyOf({ table, row }: Spelled): string {
  if (table === 'edits') return row.editId;
  return table === 'reactions' ? `${row.messageId}\n${row.reactor}` : row.messageId;
}

/** Merges two rows with the same key. */
function merge(known: Spelled, next: Spelled): Spelled {
  if (known.table === 'messages' && next.table === 'messages')
    return { ...next, row: mergeConversationRow('messages', known.row, next.row) };
  if (known.table === 'edits' && next.table === 'edits') return { ...next, row: mergeConversationRow('edits', known.row, next.row) };
  if (known.table === 'reactions' && next.table === 'reactions')
    return { ...next, row: mergeConversationRow('reactions', known.row, next.row) };
  if (known.table === 'answers' && next.table === 'answers') return isBetterQuote(next.row, known.row) ? next : known;
  return next;
}

function isBetterQuote(next: Quote, known: Quote): boolean {
  const difference = (next.contentRank ?? 0) - (known.contentRank ?? 0);
  return difference === 0 ? (next.answers ?? '') > (known.answers ?? '') : difference > 0;
}

function jsonOfRow(row: Spelled['row']): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.getTime() : value])),
  );
}

/** Parses the result of {@link jsonOfRow}. */
function spelledOf(table: string, json: string): Spelled {
  const name = table === 'answers' ? 'messages' : (table as Exclude<Spelled['table'], 'answers'>);
  const types: Readonly<Record<string, ColumnType>> = conversationTables[name].types;
  const members = Object.entries(JSON.parse(json) as Readonly<Record<string, unknown>>);
  const row = Object.fromEntries(members.map(([column, value]) => [column, types[column] === 'time' ? new Date(Number(value)) : value]));
  // Rows of one table only have this type.
  return { table, row: row as ConversationRows[typeof name] } as Spelled;
}
