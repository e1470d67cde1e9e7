import type { DatabaseSync } from 'node:sqlite';
import { describeValue, readOptions } from '../../../errors/check-options.js';
import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { StoreError } from '../../../errors/store-error.js';
import { systemClock, type Clock } from '../../../runtime/clock.js';
import { groupCommit, type GroupCommit } from '../../../stores/sqlite/group-commit.js';
import { openDatabase } from '../../../stores/sqlite/open-database.js';
import { isBusy, sqliteError } from '../../../stores/sqlite/sqlite-error.js';
import { conversationChanges, type ConversationEvent } from '../conversation-changes.js';
import { cleanText } from '../conversation-sql.js';
import { customerIdsOf, type ConversationOptions, type CustomerIds } from '../identity.js';
import { conversationsOf, type Conversations } from './sqlite-conversations.js';
import { eraser } from './erase.js';
import { forgottenOf, type Forgotten } from './sqlite-erasures.js';
import type { ErasureResult, ExportedRecord, MirroredMessage, SqliteMirror } from './mirror.js';
import { migrate } from './migrate.js';
import { schema } from './sqlite-schema.js';
import { peopleOf, type People } from './sqlite-people.js';
import { readingOf, type Reading } from './sqlite-reading.js';
import { textIn } from './sqlite-rows.js';

/** Prepares the statements for messages after the upgrade of the tables. */
function openConversations(options: SqliteMirrorOptions, database: DatabaseSync, people: People, forgotten: Forgotten): Conversations {
  try {
    return migrate(database, () => conversationsOf(database, people, forgotten, options));
  } catch (error) {
    database.close();
    throw sqliteError(options.file, error);
  }
}

