import type { ConversationChange, ConversationRows, ConversationTableName } from './conversation-rows.js';
import { conversationTables } from './conversation-tables.js';
import { mergeConversationRow } from './merge-row.js';

/** Changes as they gather: of each row one, however often it is told of. */
export interface ChangeList {
  add<Table extends ConversationTableName>(table: Table, row: ConversationRows[Table]): void;
  all(): readonly ConversationChange[];
}

/** An empty list. */
export function changeList(): ChangeList {
  const byKey = new Map<string, ConversationChange>();
  return {
    add(table, row) {
      const key = rowKey(table, row);
      const known = byKey.get(key);
      // The key begins with the table, so what is known is a row of it.
      const merged = known ? mergeConversationRow(table, known.row as typeof row, row) : row;
      byKey.set(key, { table, row: merged } as ConversationChange);
    },
    all: () => [...byKey.values()],
  };
}

/** What tells a row from every other of every table. */
export function rowKey<Table extends ConversationTableName>(table: Table, row: ConversationRows[Table]): string {
  let key: string = table;
  for (const column of conversationTables[table].key) key += `\n${String(row[column])}`;
  return key;
}
