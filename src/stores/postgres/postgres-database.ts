import { describeValue } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';

/** A row of a result. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/**
 * A connection to PostgreSQL: a `Pool` or `Client` of pg, a `PGlite`, or an adapter for another driver. All parameters
 * are strings or `null`. Each call is one statement, so a pool may run each call on another connection, and PgBouncer
 * may use its transaction mode.
 */
export interface PostgresDatabase {
  /** Runs one statement with the parameters `$1`, `$2` and so on. */
  query(text: string, values: (string | null)[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * Returns a text column.
 *
 * @param row - The row, if there is one.
 * @param column - The name of the column.
 */
export function textIn(row: PostgresRow | undefined, column: string): string | undefined {
  const value = row?.[column];
  return typeof value === 'string' ? value : undefined;
}

/** Options of the names in a database. */
export interface PostgresNames {
  /** The prefix of all names: letters, digits and `_`, at most 31 characters. @defaultValue `'wa_'` */
  readonly prefix?: string | undefined;
}

/** One part of the schema. */
export interface SchemaPart {
  readonly name: string;
  /** Increases with each change of the statements that a release contains. */
  readonly version: number;
  /** Statements that create the part in an empty database, and upgrade it from each earlier version. */
  readonly statements: readonly string[];
}

/**
 * Checks a database, for callers without TypeScript.
 *
 * @param caller - The function for the error message.
 * @param database - The value to check.
 * @throws `InvalidArgumentError`
 */
export function checkDatabase(caller: string, database: unknown): void {
  if (typeof database === 'object' && database !== null && 'query' in database && typeof database.query === 'function') return;
  throw new InvalidArgumentError(
    caller,
    'db',
    `must have a method query(text, values), like a Pool of pg, but is ${describeValue(database)}`,
  );
}

/**
 * Checks a prefix, which becomes a part of SQL.
 *
 * @param caller - The function for the error message.
 * @param prefix - The prefix.
 * @throws `InvalidArgumentError`
 */
export function checkPrefix(caller: string, prefix: string): string {
  if (/^[a-z_][a-z0-9_]{0,30}$/i.test(prefix)) return prefix;
  throw new InvalidArgumentError(caller, 'prefix', 'must be a plain name: letters, digits and _, at most 31 characters');
}

/**
 * Returns one SQL statement that creates a part of the schema or upgrades it. Processes that start together wait for
 * each other. The table `wa_schema` contains the current version. A program of an earlier version doesn't change a
 * newer schema.
 *
 * @param prefix - The checked prefix of all names.
 * @param part - The part.
 */
export function migrationOf(prefix: string, { name, version, statements }: SchemaPart): string {
  return `DO $migration$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('${prefix}schema', 0));
  CREATE TABLE IF NOT EXISTS ${prefix}schema (part text PRIMARY KEY, version integer NOT NULL, migrated_at timestamptz NOT NULL DEFAULT now());
  IF EXISTS (SELECT FROM ${prefix}schema AS s WHERE s.part = '${name}' AND s.version >= ${String(version)}) THEN RETURN; END IF;
${statements.map((statement) => `EXECUTE $statement$${statement}$statement$;`).join('\n')}
  INSERT INTO ${prefix}schema (part, version) VALUES ('${name}', ${String(version)})
    ON CONFLICT (part) DO UPDATE SET version = excluded.version, migrated_at = now();
END
$migration$;
`;
}
