import type { DatabaseSync } from 'node:sqlite';
import { messageToken } from '../../../identity/message-id.js';
import type { MessageContent } from '../../../webhooks/events/message-content.js';
import { mediaIdIn } from '../mirrored-content.js';
import type { Forgotten } from './sqlite-erasures.js';
import type { ErasureResult } from './mirror.js';
import { textIn, type SqlRow } from './sqlite-rows.js';

/** Erases the conversation of a person with one number, inside the caller's transaction. */
export type Erase = (phoneNumberId: string, ids: readonly string[], nowMs: number) => ErasureResult;

/**
 * Creates the {@link Erase} function.
 *
 * @param database - The database.
 * @param forgotten - Records the erased people and messages.
 */
export function eraser(database: DatabaseSync, forgotten: Forgotten): Erase {
  const ofPerson = 'phone_number_id = ? AND customer_id = ?';
  const ofMessage = 'phone_number_id = ? AND message_id = ?';
  const messages = database.prepare(`DELETE FROM wa_messages WHERE ${ofPerson} RETURNING message_id, content, media_id`);
  const edits = [ofPerson, ofMessage].map((which) => database.prepare(`DELETE FROM wa_edits WHERE ${which} RETURNING edit_id, edited`));
  const reactions = [ofPerson, ofMessage].map((which) => database.prepare(`DELETE FROM wa_reactions WHERE ${which}`));
  const others = [
    'wa_customers WHERE phone_number_id = ?1 AND customer_id = ?2',
    'wa_threads WHERE phone_number_id = ?1 AND thread_id = ?2',
  ]
    .concat('wa_aliases WHERE phone_number_id = ?1 AND (customer_id = ?2 OR same_as = ?2)')
    .concat('wa_owners WHERE phone_number_id = ?1 AND (customer_id = ?2 OR owner_id = ?2)')
    .map((rows) => database.prepare(`DELETE FROM ${rows}`));

  const spelled = "RETURNING CASE table_name WHEN 'edits' THEN row_key ELSE message_id END AS id, table_name";
  const spellings = database.prepare(`DELETE FROM wa_spellings WHERE ${ofPerson} ${spelled}`);
  // Edits and reactions may contain an unknown ID of the person, but a known wamid.
  const spellingsOfMessage = database.prepare(
    `DELETE FROM wa_spellings INDEXED BY wa_spellings_by_token WHERE ${ofMessage} AND token = ? ${spelled}`,
  );

  // Their wamids contain the person.
  const unnamed = database.prepare('DELETE FROM wa_messages WHERE phone_number_id = ? AND message_id = ? AND customer_id IS NULL');

  return (phoneNumberId, ids, nowMs) => {
    const messageIds: string[] = [];
    const otherIds = { messages: new Set<string>(), edits: new Set<string>() };
    const mediaIds = new Set<string>();
    const counts = { edits: 0, reactions: 0 };
    const eraseRest = (ofWhat: 0 | 1, id: string): void => {
      for (const row of edits[ofWhat]?.all(phoneNumberId, id) ?? []) {
        counts.edits += 1;
        forgotten.addMessage(phoneNumberId, textIn(row, 'edit_id'));
        noteMedia(row, 'edited', mediaIds);
      }
      counts.reactions += Number(reactions[ofWhat]?.run(phoneNumberId, id).changes ?? 0);
    };
    const noteSpellings = (rows: readonly SqlRow[]): void => {
      for (const row of rows) {
        if (row.table_name === 'messages' || row.table_name === 'edits') otherIds[row.table_name].add(textIn(row, 'id'));
      }
    };
    for (const id of ids) {
      for (const row of messages.all(phoneNumberId, id)) {
        const messageId = textIn(row, 'message_id');
        messageIds.push(messageId);
        noteMedia(row, 'content', mediaIds);
        if (row.media_id !== null) mediaIds.add(textIn(row, 'media_id'));
      }
      eraseRest(0, id);
      noteSpellings(spellings.all(phoneNumberId, id));
      for (const other of others) other.run(phoneNumberId, id);
      forgotten.addPerson(phoneNumberId, id, nowMs);
    }
    for (const messageId of new Set([...messageIds, ...otherIds.messages])) {
      const token = messageToken(messageId);
      if (token !== undefined) noteSpellings(spellingsOfMessage.all(phoneNumberId, messageId, token));
    }
    for (const messageId of messageIds) {
      eraseRest(1, messageId);
      forgotten.addMessage(phoneNumberId, messageId);
      otherIds.messages.delete(messageId);
    }
    for (const messageId of otherIds.messages) unnamed.run(phoneNumberId, messageId);
    // Meta may redeliver a message under each of its wamids.
    for (const id of [...otherIds.messages, ...otherIds.edits]) forgotten.addMessage(phoneNumberId, id);
    messageIds.push(...otherIds.messages);
    return { messageIds, mediaIds: [...mediaIds], ...counts, ids: ids.map((id) => ({ phoneNumberId, id })) };
  };
}

function noteMedia(row: SqlRow, column: string, mediaIds: Set<string>): void {
  if (typeof row[column] !== 'string') return;
  // This column contains only message contents.
  const id = mediaIdIn(JSON.parse(row[column]) as MessageContent);
  if (id !== undefined) mediaIds.add(id);
}
