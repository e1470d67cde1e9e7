import { readOptions } from '../../../errors/check-options.js';
import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { StoreError } from '../../../errors/store-error.js';
import { systemClock, type Clock } from '../../../runtime/clock.js';
import { checkDatabase, checkPrefix, type PostgresDatabase, type PostgresNames } from '../../../stores/postgres/postgres-database.js';
import { runStatement } from '../../../stores/postgres/run-statement.js';
import { parseMessageId } from '../../../identity/message-id.js';
import type { ConversationEvent } from '../conversation-changes.js';
import type { ConversationChange } from '../conversation-rows.js';
import { cleanText } from '../conversation-sql.js';
import { conversationTableNames } from '../conversation-tables.js';
import { customerIdsOf, storedId, type ConversationOptions, type CustomerIds } from '../identity.js';
import { postgresRows } from '../postgres-upserts.js';
import type { ErasureResult, ExportedRecord, MirroredMessage } from '../sqlite/mirror.js';
import { mergedBatches } from './merged-batches.js';
import { readErasures, withoutForgotten, type KnownErasures } from './postgres-erasures.js';
import type { PostgresMirror, PostgresMirrorAccess } from './mirror-interface.js';
import { mirrorMigration } from './postgres-migration.js';
import { readStatements, type ReadStatements } from './read-statements.js';
import { readingOf } from './postgres-reading.js';

