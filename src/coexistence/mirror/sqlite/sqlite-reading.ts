import type { DatabaseSync } from 'node:sqlite';
import { cleanText } from '../conversation-sql.js';
import { decodeCursor, encodeCursor } from '../view/cursor.js';
import { timed, viewOf } from '../view/mirrored-message.js';
import type { ConversationThread, MessageReaction, MirroredEdit, MirroredMessage, MirrorPage, PageOptions } from './mirror.js';
import { storedId } from '../identity.js';
import type { People } from './sqlite-people.js';
import { rowOf, textIn, type SqlRow } from './sqlite-rows.js';

/** Reads conversations. */
export interface Reading {
  threads(phoneNumberId: string, options: PageOptions): MirrorPage<ConversationThread>;
  thread(phoneNumberId: string, threadId: string): ConversationThread | undefined;
  messages(
    phoneNumberId: string,
    threadId: string,
    options: PageOptions & { readonly order?: 'latest-first' | 'oldest-first' },
  ): MirrorPage<MirroredMessage>;
  message(phoneNumberId: string, messageId: string): MirroredMessage | undefined;
  edits(phoneNumberId: string, messageId: string): readonly MirroredEdit[];
  /** Returns the threads of a number in the order of their IDs. */
  threadIds(phoneNumberId: string, after: string, limit: number): readonly string[];
}

const usualLimit = 50;
/** Positions before and after all messages. */
const start = [-1, -1, ''] as const;
const end = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, ''] as const;

/**
 * Creates the reader of the mirror.
 *
 * @param database - The database.
 * @param people - Finds the person for an ID.
 * @param find - Returns the wamid under which a message is stored.
 */
export function readingOf(database: DatabaseSync, people: People, find: (phoneNumberId: string, messageId: string) => string): Reading {
  const threadsBefore = database.prepare(`SELECT thread_id, last_at, message_id FROM wa_threads
    WHERE phone_number_id = ? AND (last_at, thread_id) < (?, ?) ORDER BY last_at DESC, thread_id DESC LIMIT ?`);
  const oneThread = database.prepare('SELECT message_id FROM wa_threads WHERE phone_number_id = ? AND thread_id = ?');
  const idsAfter = database.prepare(
    'SELECT thread_id FROM wa_threads WHERE phone_number_id = ? AND thread_id > ? ORDER BY thread_id LIMIT ?',
  );
  const oneMessage = database.prepare('SELECT * FROM wa_messages WHERE phone_number_id = ? AND message_id = ?');
  const messagesOf = (comparison: '<' | '>', direction: 'DESC' | 'ASC'): ReturnType<DatabaseSync['prepare']> =>
    database.prepare(`SELECT * FROM wa_messages
      WHERE phone_number_id = ? AND customer_id = ? AND type IS NOT 'reaction' AND (occurred_at, place, message_id) ${comparison} (?, ?, ?)
      ORDER BY occurred_at ${direction}, place ${direction}, message_id ${direction} LIMIT ?`);
  const latestFirst = messagesOf('<', 'DESC');
  const oldestFirst = messagesOf('>', 'ASC');
  const reactionsTo = database.prepare(
    'SELECT * FROM wa_reactions WHERE phone_number_id = ? AND message_id = ? AND emoji IS NOT NULL ORDER BY reactor',
  );
  const editsOf = database.prepare('SELECT * FROM wa_edits WHERE phone_number_id = ? AND message_id = ? ORDER BY edited_at, edit_id');

  const reactions = (phoneNumberId: string, messageId: string): readonly MessageReaction[] =>
    reactionsTo.all(phoneNumberId, messageId).map((row) => {
      const { reactor, emoji = '', reactedAt } = rowOf('reactions', row);
      return { reactor, emoji, ...timed('reactedAt', reactedAt) };
    });
  const view = (row: SqlRow, threadId?: string): MirroredMessage => {
    const message = rowOf('messages', row);
    const { phoneNumberId, messageId, customerId } = message;
    const ofThread = threadId ?? (customerId === undefined ? undefined : people.threadId(phoneNumberId, customerId));
    return viewOf(message, ofThread, reactions(phoneNumberId, messageId));
  };
  const message: Reading['message'] = (phoneNumberId, wamid) => {
    const messageId = storedId(wamid);
    const row =
      oneMessage.get(phoneNumberId, cleanText(messageId)) ?? oneMessage.get(phoneNumberId, cleanText(find(phoneNumberId, messageId)));
    return row && view(row);
  };
  const threadOf = (phoneNumberId: string, threadId: string, messageId: string): ConversationThread => {
    const lastMessage = message(phoneNumberId, messageId) ?? { phoneNumberId, messageId, reactions: [] };
    return { phoneNumberId, ...people.describe(phoneNumberId, threadId), lastMessage };
  };

  return {
    message,
    threads(phoneNumberId, { limit = usualLimit, after }) {
      const [lastAt, , threadId] = after === undefined ? end : decodeCursor('sqliteMirror', after);
      const rows = threadsBefore.all(phoneNumberId, lastAt, threadId, limit + 1);
      const items = rows.slice(0, limit).map((row) => threadOf(phoneNumberId, textIn(row, 'thread_id'), textIn(row, 'message_id')));
      const last = rows[limit - 1];
      const next = rows.length > limit && last ? encodeCursor(Number(last.last_at), 0, textIn(last, 'thread_id')) : undefined;
      return { items, ...(next !== undefined && { next }) };
    },
    thread(phoneNumberId, threadId) {
      const row = oneThread.get(phoneNumberId, threadId);
      return row && threadOf(phoneNumberId, threadId, textIn(row, 'message_id'));
    },
    messages(phoneNumberId, threadId, { limit = usualLimit, after, order = 'latest-first' }) {
      const isLatestFirst = order === 'latest-first';
      const from = after === undefined ? (isLatestFirst ? end : start) : decodeCursor('sqliteMirror', after);
      const statement = isLatestFirst ? latestFirst : oldestFirst;
      // The rows of each ID are sorted. So the first rows of all IDs are among the first rows of each ID.
      const rows = people.members(phoneNumberId, threadId).flatMap((id) => statement.all(phoneNumberId, id, ...from, limit + 1));
      rows.sort((left, right) => (isLatestFirst ? compare(right, left) : compare(left, right)));
      const last = rows[limit - 1];
      const next = rows.length > limit && last ? encodeCursor(...placeOf(last)) : undefined;
      return { items: rows.slice(0, limit).map((row) => view(row, threadId)), ...(next !== undefined && { next }) };
    },
    edits: (phoneNumberId, messageId) =>
      editsOf.all(phoneNumberId, cleanText(find(phoneNumberId, storedId(messageId)))).map((row) => {
        const { editId, editedAt, edited, editedText } = rowOf('edits', row);
        return {
          editId,
          ...timed('editedAt', editedAt),
          ...(editedText !== undefined && { text: editedText }),
          ...(edited && { content: edited }),
        };
      }),
    threadIds: (phoneNumberId, after, limit) => idsAfter.all(phoneNumberId, after, limit).map((row) => textIn(row, 'thread_id')),
  };
}

function placeOf(row: SqlRow): readonly [occurredAt: number, place: number, messageId: string] {
  return [Number(row.occurred_at), Number(row.place), textIn(row, 'message_id')];
}

function compare(left: SqlRow, right: SqlRow): number {
  const [one, other] = [placeOf(left), placeOf(right)];
  // SQLite compares UTF-8 bytes. For wamids, this is the order of their characters.
  return one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : 1);
}
