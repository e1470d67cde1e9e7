import type { SQLOutputValue } from 'node:sqlite';
import type { ConversationRows, ConversationTableName } from '../conversation-rows.js';
import { conversationTables, type ColumnType } from '../conversation-tables.js';
import { columnName } from '../conversation-sql.js';

/** A row of SQLite. */
export type SqlRow = Readonly<Record<string, SQLOutputValue>>;

/** A row of a table, from what SQLite gives. */
export function rowOf<Table extends ConversationTableName>(table: Table, row: SqlRow): ConversationRows[Table] {
  const types: Readonly<Record<string, ColumnType>> = conversationTables[table].types;
  const members = Object.entries(types).flatMap(([column, type]) => {
    const value = row[columnName(column)];
    return value === null || value === undefined ? [] : [[column, decoded(value, type)] as const];
  });
  // Only rows of this table were written to it.
  return Object.fromEntries(members) as ConversationRows[Table];
}

function decoded(value: SQLOutputValue, type: ColumnType): unknown {
  if (type === 'time') return new Date(Number(value));
  return type === 'json' ? (JSON.parse(String(value)) as unknown) : value;
}

/** A column that holds a text. */
export function textIn(row: SqlRow, column: string): string {
  return String(row[column]);
}
