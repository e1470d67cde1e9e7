import type { DatabaseSync } from 'node:sqlite';
import type { ConversationChange, ConversationTableName } from '../conversation-rows.js';
import { cleanText, valuesOf } from '../conversation-sql.js';
import { conversationTableNames } from '../conversation-tables.js';
import type { Forgotten } from './forgotten.js';
import { upsertInto } from './mirror-schema.js';
import type { People } from './people.js';
import { textIn } from './rows.js';

/** Writes conversations; everything runs inside the caller's transaction. */
export interface Conversations {
  apply(changes: readonly ConversationChange[]): void;
}

/** Conversations to be looked at anew, each once. */
type Touched = Map<string, readonly [phoneNumberId: string, threadId: string]>;

/** The writing half of the mirror. */
export function conversationsOf(database: DatabaseSync, people: People, forgotten: Forgotten): Conversations {
  // One for each table.
  const upserts = Object.fromEntries(conversationTableNames.map((table) => [table, database.prepare(upsertInto(table))])) as Readonly<
    Record<ConversationTableName, ReturnType<DatabaseSync['prepare']>>
  >;
  const moved = database.prepare('SELECT DISTINCT phone_number_id, customer_id FROM temp.wa_moved');
  const clearMoved = database.prepare('DELETE FROM temp.wa_moved');
  const latest = database.prepare(`SELECT occurred_at, place, message_id FROM wa_messages
    WHERE phone_number_id = ? AND customer_id = ? AND type IS NOT 'reaction' ORDER BY occurred_at DESC, place DESC, message_id DESC LIMIT 1`);
  const putThread = database.prepare(`INSERT INTO wa_threads (phone_number_id, thread_id, last_at, message_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (phone_number_id, thread_id) DO UPDATE SET last_at = excluded.last_at, message_id = excluded.message_id`);
  const dropThread = database.prepare('DELETE FROM wa_threads WHERE phone_number_id = ? AND thread_id = ?');

  const touch = (touched: Touched, phoneNumberId: string, customerId: string): void => {
    const threadId = people.threadId(phoneNumberId, customerId);
    touched.set(`${phoneNumberId}\n${threadId}`, [phoneNumberId, threadId]);
  };
  const refresh = (phoneNumberId: string, threadId: string): void => {
    // What was a thread may be part of another by now.
    const current = people.threadId(phoneNumberId, threadId);
    let last: readonly [occurredAt: number, place: number, messageId: string] | undefined;
    for (const id of people.members(phoneNumberId, current)) {
      if (id !== current) dropThread.run(phoneNumberId, id);
      const row = latest.get(phoneNumberId, id);
      if (!row) continue;
      const found = [Number(row.occurred_at), Number(row.place), textIn(row, 'message_id')] as const;
      if (!last || isLater(found, last)) last = found;
    }
    if (last) putThread.run(phoneNumberId, current, last[0], last[2]);
    else dropThread.run(phoneNumberId, current);
  };
  return {
    apply(changes) {
      const touched: Touched = new Map();
      const customers = new Map<string, readonly [phoneNumberId: string, customerId: string]>();
      const note = (phoneNumberId: string, customerId: string | undefined): void => {
        if (customerId !== undefined) customers.set(`${phoneNumberId}\n${customerId}`, [phoneNumberId, cleanText(customerId)]);
      };
      for (const change of forgotten.without(changes)) {
        const { table, row } = change;
        if (table === 'messages' || table === 'aliases') note(row.phoneNumberId, row.customerId);
        // An alias may take a person out of a thread.
        if (table === 'aliases') touch(touched, row.phoneNumberId, cleanText(row.customerId));
        upserts[table].run(...valuesOf(table, row, timeMs));
      }
      for (const [phoneNumberId, customerId] of customers.values()) touch(touched, phoneNumberId, customerId);
      for (const row of moved.all()) touch(touched, textIn(row, 'phone_number_id'), textIn(row, 'customer_id'));
      clearMoved.run();
      for (const [phoneNumberId, threadId] of touched.values()) refresh(phoneNumberId, threadId);
    },
  };
}

function timeMs(date: Date): number {
  return date.getTime();
}

function isLater(
  one: readonly [occurredAt: number, place: number, messageId: string],
  other: readonly [occurredAt: number, place: number, messageId: string],
): boolean {
  if (one[0] !== other[0]) return one[0] > other[0];
  return one[1] === other[1] ? one[2] > other[2] : one[1] > other[1];
}
