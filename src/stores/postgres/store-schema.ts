import { checkPrefix, migrationOf, type PostgresNames } from './postgres-database.js';

/** Number of bytes of a key in the index. PostgreSQL limits an index row to 2,704 bytes. */
export const headBytes = 1_000;
/** A larger batch locks all keys with one lock, because PostgreSQL has few locks. */
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
  return migrationOf(checkPrefix('storeMigration', prefix), { name: 'store', version: 2, statements: storeSchema(prefix) });
}

/**
 * A key is split, because an index row has a limited size: `head` contains its first bytes and `rest` the others.
 * `tail` is a digest of `rest`, or empty. All keys are bytes, so that the collation of the database doesn't matter.
 */
function storeSchema(prefix: string): readonly string[] {
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
    mergedWriteFunction(table),
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
    PERFORM pg_advisory_xact_lock(hashtextextended('${table}', 2));
  ELSE
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('${table}', 2));
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

/**
 * Returns the function that applies several batches of different keys, each of them completely or not at all. It never
 * waits: it skips batches with a key that another transaction has locked. It returns `true`, `false` (a condition
 * failed) or `null` (skipped) for each batch. `OFFSET 0` makes the planner look up each key in the index, because a plan
 * from a small table could read the whole table later.
 */
function mergedWriteFunction(table: string): string {
  const given = `jsonb_to_recordset(given) AS o (batch integer, head text, tail text, rest text, condition text, value text, version text, ttl float8)`;
  const key = `decode(o.head, 'hex'), decode(o.tail, 'hex')`;
  const found = `(SELECT s.ctid AS place, s.version, s.expires_at FROM ${table} AS s
      WHERE s.head = decode(o.head, 'hex') AND s.tail = decode(o.tail, 'hex') OFFSET 0) AS s`;
  return `CREATE OR REPLACE FUNCTION ${table}_write_many(operations text, batches integer) RETURNS text LANGUAGE plpgsql
  SET enable_seqscan = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  given jsonb := operations::jsonb;
  locked integer[];
  failed integer[];
BEGIN
  IF NOT pg_try_advisory_xact_lock_shared(hashtextextended('${table}', 2)) THEN
    RETURN (SELECT jsonb_agg(NULL::boolean)::text FROM generate_series(1, batches));
  END IF;
  locked := ARRAY(SELECT o.batch FROM ${given}
    WHERE NOT pg_try_advisory_xact_lock(hashtextextended(o.head || '.' || o.tail, '${table}'::regclass::oid::bigint)));
  failed := locked || ARRAY(SELECT o.batch FROM ${given} LEFT JOIN LATERAL ${found} ON s.expires_at IS NULL OR s.expires_at > clock_timestamp()
    WHERE CASE o.condition WHEN 'none' THEN false WHEN 'absent' THEN s.version IS NOT NULL WHEN 'present' THEN s.version IS NULL
      ELSE s.version IS NULL OR 'version ' || s.version <> o.condition END);
  DELETE FROM ${table} AS s WHERE s.ctid = ANY (ARRAY(
    SELECT s.place FROM ${given} CROSS JOIN LATERAL ${found} WHERE o.value IS NULL AND o.batch <> ALL (failed)
  ));
  INSERT INTO ${table} AS s (head, tail, rest, value, version, expires_at)
    SELECT ${key}, decode(o.rest, 'hex'), o.value, o.version, clock_timestamp() + o.ttl * interval '1 millisecond'
    FROM ${given} WHERE o.value IS NOT NULL AND o.batch <> ALL (failed)
    ON CONFLICT (head, tail) DO UPDATE SET value = excluded.value, version = excluded.version, expires_at = excluded.expires_at;
  RETURN (SELECT jsonb_agg(CASE WHEN n.batch = ANY (locked) THEN NULL ELSE n.batch <> ALL (failed) END ORDER BY n.batch)::text
    FROM generate_series(0, batches - 1) AS n(batch));
END
$$`;
}
