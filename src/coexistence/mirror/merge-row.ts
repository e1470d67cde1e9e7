import type { ConversationRows, ConversationTableName } from './conversation-rows.js';
import { conversationTables } from './conversation-tables.js';

/**
 * Merges two rows with the same key. In each group of columns, the greater (or the lesser) values win. The order and the repetition of
 * merges don't matter. Use it for databases without `ON CONFLICT`, or if you store conversations in memory. See
 * {@link conversationTables} for the rule.
 *
 * @param table - The table.
 * @param known - The stored row, if there is one.
 * @param next - The row of a change from {@link conversationChanges}.
 *
 * @example
 * ```ts
 * import { conversationChanges } from 'wa-coexist/coexistence';
 * import { mergeConversationRow, type MessageRow } from 'wa-coexist/coexistence';
 * import { parseWebhook } from 'wa-coexist/webhooks';
 *
 * const messages = new Map<string, MessageRow>();
 * for (const event of parseWebhook({ entry: [] })) {
 *   for (const { table, row } of conversationChanges(event)) {
 *     if (table !== 'messages') continue;
 *     messages.set(row.messageId, mergeConversationRow('messages', messages.get(row.messageId), row));
 *   }
 * }
 * ```
 */
export function mergeConversationRow<Table extends ConversationTableName>(
  table: Table,
  known: ConversationRows[Table] | undefined,
  next: ConversationRows[Table],
): ConversationRows[Table] {
  if (!known) return next;
  const { key, groups } = conversationTables[table];
  const merged: Partial<Record<keyof ConversationRows[Table], unknown>> = {};
  const take = (row: ConversationRows[Table], columns: readonly (keyof ConversationRows[Table])[]): void => {
    for (const column of columns) if (row[column] !== undefined) merged[column] = row[column];
  };
  take(known, key);
  for (const { order, columns, wins } of groups) {
    const isNext = wins === 'least' ? isLess(next, known, order) : isGreater(next, known, order);
    take(isNext ? next : known, columns);
  }
  // All columns come from rows of this table.
  return merged as ConversationRows[Table];
}

function isGreater<Row>(next: Row, known: Row, order: readonly (keyof Row & string)[]): boolean {
  for (const column of order) {
    const [left, right] = [comparable(next[column]), comparable(known[column])];
    if (left === right) continue;
    return right === undefined || (left !== undefined && left > right);
  }
  return false;
}

/** An absent value is not less than any value. */
function isLess<Row>(next: Row, known: Row, order: readonly (keyof Row & string)[]): boolean {
  for (const column of order) {
    const [left, right] = [comparable(next[column]), comparable(known[column])];
    if (left === right) continue;
    return left !== undefined && (right === undefined || left < right);
  }
  return false;
}

/** All values of a column have the same type. */
function comparable(value: unknown): string | number | undefined {
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
  return value instanceof Date ? value.getTime() : jsonOf(value);
}

/**
 * Converts a value to JSON. A value that is nested too deeply becomes `null`.
 *
 * @param value - The value.
 */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'null';
  }
}