/** Options of {@link postgresMirror}. */
export interface PostgresMirrorOptions extends ConversationOptions, PostgresNames {
  /** Provides the time of an erasure. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

const pageSize = 200;
/** Number of messages that one statement of {@link PostgresMirror.removeBefore} deletes. */
const expiredPerStatement = 1_000;
/** Number of attempts while other processes erase people. */
const maxAttempts = 10;

/**
 * Creates a mirror: all conversations of any number of business numbers, in tables of your PostgreSQL database (13 or
 * later). It has the same methods as `sqliteMirror`. It also counts unread messages, searches texts and deletes
 * old messages.
 *
 * - Events can arrive repeatedly and in any order, in any number of processes. A call of `handle` is one statement, unless its events have
 *   different content for the same message.
 * - You can query the views `wa_threads` and `wa_people` and all tables, but don't write to them.
 * - It uses no session state, so it works with PgBouncer in transaction mode.
 * - The tables contain private messages, so restrict access to them.
 *
 * @param db - Your database: an object with `query(text, values)`.
 * @param options - The prefix of the tables, and how phone numbers are compared.
 * @throws `InvalidArgumentError` if the database has no `query` method. Methods reject with a `StoreError`.
 *
 * @example
 * ```ts
 * import { Pool } from 'pg';
 * import { postgresMirror } from 'wa-coexist/postgres';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const mirror = postgresMirror(new Pool());
 * await mirror.migrate();
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('*', mirror.handle);
 *
 * const { items } = await mirror.threads('106540352242922');
 * for (const { name, unread, lastMessage } of items) console.log(name, unread, lastMessage.text);
 * ```
 */
export function postgresMirror(db: PostgresDatabase, options: PostgresMirrorOptions = {}): PostgresMirror {
  return readOptions('postgresMirror', options, (given) => {
    checkDatabase('postgresMirror', db);
    const prefix = checkPrefix('postgresMirror', given.prefix ?? 'wa_');
    const memory: MirrorMemory = { statements: readStatements(prefix), erasures: undefined };
    return {
      ...accessTo(db, prefix, given, memory),
      migrate: async () => {
        await runStatement(db, mirrorMigration({ prefix }), [], 'write');
      },
      withTransaction(transaction) {
        checkDatabase('withTransaction', transaction);
        return accessTo(transaction, prefix, given, memory);
      },
    };
  });
}

/** The values that a mirror shares with its transactions. */
interface MirrorMemory {
  readonly statements: ReadStatements;
  /** The last known state. Each write compares it with the database. */
  erasures: KnownErasures | undefined;
}

function accessTo(db: PostgresDatabase, prefix: string, options: PostgresMirrorOptions, memory: MirrorMemory): PostgresMirrorAccess {
  const { clock = systemClock } = options;
  const { statements } = memory;
  const reading = readingOf(db, statements);

  const write = async (changes: readonly ConversationChange[]): Promise<void> => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const erasures = (memory.erasures ??= await readErasures(db, statements));
      const kept = await withoutForgotten(db, statements, erasures, changes);
      if (kept.length === 0) return;
      const peers = peersIn(kept, options);
      const values = [jsonOf(kept, peers), JSON.stringify(peopleIn(kept, peers)), erasures.mark];
      const text = `SELECT ${prefix}mirror_write($1::text, $2::text, $3::text::bigint)::text AS written`;
      const [row] = await runStatement(db, text, values, 'write');
      if (row?.['written'] === 'true') return;
      // Another process erased people since the last look.
      memory.erasures = undefined;
    }
    throw new StoreError('Other processes erased people during each attempt to write. No data was written. Retry it.', 'busy');
  };
  const idOf = (customer: CustomerIds | string): string | undefined => {
    const [id] = (typeof customer === 'string' ? [customer] : customerIdsOf(customer, options)).map(cleanText);
    return id;
  };
  /** Lists the requested threads: one, or all of a number in pages. */
  async function* threadIds(phoneNumberId: string, customer: CustomerIds | string | undefined): AsyncGenerator<string, void, undefined> {
    if (customer !== undefined) {
      const id = idOf(customer);
      if (id !== undefined) yield id;
      return;
    }
    for (let after = ''; ;) {
      const ids = await reading.threadIds(phoneNumberId, after, pageSize);
      yield* ids;
      after = ids.at(-1) ?? '';
      if (ids.length < pageSize) return;
    }
  }
  async function* messagesOf(phoneNumberId: string, threadId: string): AsyncGenerator<MirroredMessage, void, undefined> {
    for (let after: string | undefined; ;) {
      const { items, next } = await reading.messages(phoneNumberId, threadId, { limit: pageSize, order: 'oldest-first', after });
      yield* items;
      if (next === undefined) return;
      after = next;
    }
  }
  const forgetIn = async (phoneNumberId: string, ids: readonly string[]): Promise<ErasureResult> => {
    const text = `SELECT ${prefix}forget($1::text, $2::text, $3::text::bigint)::text AS erased`;
    const [row] = await runStatement(db, text, [phoneNumberId, JSON.stringify(ids), String(Math.floor(clock.now()))], 'write');
    const erased = JSON.parse(String(row?.['erased'])) as Erased;
    return {
      messageIds: erased.messageIds,
      mediaIds: erased.mediaIds,
      edits: erased.edits.length,
      reactions: erased.reactions,
      ids: erased.ids.map((id) => ({ phoneNumberId, id })),
    };
  };

  return {
    handle: async (events: ConversationEvent | readonly ConversationEvent[]) => {
      const list: readonly ConversationEvent[] = Array.isArray(events) ? events : [events];
      for (const changes of mergedBatches(list, options)) await write(changes);
    },
    threads: (phoneNumberId, page = {}) => reading.threads(phoneNumberId, page),
    thread: async (phoneNumberId, customer) => {
      const id = idOf(customer);
      return id === undefined ? undefined : reading.thread(phoneNumberId, id);
    },
    messages: async (phoneNumberId, customer, page = {}) => {
      const id = idOf(customer);
      return id === undefined ? { items: [] } : reading.messages(phoneNumberId, id, page);
    },
    message: (phoneNumberId, messageId) => reading.message(phoneNumberId, cleanText(storedId(messageId))),
    edits: (phoneNumberId, messageId) => reading.edits(phoneNumberId, cleanText(storedId(messageId))),
    search: async (phoneNumberId, text, { customer, ...page } = {}) => {
      if (typeof text !== 'string') throw new InvalidArgumentError('search', 'text', 'must be a string');
      const id = customer === undefined ? null : idOf(customer);
      if (id === undefined) return { items: [] };
      return reading.search(phoneNumberId, id, cleanText(text), page);
    },
    async *stream(phoneNumberId, customer) {
      for await (const threadId of threadIds(phoneNumberId, customer)) yield* messagesOf(phoneNumberId, threadId);
    },
    async *export(phoneNumberId, customer): AsyncGenerator<ExportedRecord, void, undefined> {
      for await (const threadId of threadIds(phoneNumberId, customer)) {
        const { customer: person, ids } = await reading.person(phoneNumberId, threadId);
        yield { record: 'customer', phoneNumberId, customer: person, ids };
        for await (const message of messagesOf(phoneNumberId, threadId)) {
          yield { record: 'message', message, edits: await reading.edits(phoneNumberId, message.messageId) };
        }
      }
    },
    forget: async (customer, { phoneNumberId } = {}) => {
      const ids = customerIdsOf(customer, options).map(cleanText);
      const erasuresOfAll: ErasureResult[] = [];
      for (const number of phoneNumberId === undefined ? await reading.numbers() : [phoneNumberId]) {
        if (ids.length > 0) erasuresOfAll.push(await forgetIn(number, ids));
      }
      return {
        messageIds: erasuresOfAll.flatMap(({ messageIds }) => messageIds),
        mediaIds: erasuresOfAll.flatMap(({ mediaIds }) => mediaIds),
        edits: erasuresOfAll.reduce((sum, { edits }) => sum + edits, 0),
        reactions: erasuresOfAll.reduce((sum, { reactions }) => sum + reactions, 0),
        ids: erasuresOfAll.flatMap(({ ids: all }) => all),
      };
    },
    markRead: async (phoneNumberId, customer, { until } = {}) => {
      const id = idOf(customer);
      if (id === undefined) return;
      const text = `SELECT ${prefix}mark_read($1::text, $2::text, $3::text::timestamptz)::text`;
      await runStatement(db, text, [phoneNumberId, id, until?.toISOString() ?? null], 'write');
    },
    removeBefore: async (before, { phoneNumberId } = {}) => {
      let removed = 0;
      for (const number of phoneNumberId === undefined ? await reading.numbers() : [phoneNumberId]) {
        for (let count = expiredPerStatement; count === expiredPerStatement; removed += count) {
          const text = `SELECT ${prefix}remove_before($1::text, $2::text::timestamptz, $3::text::integer)::text AS removed`;
          const [row] = await runStatement(db, text, [number, before.toISOString(), String(expiredPerStatement)], 'write');
          count = Number(row?.['removed'] ?? 0);
        }
      }
      return removed;
    },
  };
}

