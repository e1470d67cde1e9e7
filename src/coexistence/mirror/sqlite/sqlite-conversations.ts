import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { AliasRow, ConversationChange, ConversationTableName, MessageRow, OwnerRow } from '../conversation-rows.js';
import { cleanText, encode, valuesOf } from '../conversation-sql.js';
import { columnsOf, conversationTableNames, conversationTables } from '../conversation-tables.js';
import type { ConversationOptions } from '../identity.js';
import type { Forgotten } from './sqlite-erasures.js';
import { insertNew, upsertInto } from './sqlite-schema.js';
import { cachePeople, type CachedPeople, type People } from './sqlite-people.js';
import { textIn } from './sqlite-rows.js';
import { spellingsOf, type Spellings } from './spellings.js';

/** Writes conversations inside the caller's transaction. */
export interface Conversations {
  apply(changes: readonly ConversationChange[]): void;
  /** Merges messages that an earlier version stored under several wamids. */
  adopt(): void;
  /** Returns the wamid under which a message is stored, for any of its wamids. */
  find(phoneNumberId: string, messageId: string): string;
}

/** Conversations to refresh, each once. */
type Touched = Map<string, readonly [phoneNumberId: string, threadId: string]>;

/**
 * Creates the writer of the mirror.
 *
 * @param database - The database.
 * @param people - Finds the person for an ID.
 * @param forgotten - The erased people and messages.
 * @param options - How phone numbers are compared.
 */
export function conversationsOf(database: DatabaseSync, people: People, forgotten: Forgotten, options: ConversationOptions): Conversations {
  return new SqliteConversations(database, people, forgotten, options);
}

class SqliteConversations implements Conversations {
  readonly #people: People;
  readonly #cached: CachedPeople;
  readonly #forgotten: Forgotten;
  readonly #spellings: Spellings;
  readonly #sql: Statements;
  readonly #insertMessage: (row: MessageRow) => boolean;
  #customers = new Map<string, readonly [phoneNumberId: string, customerId: string]>();

