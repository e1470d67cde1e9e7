import type { DatabaseSync } from 'node:sqlite';
import { messageToken } from '../../../identity/message-id.js';
import { columnName } from '../conversation-sql.js';
import { conversationTableNames, conversationTables, type ColumnType } from '../conversation-tables.js';
import type { Conversations } from './sqlite-conversations.js';
import { tokenIndex } from './spelling-rows.js';
import { textIn } from './sqlite-rows.js';
import { sqliteDialect } from './sqlite-schema.js';

/**
 * Upgrades a file of an earlier version: it adds missing columns, and the tokens of wamids. It uses one transaction, so
 * that other processes see all changes or none.
 *
 * @param database - The database.
 * @param open - Prepares statements on the tables of this version.
 */
export function migrate(database: DatabaseSync, open: () => Conversations): Conversations {
  if (isCurrent(database)) return open();
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have finished the upgrade.
    const missing = missingColumns(database);
    for (const { table, column, type } of missing) database.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
    const hadNoTokens = missing.some(({ column }) => column === 'token');
    if (hadNoTokens) addTokens(database);
    database.exec(tokenIndex.join(';\n'));
    const conversations = open();
    if (hadNoTokens) conversations.adopt();
    database.exec('COMMIT');
    return conversations;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function isCurrent(database: DatabaseSync): boolean {
  const index = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'wa_messages_by_customer_token'").get();
  return index !== undefined && missingColumns(database).length === 0;
}

function missingColumns(database: DatabaseSync): readonly { readonly table: string; readonly column: string; readonly type: string }[] {
  return conversationTableNames.flatMap((name) => {
    const table = `wa_${name}`;
    const known = new Set(
      database
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(table)
        .map((row) => textIn(row, 'name')),
    );
    return Object.entries<ColumnType>(conversationTables[name].types)
      .map(([column, type]) => ({ table, column: columnName(column), type: sqliteDialect.types[type] }))
      .filter(({ column }) => !known.has(column));
  });
}

function addTokens(database: DatabaseSync): void {
  const next = database.prepare('SELECT rowid AS row_id, message_id FROM wa_messages WHERE rowid > ? ORDER BY rowid LIMIT 1000');
  const setToken = database.prepare('UPDATE wa_messages SET token = ? WHERE rowid = ?');
  for (let after = -1; ;) {
    const rows = next.all(after);
    for (const row of rows) {
      const token = messageToken(textIn(row, 'message_id'));
      if (token !== undefined) setToken.run(token, Number(row.row_id));
    }
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.row_id);
  }
}
