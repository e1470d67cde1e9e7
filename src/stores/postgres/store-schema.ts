import { checkPrefix, migrationOf, type PostgresNames } from './postgres-database.js';

/** Number of bytes of a key in the index. PostgreSQL limits an index row to 2,704 bytes. */
export const headBytes = 1_000;
/** A larger batch locks the table instead of each key, because PostgreSQL has few locks. */
const maxKeyLocks = 200;

/**
 * Returns the SQL that creates or upgrades the table and the function of {@link postgresStore}, as one statement. You
 * can run it repeatedly. `store.migrate()` runs the same statement.
 *
 * @param options - The prefix of all names.
 * @throws `InvalidArgumentError` if the prefix isn't a plain name
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { storeMigration } from 'wa-coexist/postgres';
 *
 * writeFileSync('migrations/001-wa-store.sql', storeMigration());
 * ```
 */
export function storeMigration({ prefix = 'wa_' }: PostgresNames = {}): string {
  return migrationOf(checkPrefix('storeMigration', prefix), 'store', [{ version: 1, statements: firstVersion(prefix) }]);
}

/**
 * A key is split, because an index row has a limited size: `head` contains its first bytes and `rest` the others.
 * `tail` is a digest of `rest`, or empty. All keys are bytes, so that the collation of the database doesn't matter.
 */
function firstVersion(prefix: string): readonly string[] {
  const table = `${prefix}store`;
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (
      head bytea NOT NULL,
      tail bytea NOT NULL,
      rest bytea NOT NULL,
      value text NOT NULL,
      version text NOT NULL,
      expires_at timestamptz,
      PRIMARY KEY (head, tail)
    )`,
    `CREATE INDEX IF NOT EXISTS ${table}_by_expiry ON ${table} (expires_at) WHERE expires_at IS NOT NULL`,
    writeFunction(table),
  ];
}

/**
 * Returns the function that applies a batch. It locks the keys first. Each statement of the function then sees all
 * data that was committed before it got the locks, so a failed condition is final and concurrent writers of other keys
 * don't wait. The locks end with the transaction.
 */
function writeFunction(table: string): string {
  return `CREATE OR REPLACE FUNCTION ${table}_write(operations text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  given jsonb := operations::jsonb;
  one record;
  found_version text;
BEGIN
  IF jsonb_array_length(given) > ${String(maxKeyLocks)} THEN
    LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE;
  ELSE
    LOCK TABLE ${table} IN ROW EXCLUSIVE MODE;
    PERFORM pg_advisory_xact_lock(locks.id) FROM (
      SELECT DISTINCT hashtextextended((o.value ->> 'head') || '.' || (o.value ->> 'tail'), '${table}'::regclass::oid::bigint) AS id
      FROM jsonb_array_elements(given) AS o ORDER BY 1
    ) AS locks;
  END IF;
  FOR one IN SELECT o.value ->> 'head' AS head, o.value ->> 'tail' AS tail, o.value ->> 'condition' AS condition
    FROM jsonb_array_elements(given) AS o WHERE o.value ->> 'condition' <> 'none'
  LOOP
    SELECT s.version INTO found_version FROM ${table} AS s
      WHERE s.head = decode(one.head, 'hex') AND s.tail = decode(one.tail, 'hex') AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp());
    -- The end of IF is the first THEN outside of parentheses.
    IF (CASE one.condition WHEN 'absent' THEN FOUND WHEN 'present' THEN NOT FOUND
      ELSE NOT FOUND OR 'version ' || found_version <> one.condition END)
    THEN
      RETURN false;
    END IF;
  END LOOP;
  FOR one IN SELECT o.value ->> 'head' AS head, o.value ->> 'tail' AS tail, o.value ->> 'rest' AS rest, o.value ->> 'value' AS new_value,
      o.value ->> 'version' AS new_version, (o.value ->> 'ttl')::float8 AS ttl
    FROM jsonb_array_elements(given) WITH ORDINALITY AS o ORDER BY o.ordinality
  LOOP
    IF one.new_value IS NULL THEN
      DELETE FROM ${table} AS s WHERE s.head = decode(one.head, 'hex') AND s.tail = decode(one.tail, 'hex');
    ELSE
      INSERT INTO ${table} AS s (head, tail, rest, value, version, expires_at)
      VALUES (decode(one.head, 'hex'), decode(one.tail, 'hex'), decode(one.rest, 'hex'), one.new_value, one.new_version,
        clock_timestamp() + one.ttl * interval '1 millisecond')
      ON CONFLICT (head, tail) DO UPDATE
        SET value = excluded.value, version = excluded.version, expires_at = excluded.expires_at;
    END IF;
  END LOOP;
  RETURN true;
END
$$`;
}
