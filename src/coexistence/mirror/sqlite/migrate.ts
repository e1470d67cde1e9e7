import type { DatabaseSync } from 'node:sqlite';
import { messageToken } from '../../../identity/message-id.js';
import type { Conversations } from './sqlite-conversations.js';
import { tokenIndex } from './spelling-rows.js';
import { textIn } from './sqlite-rows.js';

/**
 * Upgrades a file of an earlier version: it adds the tokens of wamids. It uses one transaction, so that other processes
 * see all changes or none.
 *
 * @param database - The database.
 * @param open - Prepares statements on the tables of this version.
 */
export function migrate(database: DatabaseSync, open: () => Conversations): Conversations {
  if (isCurrent(database)) return open();
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have finished the upgrade.
    const isEarlier = !database.prepare("SELECT 1 FROM pragma_table_info('wa_messages') WHERE name = 'token'").get();
    if (isEarlier) addTokens(database);
    database.exec(tokenIndex.join(';\n'));
    const conversations = open();
    if (isEarlier) conversations.adopt();
    database.exec('COMMIT');
    return conversations;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function isCurrent(database: DatabaseSync): boolean {
  return (
    database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = 'wa_messages_by_customer_token'").get() !== undefined
  );
}

function addTokens(database: DatabaseSync): void {
  database.exec('ALTER TABLE wa_messages ADD COLUMN token TEXT');
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