/** Options of {@link sqliteMirror}. */
export interface SqliteMirrorOptions extends ConversationOptions {
  /**
   * Path of the database file. The file is created if needed, but its folder must exist. `:memory:` uses memory only.
   */
  readonly file: string;
  /** Provides the time of an erasure. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const pageSize = 200;

/**
 * Opens a mirror: all conversations of any number of business numbers, in tables of one SQLite file. It contains
 * messages from customers, messages from the Business app and from the API, the history of 180 days, edits, deletions,
 * reactions and statuses.
 *
 * It uses `conversationChanges`, so events can arrive repeatedly and in any order. You can query the tables
 * `wa_messages`, `wa_edits`, `wa_reactions`, `wa_customers`, `wa_aliases` and `wa_threads`, but don't write to them. A
 * {@link sqliteStore} can use the same file.
 *
 * A history chunk with thousands of messages is one transaction. It blocks the event loop while it runs. The file
 * contains private messages, so restrict access to it.
 *
 * @param file - The path of the file, or the options.
 * @throws `StoreError` if the file can't be opened. Methods reject with it, like those of `sqliteStore`.
 *
 * @example
 * ```ts
 * import { createWebhooks } from 'wa-coexist/webhooks';
 * import { sqliteMirror } from 'wa-coexist/sqlite';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * const mirror = sqliteMirror('conversations.db');
 * webhooks.on('*', mirror.handle);
 *
 * const { items } = await mirror.threads('106540352242922');
 * for (const { waId, name, lastMessage } of items) console.log(waId, name, lastMessage.author, lastMessage.text);
 * await mirror.close();
 * ```
 */
export function sqliteMirror(file: string | SqliteMirrorOptions): SqliteMirror {
  return readOptions('sqliteMirror', typeof file === 'string' ? { file } : file, openMirror);
}

function openMirror(options: SqliteMirrorOptions): SqliteMirror {
  if (typeof options.file !== 'string' || options.file === '' || options.file.includes('\0')) {
    throw new InvalidArgumentError('sqliteMirror', 'file', `must be the path of a file, but is ${describeValue(options.file)}`);
  }
  const database = openDatabase(options.file, schema);
  const people = peopleOf(database, options);
  const forgotten = forgottenOf(database);
  const conversations = openConversations(options, database, people, forgotten);
  const reading = readingOf(database, people, (phoneNumberId, messageId) => conversations.find(phoneNumberId, messageId));
  const forget = forgetting(database, people, forgotten, options);
  const file = new MirrorFile(options.file, database);
  const close = (): Promise<void> => file.close();

  return {
    handle: async (events: ConversationEvent | readonly ConversationEvent[]) => {
      const list: readonly ConversationEvent[] = Array.isArray(events) ? events : [events];
      const changes = list.flatMap((event) => conversationChanges(event, options));
      if (changes.length > 0)
        await file.write(() => {
          conversations.apply(changes);
        });
    },
    threads: (phoneNumberId, page = {}) => file.read(() => reading.threads(phoneNumberId, page)),
    thread: (phoneNumberId, customer) =>
      file.read(() => {
        const threadId = people.find(phoneNumberId, customer);
        return threadId === undefined ? undefined : reading.thread(phoneNumberId, threadId);
      }),
    messages: (phoneNumberId, customer, page = {}) =>
      file.read(() => {
        const threadId = people.find(phoneNumberId, customer);
        return threadId === undefined ? { items: [] } : reading.messages(phoneNumberId, threadId, page);
      }),
    message: (phoneNumberId, messageId) => file.read(() => reading.message(phoneNumberId, messageId)),
    edits: (phoneNumberId, messageId) => file.read(() => reading.edits(phoneNumberId, messageId)),
    ...streams(file, people, reading),
    forget: async (customer, { phoneNumberId } = {}) => {
      const erasure = await file.write(() => forget(customer, phoneNumberId));
      // Clear the write-ahead log, which still contains the erased data.
      await file.read(() => {
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      });
      return erasure;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The open file. Writes of one turn of the event loop are one transaction. */
class MirrorFile {
  readonly #name: string;
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;
  #closing: Promise<void> | undefined;

  constructor(name: string, database: DatabaseSync) {
    this.#name = name;
    this.#database = database;
    this.#commits = groupCommit(database);
  }

  write<Result>(work: () => Result): Promise<Result> {
    if (this.#closing) return Promise.reject(new StoreError(`The mirror ${this.#name} was closed.`, 'closed'));
    return this.#commits.run(work).catch((error: unknown) => {
      throw this.#toError(error);
    });
  }

  /** Reads immediately if no write is pending. Otherwise it waits for its turn in the queue of writes. */
  async read<Result>(work: () => Result): Promise<Result> {
    if (this.#closing || !this.#commits.idle()) return this.write(work);
    try {
      return work();
    } catch (error) {
      if (isBusy(error)) return this.write(work);
      throw this.#toError(error);
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#commits.settled().then(() => {
      this.#database.close();
    }));
  }

  /** Passes argument errors unchanged. */
  #toError(error: unknown): Error {
    return error instanceof InvalidArgumentError ? error : sqliteError(this.#name, error);
  }
}

/** Returns a function that erases a customer from one number, or from all numbers. */
function forgetting(
  database: DatabaseSync,
  people: People,
  forgotten: Forgotten,
  options: SqliteMirrorOptions,
): (customer: CustomerIds, phoneNumberId: string | undefined) => ErasureResult {
  const { clock = systemClock } = options;
  const erase = eraser(database, forgotten);
  const numbers = database.prepare('SELECT DISTINCT phone_number_id FROM wa_customers');
  const idsOf = (phoneNumberId: string, customer: CustomerIds): readonly string[] => {
    const given = customerIdsOf(customer, options).map(cleanText);
    return [...new Set(given.flatMap((id) => [id, ...people.members(phoneNumberId, people.threadId(phoneNumberId, id))]))];
  };
  return (customer, phoneNumberId) => {
    const all = phoneNumberId === undefined ? numbers.all().map((row) => textIn(row, 'phone_number_id')) : [phoneNumberId];
    const erasures = all.map((number) => erase(number, idsOf(number, customer), clock.now()));
    return {
      messageIds: erasures.flatMap(({ messageIds }) => messageIds),
      mediaIds: erasures.flatMap(({ mediaIds }) => mediaIds),
      edits: erasures.reduce((sum, { edits }) => sum + edits, 0),
      reactions: erasures.reduce((sum, { reactions }) => sum + reactions, 0),
      ids: erasures.flatMap(({ ids }) => ids),
    };
  };
}

/** Creates the methods that read many conversations in pages. */
function streams(file: MirrorFile, people: People, reading: Reading): Pick<SqliteMirror, 'stream' | 'export'> {
  /** Lists the requested threads: one, or all of a number. */
  async function* threadIds(phoneNumberId: string, customer: CustomerIds | string | undefined): AsyncGenerator<string, void, undefined> {
    if (customer !== undefined) {
      const threadId = await file.read(() => people.find(phoneNumberId, customer));
      if (threadId !== undefined) yield threadId;
      return;
    }
    for (let after = ''; ;) {
      const from = after;
      const ids = await file.read(() => reading.threadIds(phoneNumberId, from, pageSize));
      yield* ids;
      after = ids.at(-1) ?? '';
      if (ids.length < pageSize) return;
    }
  }
  async function* messagesOf(phoneNumberId: string, threadId: string): AsyncGenerator<MirroredMessage, void, undefined> {
    for (let after: string | undefined; ;) {
      const page = { limit: pageSize, order: 'oldest-first' as const, ...(after !== undefined && { after }) };
      const { items, next } = await file.read(() => reading.messages(phoneNumberId, threadId, page));
      yield* items;
      if (next === undefined) return;
      after = next;
    }
  }
  return {
    async *stream(phoneNumberId: string, customer?: CustomerIds | string): AsyncGenerator<MirroredMessage, void, undefined> {
      for await (const threadId of threadIds(phoneNumberId, customer)) yield* messagesOf(phoneNumberId, threadId);
    },
    async *export(phoneNumberId: string, customer?: CustomerIds | string): AsyncGenerator<ExportedRecord, void, undefined> {
      for await (const threadId of threadIds(phoneNumberId, customer)) {
        const [person, ids] = await file.read(
          () => [people.describe(phoneNumberId, threadId), people.members(phoneNumberId, threadId)] as const,
        );
        yield { record: 'customer', phoneNumberId, customer: person, ids };
        for await (const message of messagesOf(phoneNumberId, threadId)) {
          yield { record: 'message', message, edits: await file.read(() => reading.edits(phoneNumberId, message.messageId)) };
        }
      }
    },
  };
}
