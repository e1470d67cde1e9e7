import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { ConversationChange, ConversationTableName } from './conversation-rows.js';
import { columnsOf, conversationTableNames, conversationTables, type ColumnType } from './conversation-tables.js';
import { postgresJoins, postgresMigration } from './postgres-joins.js';
import { columnName, createLinks, createTable, encode, insertInto, onConflict, type SqlDialect } from './conversation-sql.js';

/** Options of {@link postgresSchema} and {@link postgresUpserts}. */
export interface PostgresOptions {
  /** The prefix of the table names: letters, digits and `_`. @defaultValue `'wa_'` */
  readonly prefix?: string | undefined;
}

/** A statement with its parameters, for `pg`, PGlite and most other drivers. */
export interface PostgresStatement {
  readonly text: string;
  readonly values: readonly [string];
}

// Compare bytes, so that the collation of the database doesn't matter.
const text = 'text COLLATE "C"';
/** The SQL types and least values of PostgreSQL. */
export const postgresDialect: SqlDialect = {
  types: { text, integer: 'bigint', time: 'timestamptz', json: 'jsonb' },
  least: { text: "''", integer: '-1', time: "'-infinity'::timestamptz", json: "'null'::jsonb" },
};
/** The types of the rows in a parameter. */
const parameterTypes: Readonly<Record<ColumnType, string>> = { text: 'text', integer: 'bigint', time: 'timestamptz', json: 'jsonb' };

/**
 * Returns the statements that create the tables of `conversationTables` in Postgres (12 or later), with their indexes
 * and functions. The function `wa_thread_of(phone_number_id, customer_id)` implements `threadIdOf`. You can run the
 * statements repeatedly. They are separated by `;`. See {@link postgresUpserts} to write rows.
 *
 * @param options - The prefix of the table names.
 * @throws `InvalidArgumentError` if the prefix isn't a plain name
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { postgresSchema } from 'wa-coexist/coexistence';
 *
 * const database = new PGlite();
 * await database.exec(postgresSchema());
 * ```
 */
export function postgresSchema(options: PostgresOptions = {}): string {
  const prefix = prefixOf(options);
  const tables = conversationTableNames.map((table) => createTable(table, `${prefix}${table}`, postgresDialect));
  return [
    ...tables,
    ...postgresMigration(prefix, conversationTableNames),
    `CREATE INDEX IF NOT EXISTS ${prefix}messages_by_token ON ${prefix}messages (token, phone_number_id) WHERE token IS NOT NULL`,
    // The condition hides the index from look-ups of a message. Without statistics, the planner would use it for them.
    `CREATE INDEX IF NOT EXISTS ${prefix}messages_by_customer ON ${prefix}messages (phone_number_id, customer_id, occurred_at, place, message_id)
  WHERE customer_id IS NOT NULL`,
    `CREATE INDEX IF NOT EXISTS ${prefix}edits_by_message ON ${prefix}edits (phone_number_id, message_id)`,
    `CREATE INDEX IF NOT EXISTS ${prefix}aliases_by_same_as ON ${prefix}aliases (phone_number_id, same_as)`,
    `CREATE INDEX IF NOT EXISTS ${prefix}owners_by_owner ON ${prefix}owners (phone_number_id, owner_id)`,
    createLinks(prefix, 'CREATE OR REPLACE VIEW'),
    linkOf(prefix),
    threadOf(prefix),
    ...postgresJoins(prefix),
    `CREATE INDEX IF NOT EXISTS ${prefix}messages_by_peer ON ${prefix}messages (phone_number_id, ${prefix}peer_id_of(message_id))
  WHERE customer_id IS NULL`,
  ]
    .map((statement) => `${statement};\n`)
    .join('\n');
}

/**
 * Converts the result of {@link conversationChanges} to at most one Postgres statement per table. Run the statements in
 * one transaction, together with your own statements. Events can arrive repeatedly and in any order. Create the tables
 * with {@link postgresSchema}.
 *
 * @param changes - The changes of one or more events.
 * @param options - The prefix of the table names.
 * @throws `InvalidArgumentError` if the prefix isn't a plain name
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite';
 * import { conversationChanges, postgresUpserts } from 'wa-coexist/coexistence';
 * import type { WebhookEvent } from 'wa-coexist/webhooks';
 *
 * const database = new PGlite();
 * async function mirror(event: WebhookEvent): Promise<void> {
 *   await database.transaction(async (transaction) => {
 *     for (const { text, values } of postgresUpserts(conversationChanges(event))) {
 *       await transaction.query(text, [...values]);
 *     }
 *   });
 * }
 * ```
 */
