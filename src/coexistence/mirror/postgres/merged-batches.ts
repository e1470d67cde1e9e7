import { changeList, rowKey } from '../change-list.js';
import { conversationChanges, type ConversationEvent } from '../conversation-changes.js';
import type { ConversationChange } from '../conversation-rows.js';
import { conversationTables, type ColumnType } from '../conversation-tables.js';
import type { ConversationOptions } from '../identity.js';
import { jsonOf } from '../merge-row.js';

/**
 * Merges the changes of several events into batches, because one statement can write each row only once. If two events
 * have different JSON for the same row, they go to different batches, and PostgreSQL decides which one wins. JavaScript
 * can't decide this, because it compares JSON differently.
 *
 * @param events - The events.
 * @param options - How phone numbers are compared.
 * @returns the batches. Write them in this order.
 */
export function mergedBatches(
  events: readonly ConversationEvent[],
  options: ConversationOptions,
): readonly (readonly ConversationChange[])[] {
  const batches: (readonly ConversationChange[])[] = [];
  let list = changeList();
  let json = new Map<string, unknown>();
  for (const event of events) {
    const changes = conversationChanges(event, options);
    const values = changes.flatMap(jsonValues);
    if (values.some(([key, value]) => json.has(key) && jsonOf(json.get(key)) !== jsonOf(value))) {
      batches.push(list.all());
      list = changeList();
      json = new Map();
    }
    for (const [key, value] of values) json.set(key, value);
    for (const { table, row } of changes) list.add(table, row);
  }
  return [...batches, list.all()].filter((batch) => batch.length > 0);
}

/** Returns the JSON values of a change, each with a key that identifies its row and column. */
function jsonValues({ table, row }: ConversationChange): readonly (readonly [key: string, value: unknown])[] {
  const types: Readonly<Record<string, ColumnType>> = conversationTables[table].types;
  const values = Object.entries(row).filter(([column]) => types[column] === 'json');
  return values.length === 0 ? [] : values.map(([column, value]) => [`${column}\n${rowKey(table, row)}`, value] as const);
}
