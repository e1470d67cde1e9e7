import { textIn, type PostgresDatabase, type PostgresRow } from '../../../stores/postgres/postgres-database.js';
import { runStatement } from '../../../stores/postgres/run-statement.js';
import { columnName } from '../conversation-sql.js';
import type { ConversationRows, ConversationTableName, MessageRow, ReactionRow } from '../conversation-rows.js';
import { conversationTables, type ColumnType } from '../conversation-tables.js';
import { mergeConversationRow } from '../merge-row.js';
import { joinEdits } from '../same-message.js';
import type { MirrorCustomer, MirroredEdit, MirroredMessage, MirrorPage, PageOptions } from '../sqlite/mirror.js';
import { decodeCursor, encodeCursor } from '../view/cursor.js';
import { timed, viewOf } from '../view/mirrored-message.js';
import type { PostgresThread } from './mirror-interface.js';
import type { ReadStatements } from './read-statements.js';

/** Reads conversations. An ID is a `threadId` or any ID of the person. */
export interface PostgresReading {
  messages(
    phoneNumberId: string,
    id: string,
    options: PageOptions & { readonly order?: 'latest-first' | 'oldest-first' },
  ): Promise<MirrorPage<MirroredMessage>>;
  /** Searches one conversation, or all conversations if the ID is `null`. */
  search(phoneNumberId: string, id: string | null, text: string, options: PageOptions): Promise<MirrorPage<MirroredMessage>>;
  threads(phoneNumberId: string, options: PageOptions): Promise<MirrorPage<PostgresThread>>;
  thread(phoneNumberId: string, id: string): Promise<PostgresThread | undefined>;
  message(phoneNumberId: string, id: string): Promise<MirroredMessage | undefined>;
  edits(phoneNumberId: string, id: string): Promise<readonly MirroredEdit[]>;
  /** Returns the threads of a number in the order of their IDs. */
  threadIds(phoneNumberId: string, after: string, limit: number): Promise<readonly string[]>;
  person(phoneNumberId: string, id: string): Promise<{ readonly customer: MirrorCustomer; readonly ids: readonly string[] }>;
  /** Returns all business numbers. */
  numbers(): Promise<readonly string[]>;
}

const usualLimit = 50;

/** A message of a page with its place in the list. */
interface PlacedMessage {
  readonly message: MirroredMessage;
  readonly place: readonly [atMs: number, place: string, id: string];
}

/**
 * Creates the reader of the mirror.
 *
 * @param db - The database, or the caller's transaction.
 * @param statements - The statements.
 */
export function readingOf(db: PostgresDatabase, statements: ReadStatements): PostgresReading {
  const read = (text: string, values: (string | null)[]): Promise<readonly PostgresRow[]> => runStatement(db, text, values, 'read');

  const page = async (
    { limit = usualLimit, after }: PageOptions,
    statement: (isFirst: boolean) => string,
    values: readonly (string | null)[],
    first: readonly null[] = [],
  ): Promise<MirrorPage<MirroredMessage>> => {
    const start = after === undefined ? first : decodeCursor('postgresMirror', after).map(String);
    const rows = await read(statement(after === undefined), [...values, String(limit + 1), ...start]);
    const all = messagesIn(rows);
    const items = all.slice(0, limit);
    const last = all.length > limit ? items.at(-1) : undefined;
    return {
      items: items.map(({ message }) => message),
      ...(last && { next: encodeCursor(last.place[0], Number(last.place[1]), last.place[2]) }),
    };
  };
  const threadsIn = (rows: readonly PostgresRow[]): readonly (readonly [thread: PostgresThread, place: PlacedMessage['place']])[] => {
    const people = new Map(rows.filter(({ part }) => part === 'person').map((row) => [String(row['at_place']), row]));
    return messagesIn(rows).map(({ message, place }) => {
      const threadId = place[1];
      const person = people.get(threadId);
      const customer = personOf(threadId, person?.['json']);
      return [
        { phoneNumberId: message.phoneNumberId, ...customer, lastMessage: message, unread: Number(person?.['at_ms'] ?? 0) },
        place,
      ] as const;
    });
  };

  return {
    messages(phoneNumberId, id, options) {
      return page(options, options.order === 'oldest-first' ? statements.oldestFirst : statements.latestFirst, [phoneNumberId, id]);
    },
    search(phoneNumberId, id, text, options) {
      return page(options, () => statements.search, [phoneNumberId, id, text], [null, null, null]);
    },
    async threads(phoneNumberId, { limit = usualLimit, after }) {
      const [atMs, , threadId] = after === undefined ? [] : decodeCursor('postgresMirror', after);
      const start = atMs === undefined || threadId === undefined ? [] : [String(atMs), threadId];
      const all = threadsIn(await read(statements.threads(after === undefined), [phoneNumberId, String(limit + 1), ...start]));
      const items = all.slice(0, limit);
      const last = all.length > limit ? items.at(-1) : undefined;
      return {
        items: items.map(([thread]) => thread),
        ...(last && { next: encodeCursor(last[1][0], 0, last[1][1]) }),
      };
    },
    async thread(phoneNumberId, id) {
      return threadsIn(await read(statements.thread, [phoneNumberId, id]))[0]?.[0];
    },
    async message(phoneNumberId, id) {
      return messagesIn(await read(statements.message, [phoneNumberId, id]))[0]?.message;
    },
    async edits(phoneNumberId, id) {
      const rows = await read(statements.edits, [phoneNumberId, id]);
      const edits = joinEdits(rows.map((row) => ({ ...rowOf('edits', row['json']), messageId: String(row['id']) })));
      return [...edits]
        .sort((left, right) => (left.editedAt?.getTime() ?? 0) - (right.editedAt?.getTime() ?? 0) || (left.editId < right.editId ? -1 : 1))
        .map(({ editId, editedAt, edited, editedText }) => ({
          editId,
          ...timed('editedAt', editedAt),
          ...(editedText !== undefined && { text: editedText }),
          ...(edited && { content: edited }),
        }));
    },
    async threadIds(phoneNumberId, after, limit) {
      return (await read(statements.threadIds, [phoneNumberId, after, String(limit)])).map((row) => String(row['thread_id']));
    },
    async person(phoneNumberId, id) {
      const [row] = await read(statements.person, [phoneNumberId, id]);
      const ids = JSON.parse(textIn(row, 'ids') ?? '[]') as readonly string[];
      return { customer: personOf(textIn(row, 'thread_id') ?? id, row?.['json']), ids };
    },
    async numbers() {
      return (await read(statements.numbers, [])).map((row) => String(row['phone_number_id']));
    },
  };
}