  constructor(database: DatabaseSync, people: People, forgotten: Forgotten, options: ConversationOptions) {
    this.#people = people;
    this.#cached = cachePeople(people);
    this.#forgotten = forgotten;
    this.#sql = prepareStatements(database);
    this.#insertMessage = newMessages(database);
    this.#spellings = spellingsOf(database, people, this.#cached, options, {
      put: (change) => this.#put(change),
      touch: (phoneNumberId, customerId) => {
        this.#note(phoneNumberId, customerId);
      },
    });
  }

  apply(changes: readonly ConversationChange[]): void {
    this.#change((touched) => {
      for (const one of this.#forgotten.without(changes)) {
        if (one.table === 'messages') this.#note(one.row.phoneNumberId, one.row.customerId);
        if (one.table === 'aliases') this.#putAlias(one.row, touched);
        else if (one.table === 'owners') this.#putOwner(one.row, touched);
        else if (one.table === 'customers') this.#put(one);
        else this.#spellings.write(one);
      }
    });
  }

  adopt(): void {
    this.#change(() => {
      this.#spellings.adopt();
    });
  }

  find(phoneNumberId: string, messageId: string): string {
    return this.#spellings.find(phoneNumberId, messageId);
  }

  #touch(touched: Touched, phoneNumberId: string, customerId: string): void {
    const threadId = this.#cached.threadId(phoneNumberId, customerId);
    touched.set(`${phoneNumberId}\n${threadId}`, [phoneNumberId, threadId]);
  }

  #refresh(phoneNumberId: string, threadId: string): void {
    // The thread may have become a part of another thread.
    const current = this.#cached.threadId(phoneNumberId, threadId);
    let last: readonly [occurredAt: number, place: number, messageId: string] | undefined;
    for (const id of this.#cached.members(phoneNumberId, current)) {
      if (id !== current) this.#sql.dropThread.run(phoneNumberId, id);
      const row = this.#sql.latest.get(phoneNumberId, id);
      if (!row) continue;
      const found = [Number(row.occurred_at), Number(row.place), textIn(row, 'message_id')] as const;
      if (!last || isLater(found, last)) last = found;
    }
    if (last) this.#sql.putThread.run(phoneNumberId, current, last[0], last[2]);
    else this.#sql.dropThread.run(phoneNumberId, current);
  }

  #put(change: ConversationChange): boolean {
    return (
      (change.table === 'messages' && change.row.contentRank !== undefined && this.#insertMessage(change.row)) ||
      this.#sql.upserts[change.table].run(...valuesOf(change.table, change.row, timeMs)).changes !== 0
    );
  }

  #note(phoneNumberId: string, customerId: string | undefined): void {
    if (customerId !== undefined) this.#customers.set(`${phoneNumberId}\n${customerId}`, [phoneNumberId, cleanText(customerId)]);
  }

  /** Runs a change of messages, and then refreshes the changed threads. */
  #change(work: (touched: Touched) => void): void {
    const touched: Touched = new Map();
    this.#customers = new Map();
    this.#cached.clear();
    this.#spellings.begin();
    work(touched);
    this.#spellings.finish();
    for (const [phoneNumberId, customerId] of this.#customers.values()) this.#touch(touched, phoneNumberId, customerId);
    const movedRows = this.#sql.moved.all();
    for (const row of movedRows) this.#touch(touched, textIn(row, 'phone_number_id'), textIn(row, 'customer_id'));
    if (movedRows.length > 0) this.#sql.clearMoved.run();
    for (const [phoneNumberId, threadId] of touched.values()) this.#refresh(phoneNumberId, threadId);
  }

  /** Writes a row that can change the links of some IDs, and records the changes. */
  #relink(change: ConversationChange, ids: readonly string[], touched: Touched): void {
    const { phoneNumberId } = change.row;
    const previous = ids.map((id) => this.#people.linkOf(phoneNumberId, id));
    // A link may move a person out of a thread.
    for (const id of ids) this.#touch(touched, phoneNumberId, id);
    if (!this.#put(change)) return;
    this.#cached.clear();
    for (const [index, id] of ids.entries()) {
      if (this.#people.linkOf(phoneNumberId, id) === previous[index]) continue;
      this.#note(phoneNumberId, id);
      this.#spellings.moved(phoneNumberId, id, previous[index]);
    }
  }

  #putAlias(row: AliasRow, touched: Touched): void {
    const customerId = cleanText(row.customerId);
    this.#note(row.phoneNumberId, customerId);
    this.#relink({ table: 'aliases', row }, [customerId], touched);
  }

  #putOwner(row: OwnerRow, touched: Touched): void {
    const known = this.#sql.ownersOf.all(row.phoneNumberId, cleanText(row.customerId));
    const hasReport = row.reportedAt !== undefined || known.some((owner) => owner.reported_at !== null);
    const ids = hasReport ? [...new Set([...known.map((owner) => textIn(owner, 'owner_id')), cleanText(row.ownerId)])] : [];
    this.#relink({ table: 'owners', row }, ids, touched);
  }
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(database: DatabaseSync) {
  return {
    // One statement per table.
    upserts: Object.fromEntries(conversationTableNames.map((table) => [table, database.prepare(upsertInto(table))])) as Readonly<
      Record<ConversationTableName, StatementSync>
    >,
    moved: database.prepare('SELECT DISTINCT phone_number_id, customer_id FROM temp.wa_moved'),
    clearMoved: database.prepare('DELETE FROM temp.wa_moved'),
    ownersOf: database.prepare('SELECT owner_id, reported_at FROM wa_owners WHERE phone_number_id = ? AND customer_id = ?'),
    latest: database.prepare(`SELECT occurred_at, place, message_id FROM wa_messages
    WHERE phone_number_id = ? AND customer_id = ? AND type IS NOT 'reaction' ORDER BY occurred_at DESC, place DESC, message_id DESC LIMIT 1`),
    putThread: database.prepare(`INSERT INTO wa_threads (phone_number_id, thread_id, last_at, message_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (phone_number_id, thread_id) DO UPDATE SET last_at = excluded.last_at, message_id = excluded.message_id`),
    dropThread: database.prepare('DELETE FROM wa_threads WHERE phone_number_id = ? AND thread_id = ?'),
  };
}

/** Returns a function that inserts a message unless its wamid is stored. It returns whether it inserted the message. */
function newMessages(database: DatabaseSync): (row: MessageRow) => boolean {
  const { types } = conversationTables.messages;
  const columns = columnsOf('messages');
  /** One statement for each set of columns, of which one bit each forms the key. Few sets occur. */
  const statements = new Map<number, StatementSync>();
  return (row) => {
    let set = 0;
    const values: SQLInputValue[] = [];
    for (const [index, column] of columns.entries()) {
      if (row[column] === undefined) continue;
      set |= 1 << index;
      values.push(encode(row[column], types[column], timeMs));
    }
    let insert = statements.get(set);
    if (!insert) {
      insert = database.prepare(
        insertNew(
          'messages',
          columns.filter((column) => row[column] !== undefined),
        ),
      );
      statements.set(set, insert);
    }
    return insert.run(...values).changes !== 0;
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
