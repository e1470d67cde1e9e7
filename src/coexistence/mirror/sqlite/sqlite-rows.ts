import type { SQLOutputValue } from 'node:sqlite';
import type { ConversationRows, ConversationTableName } from '../conversation-rows.js';
import { conversationTables, type ColumnType } from '../conversation-tables.js';
import { columnName } from '../conversation-sql.js';

/** A row of SQLite. */
export type SqlRow = Readonly<Record<string, SQLOutputValue>>;

/**
 * Decodes a row of a table.
 *
 * @param table - The table.
 * @param row - The row from SQLite.
 */
export function rowOf<Table extends ConversationTableName>(table: Table, row: SqlRow): ConversationRows[Table] {
  const types: Readonly<Record<string, ColumnType>> = conversationTables[table].types;
  const members = Object.entries(types).flatMap(([column, type]) => {
    const value = row[columnName(column)];
    return value === null || value === undefined ? [] : [[column, decoded(value, type)] as const];
  });
  // The table contains only rows of this type.
  return Object.fromEntries(members) as ConversationRows[Table];
}

function decoded(value: SQLOutputValue, type: ColumnType): unknown {
  if (type === 'time') return new Date(Number(value));
  return type === 'json' ? (JSON.parse(String(value)) as unknown) : value;
}

/**
 * Returns a text column.
 *
 * @param row - The row from SQLite.
 * @param column - The name of the column.
 */
export function textIn(row: SqlRow, column: string): string {
  return String(row[column]);
}