/** Merges the rows of each message, in the order of the list. */
function messagesIn(rows: readonly PostgresRow[]): readonly PlacedMessage[] {
  const parts = new Map<string, { spellings: MessageRow[]; reactions: Map<string, ReactionRow>; quote?: string }>();
  const partsOf = (row: PostgresRow) => {
    const id = String(row['id']);
    const known = parts.get(id) ?? { spellings: [], reactions: new Map<string, ReactionRow>() };
    parts.set(id, known);
    return known;
  };
  for (const row of rows) {
    if (row['part'] === 'spelling') partsOf(row).spellings.push(rowOf('messages', row['json']));
    if (row['part'] === 'quote') partsOf(row).quote = JSON.parse(String(row['json'])) as string;
    if (row['part'] === 'reaction') {
      const { reactions } = partsOf(row);
      const reaction = rowOf('reactions', row['json']);
      reactions.set(reaction.reactor, mergeConversationRow('reactions', reactions.get(reaction.reactor), reaction));
    }
  }
  return rows
    .filter(({ part }) => part === 'message')
    .sort((left, right) => Number(left['row_place']) - Number(right['row_place']))
    .map((row) => {
      const { spellings, reactions, quote } = partsOf(row);
      const own = rowOf('messages', row['json']);
      const merged = spellings.reduce((known, next) => mergeConversationRow('messages', known, next), own);
      const { thread_id: threadId } = JSON.parse(String(row['json'])) as { readonly thread_id?: string | null };
      const visible = [...reactions.values()]
        .sort((left, right) => (left.reactor < right.reactor ? -1 : 1))
        .flatMap(({ reactor, emoji, reactedAt }) => (emoji === undefined ? [] : [{ reactor, emoji, ...timed('reactedAt', reactedAt) }]));
      return {
        message: viewOf(
          { ...merged, ...(quote !== undefined && { answers: quote }) },
          merged.customerId === undefined ? undefined : (threadId ?? undefined),
          visible,
        ),
        place: [Number(row['at_ms']), String(row['at_place']), own.messageId] as const,
      };
    });
}

/** Decodes a row of JSON. */
function rowOf<Table extends ConversationTableName>(table: Table, json: unknown): ConversationRows[Table] {
  const types: Readonly<Record<string, ColumnType>> = conversationTables[table].types;
  const row = JSON.parse(String(json)) as Readonly<Record<string, unknown>>;
  const members = Object.entries(types).flatMap(([column, type]) => {
    const value = row[columnName(column)];
    if (value === null || value === undefined) return [];
    return [[column, type === 'time' && typeof value === 'string' ? new Date(value) : value] as const];
  });
  // The table contains only rows of this type.
  return Object.fromEntries(members) as ConversationRows[Table];
}

function personOf(threadId: string, json: unknown): MirrorCustomer {
  const row = (typeof json === 'string' ? JSON.parse(json) : {}) as Readonly<Record<string, unknown>>;
  const text = <Name extends string>(name: Name, column: string): Partial<Record<Name, string>> => {
    const value = row[column];
    // The member has the name of the type.
    return typeof value === 'string' ? ({ [name]: value } as Record<Name, string>) : {};
  };
  return {
    threadId,
    ...text('waId', 'wa_id'),
    ...text('userId', 'user_id'),
    ...text('parentUserId', 'parent_user_id'),
    ...text('username', 'username'),
    ...text('name', 'name'),
    ...text('contactName', 'contact_name'),
  };
}