/** The result of the function in the database. */
interface Erased {
  readonly messageIds: readonly string[];
  readonly mediaIds: readonly string[];
  readonly edits: readonly string[];
  readonly reactions: number;
  readonly ids: readonly string[];
}

/** The person in the wamid of a message whose webhook named nobody. */
interface Peer {
  readonly phone_number_id: string;
  readonly message_id: string;
  readonly peer_id: string;
}

function peersIn(changes: readonly ConversationChange[], options: ConversationOptions): readonly Peer[] {
  const peers = new Map<string, Peer>();
  for (const { table, row } of changes) {
    if ((table !== 'messages' && table !== 'edits' && table !== 'reactions') || row.customerId !== undefined) continue;
    const { phoneNumberId, messageId = '' } = row;
    const [id] = customerIdsOf({ waId: parseMessageId(messageId)?.peer }, options);
    if (id === undefined) continue;
    const peer = { phone_number_id: phoneNumberId, message_id: cleanText(messageId), peer_id: cleanText(id) };
    peers.set(`${phoneNumberId}\n${messageId}`, peer);
  }
  return [...peers.values()];
}

function jsonOf(changes: readonly ConversationChange[], peers: readonly Peer[]): string {
  const rows = conversationTableNames.map((table) => [table, postgresRows(table, changes)] as const);
  const parts = [...rows, ['peers', JSON.stringify(peers)] as const];
  return `{${parts.flatMap(([name, json]) => (json === '[]' ? [] : [`"${name}":${json}`])).join(',')}}`;
}

/** Returns all people that some changes concern, each with a business number. */
function peopleIn(
  changes: readonly ConversationChange[],
  peers: readonly Peer[],
): readonly (readonly [phoneNumberId: string, id: string])[] {
  const people = new Map(
    peers.map(({ phone_number_id: number, peer_id: id }) => [`${number}\n${id}`, [number, id] as readonly [string, string]]),
  );
  for (const { table, row } of changes) {
    const others = table === 'aliases' ? [row.sameAs] : table === 'owners' ? [row.ownerId] : [];
    for (const id of [row.customerId, ...others]) {
      if (id === undefined) continue;
      const cleaned = cleanText(id);
      people.set(`${row.phoneNumberId}\n${cleaned}`, [row.phoneNumberId, cleaned]);
    }
  }
  return [...people.values()];
}
