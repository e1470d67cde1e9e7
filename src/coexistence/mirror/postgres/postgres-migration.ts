import { checkPrefix, migrationOf, type PostgresNames } from '../../../stores/postgres/postgres-database.js';
import { postgresSchema } from '../postgres-upserts.js';
import { eraseFunctions } from './erase-functions.js';
import { hasTime, indexedWordsOf, isShown, positionOf } from './message-index.js';
import { allPeople, personIn } from './people-sql.js';
import { readFunctions } from './read-statements.js';
import { searchFunction } from './search-function.js';
import { writeFunctions } from './write-functions.js';

/**
 * Returns the SQL that creates or upgrades all tables, views and functions of {@link postgresMirror}, as one statement.
 * You can run it repeatedly. `mirror.migrate()` runs the same statement. It also upgrades tables of
 * `postgresSchema()` and keeps their rows.
 *
 * @param options - The prefix of all names.
 * @throws `InvalidArgumentError` if the prefix isn't a plain name
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { mirrorMigration } from 'wa-coexist/postgres';
 *
 * writeFileSync('migrations/002-wa-mirror.sql', mirrorMigration());
 * ```
 */
export function mirrorMigration({ prefix = 'wa_' }: PostgresNames = {}): string {
  checkPrefix('mirrorMigration', prefix);
  const statements = [
    ...outdated(prefix),
    postgresSchema({ prefix }),
    ...columnsAndIndexes(prefix),
    ...ownTables(prefix),
    ...views(prefix),
    ...writeFunctions(prefix),
    ...eraseFunctions(prefix),
    searchFunction(prefix),
    ...readFunctions(prefix),
    `SELECT ${prefix}mirror_rebuild()`,
  ];
  return migrationOf(prefix, { name: 'mirror', version: 2, statements });
}

/** Drops what earlier versions defined differently: indexes, and functions with another result. */
function outdated(prefix: string): readonly string[] {
  const indexes = [
    ...['messages_by_customer', 'messages_by_thread', 'messages_by_time', 'messages_by_words', 'messages_by_token'],
    ...['conversations_by_time', 'reactions_by_token', 'edits_by_token'],
  ];
  return [
    ...indexes.map((index) => `DROP INDEX IF EXISTS ${prefix}${index}`),
    `DROP FUNCTION IF EXISTS ${prefix}lock_people(text[], text[])`,
    `DROP FUNCTION IF EXISTS ${prefix}join_group(text, text, text)`,
    `DROP FUNCTION IF EXISTS ${prefix}search(text, text, text[], bigint, timestamptz, bigint, text)`,
  ];
}

/**
 * `joined_id` is the row that represents a message with several wamids. The other `joined_` columns are its position.
 * `peer_id` is the person in the wamid, if the webhook named nobody.
 */
function columnsAndIndexes(prefix: string): readonly string[] {
  const messages = `${prefix}messages`;
  const position = positionOf(messages).map((part) => (part.includes('(') ? `(${part})` : part.slice(messages.length + 1)));
  return [
    `ALTER TABLE ${messages} ADD COLUMN IF NOT EXISTS thread_id text COLLATE "C", ADD COLUMN IF NOT EXISTS joined_id text COLLATE "C",
      ADD COLUMN IF NOT EXISTS peer_id text COLLATE "C", ADD COLUMN IF NOT EXISTS joined_at timestamptz, ADD COLUMN IF NOT EXISTS joined_place bigint`,
    `ALTER TABLE ${prefix}customers ADD COLUMN IF NOT EXISTS thread_id text COLLATE "C"`,
    ...['reactions', 'edits'].map((table) => `ALTER TABLE ${prefix}${table} ADD COLUMN IF NOT EXISTS peer_id text COLLATE "C"`),
    `CREATE INDEX IF NOT EXISTS ${messages}_without_customer ON ${messages} (phone_number_id, thread_id) WHERE customer_id IS NULL`,
    `CREATE INDEX IF NOT EXISTS ${messages}_by_thread ON ${messages} (phone_number_id, thread_id, ${position.join(', ')}) WHERE ${isShown(messages)}`,
    // The conditions hide indexes from look-ups by an ID. Without statistics, the planner would use them, and read a whole number.
    `CREATE INDEX IF NOT EXISTS ${messages}_by_time ON ${messages} (phone_number_id, ${position.join(', ')}) WHERE ${hasTime(messages)}`,
    `CREATE INDEX IF NOT EXISTS ${messages}_by_words ON ${messages} USING gin ((${indexedWordsOf(messages)}))`,
    `CREATE INDEX IF NOT EXISTS ${prefix}customers_by_thread ON ${prefix}customers (phone_number_id, thread_id)`,
    `CREATE INDEX IF NOT EXISTS ${prefix}owners_by_report ON ${prefix}owners (phone_number_id) WHERE reported_at IS NOT NULL`,
    ...['reactions', 'edits'].map(
      (table) =>
        `CREATE INDEX IF NOT EXISTS ${prefix}${table}_by_token ON ${prefix}${table} (${prefix}token_of(message_id), phone_number_id)`,
    ),
  ];
}

function ownTables(prefix: string): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${prefix}conversations (
      phone_number_id text COLLATE "C" NOT NULL,
      thread_id text COLLATE "C" NOT NULL,
      last_message_id text COLLATE "C" NOT NULL,
      last_at timestamptz NOT NULL,
      unread integer NOT NULL,
      read_at timestamptz,
      PRIMARY KEY (phone_number_id, thread_id)
    )`,
    `CREATE INDEX IF NOT EXISTS ${prefix}conversations_by_time ON ${prefix}conversations (phone_number_id, last_at, thread_id)
      WHERE last_at > '-infinity'`,
    `CREATE TABLE IF NOT EXISTS ${prefix}forgotten (digest text COLLATE "C" PRIMARY KEY, until_ms bigint NOT NULL)`,
    `CREATE TABLE IF NOT EXISTS ${prefix}mirror_state (
      id integer PRIMARY KEY CHECK (id = 1),
      erasures bigint NOT NULL,
      digest_key text NOT NULL
    )`,
    // Two random UUIDs: PostgreSQL has no other random bytes without an extension.
    `INSERT INTO ${prefix}mirror_state VALUES (1, 0, gen_random_uuid()::text || gen_random_uuid()::text) ON CONFLICT DO NOTHING`,
  ];
}

function views(prefix: string): readonly string[] {
  const ofPerson = ['wa_id', 'user_id', 'parent_user_id', 'username', 'name', 'contact_name'];
  return [
    `DROP VIEW IF EXISTS ${prefix}threads`,
    `DROP VIEW IF EXISTS ${prefix}people`,
    `CREATE VIEW ${prefix}people AS ${allPeople(prefix)}`,
    `CREATE VIEW ${prefix}threads AS
      SELECT c.phone_number_id, c.thread_id, ${ofPerson.map((column) => `p.${column}`).join(', ')}, c.last_at, c.last_message_id,
        m.direction AS last_direction, m.author AS last_author, m.type AS last_type, COALESCE(m.edited_text, m.text) AS last_text,
        c.unread, c.read_at
      FROM ${prefix}conversations AS c
      LEFT JOIN LATERAL ${personIn(prefix, 'c')} AS p ON true
      LEFT JOIN ${prefix}messages AS m ON m.phone_number_id = c.phone_number_id AND m.message_id = c.last_message_id`,
  ];
}
