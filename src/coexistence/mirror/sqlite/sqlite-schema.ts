import type { ConversationTableName } from '../conversation-rows.js';
import { columnsOf, conversationTableNames } from '../conversation-tables.js';
import { columnName, createLinks, createTable, insertInto, onConflict, type SqlDialect } from '../conversation-sql.js';
import { spellingsSchema } from './spelling-rows.js';

/** The SQL types and least values of SQLite. */
export const sqliteDialect: SqlDialect = {
  types: { text: 'TEXT', integer: 'INTEGER', time: 'INTEGER', json: 'TEXT' },
  least: { text: "''", integer: '-1', time: '-1', json: "''" },
};

/**
 * The schema of the mirror. It contains the conversation tables as `wa_…` with times in milliseconds, the view
 * `wa_links` of all links between IDs, `wa_threads` with
 * the latest message of each conversation, and the erased people and messages. The temporary table `wa_moved` contains
 * conversations in which a stored message has changed its place or type.
 */
export const schema: string = [
  'PRAGMA secure_delete = ON',
  'PRAGMA cache_size = -32768',
  ...conversationTableNames.map((table) => createTable(table, `wa_${table}`, sqliteDialect)),
  'CREATE INDEX IF NOT EXISTS wa_messages_by_customer ON wa_messages (phone_number_id, customer_id, occurred_at, place, message_id)',
  ...spellingsSchema,
  'CREATE INDEX IF NOT EXISTS wa_edits_by_message ON wa_edits (phone_number_id, message_id)',
  'CREATE INDEX IF NOT EXISTS wa_aliases_by_same_as ON wa_aliases (phone_number_id, same_as)',
  'CREATE INDEX IF NOT EXISTS wa_owners_by_owner ON wa_owners (phone_number_id, owner_id)',
  'CREATE INDEX IF NOT EXISTS wa_owners_by_report ON wa_owners (phone_number_id, customer_id) WHERE reported_at IS NOT NULL',
  createLinks('wa_', 'CREATE VIEW IF NOT EXISTS'),
  `CREATE TABLE IF NOT EXISTS wa_threads (
    phone_number_id TEXT NOT NULL, thread_id TEXT NOT NULL, last_at INTEGER NOT NULL, message_id TEXT NOT NULL,
    PRIMARY KEY (phone_number_id, thread_id)
  )`,
  'CREATE INDEX IF NOT EXISTS wa_threads_by_time ON wa_threads (phone_number_id, last_at, thread_id)',
  'CREATE TABLE IF NOT EXISTS wa_forgotten (digest BLOB PRIMARY KEY NOT NULL, until_ms INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS wa_forgotten_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL)',
  'INSERT OR IGNORE INTO wa_forgotten_key VALUES (1, randomblob(32))',
  'CREATE TEMP TABLE IF NOT EXISTS wa_moved (phone_number_id TEXT NOT NULL, customer_id TEXT NOT NULL)',
  `CREATE TEMP TRIGGER IF NOT EXISTS wa_message_moved AFTER UPDATE OF customer_id, type, occurred_at, place ON main.wa_messages
    WHEN old.customer_id IS NOT NULL
      AND (old.customer_id, old.type, old.occurred_at, old.place) IS NOT (new.customer_id, new.type, new.occurred_at, new.place)
    BEGIN INSERT INTO wa_moved VALUES (old.phone_number_id, old.customer_id); END`,
].join(';\n');

/**
 * Returns the statement that inserts a row or merges it with the stored row.
 *
 * @param table - The table.
 */
export function upsertInto(table: ConversationTableName): string {
  const marks = columnsOf(table).map(() => '?');
  return `${insertInto(table, `wa_${table}`)} VALUES (${marks.join(', ')})\n${onConflict(table, sqliteDialect)}`;
}

/**
 * Returns the statement that inserts a new row, and does nothing if its key is stored. It is much faster than
 * {@link upsertInto}: it binds no absent values, and needs no journal because it runs no trigger.
 *
 * @param table - The table.
 * @param columns - The columns with values.
 */
export function insertNew(table: ConversationTableName, columns: readonly string[]): string {
  const marks = columns.map(() => '?');
  return `INSERT INTO wa_${table} (${columns.map(columnName).join(', ')}) VALUES (${marks.join(', ')}) ON CONFLICT DO NOTHING`;
}
