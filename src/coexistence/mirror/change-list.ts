import type { ConversationChange, ConversationRows, ConversationTableName } from './conversation-rows.js';
import { conversationTables } from './conversation-tables.js';
import { mergeConversationRow } from './merge-row.js';

/** Collects the changes of an event. Several changes of one row become one change. */
export interface ChangeList {
  add<Table extends ConversationTableName>(table: Table, row: ConversationRows[Table]): void;
  all(): readonly ConversationChange[];
}

/** Creates an empty list. */
export function changeList(): ChangeList {
  const byKey = new Map<string, ConversationChange>();
  return {
    add(table, row) {
      const key = rowKey(table, row);
      const known = byKey.get(key);
      // The key begins with the table name, so the known row belongs to the same table.
      const merged = known ? mergeConversationRow(table, known.row as typeof row, row) : row;
      byKey.set(key, { table, row: merged } as ConversationChange);
    },
    all: () => [...byKey.values()],
  };
}

/**
 * Returns a key that identifies a row among the rows of all tables.
 *
 * @param table - The table.
 * @param row - The row.
 */
export function rowKey<Table extends ConversationTableName>(table: Table, row: ConversationRows[Table]): string {
  let key: string = table;
  for (const column of conversationTables[table].key) key += `\n${String(row[column])}`;
  return key;
}