export function postgresUpserts(changes: readonly ConversationChange[], options: PostgresOptions = {}): readonly PostgresStatement[] {
  const prefix = prefixOf(options);
  return conversationTableNames.flatMap((table) => {
    const rows = postgresRows(table, changes);
    return rows === '[]' ? [] : [{ text: upsert(table, prefix), values: [rows] as const }];
  });
}

/**
 * Returns the rows of a table as a JSON array.
 *
 * @param table - The table.
 * @param changes - The changes of one or more events.
 */
export function postgresRows(table: ConversationTableName, changes: readonly ConversationChange[]): string {
  const rows = changes.filter((change) => change.table === table).map((change) => jsonRow(table, change.row));
  // Sort the rows to avoid deadlocks between transactions.
  return `[${rows.sort().join(',')}]`;
}

/**
 * Returns the expression that reads rows of {@link postgresRows} as a table `given`.
 *
 * @param table - The table.
 * @param json - An expression of type `jsonb`.
 */
export function recordset(table: ConversationTableName, json: string): string {
  const types: Readonly<Record<string, ColumnType>> = conversationTables[table].types;
  const columns = columnsOf(table).map((column) => `${columnName(column)} ${parameterTypes[types[column] ?? 'text']}`);
  return `jsonb_to_recordset(${json}) AS given (${columns.join(', ')})`;
}

function prefixOf({ prefix = 'wa_' }: PostgresOptions): string {
  if (!/^[a-z_][a-z0-9_]{0,30}$/i.test(prefix)) {
    throw new InvalidArgumentError('postgresSchema', 'prefix', 'must be a plain name: letters, digits and _, at most 31 characters');
  }
  return prefix;
}

function upsert(table: ConversationTableName, prefix: string): string {
  const rows = `SELECT * FROM ${recordset(table, '$1::jsonb')}`;
  return `${insertInto(table, `${prefix}${table}`)}\n${rows}\n${onConflict(table, postgresDialect)}`;
}

function jsonRow(table: ConversationTableName, row: ConversationChange['row']): string {
  const types: Readonly<Record<string, ColumnType>> = conversationTables[table].types;
  const members = Object.entries(row).map(([column, value]) => {
    const type = types[column] ?? 'text';
    const encoded = encode(value, type, (date) => date.toISOString());
    return `${JSON.stringify(columnName(column))}:${type === 'json' ? String(encoded) : JSON.stringify(encoded)}`;
  });
  return `{${members.join(',')}}`;
}

/** Returns the function for the ID that an ID was linked to last. */
function linkOf(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}link_of(of_number text, of_customer text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT link.same_as FROM ${prefix}links AS link WHERE link.phone_number_id = of_number AND link.customer_id = of_customer
  ORDER BY link.since DESC NULLS LAST, link.same_as DESC LIMIT 1
$$`;
}

function threadOf(prefix: string): string {
  return `CREATE OR REPLACE FUNCTION ${prefix}thread_of(of_number text, of_customer text) RETURNS text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE walk (id, steps) AS (
    SELECT of_customer COLLATE "C", 0
    UNION ALL
    SELECT link.id COLLATE "C", walk.steps + 1 FROM walk CROSS JOIN LATERAL (SELECT ${prefix}link_of(of_number, walk.id) AS id) AS link
    WHERE walk.steps < 64 AND link.id <> walk.id
  ), ring (id) AS (
    (SELECT id FROM walk ORDER BY steps DESC LIMIT 1)
    UNION
    SELECT link.id COLLATE "C" FROM ring CROSS JOIN LATERAL (SELECT ${prefix}link_of(of_number, ring.id) AS id) AS link
    WHERE link.id IS NOT NULL
  )
  SELECT min(id) FROM ring
$$`;
}
