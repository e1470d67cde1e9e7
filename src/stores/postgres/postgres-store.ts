import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { readOptions } from '../../errors/check-options.js';
import { systemClock, type Clock } from '../../runtime/clock.js';
import { resolveClock } from '../../runtime/clock-guard.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import { checkKey, checkLimit, checkTtl } from '../check-operation.js';
import { decode, encode, inPromise } from '../entry-table.js';
import { expirySweep, type ExpirySweep, type SweepStep } from '../expiry-sweep.js';
import type { ListedEntry, Store, StoreOperation, WriteResult } from '../store.js';
import { checkDatabase, checkPrefix, type PostgresDatabase, type PostgresNames } from './postgres-database.js';
import { mergedWrites, singleWrites, type EncodedOperation, type SplitKey, type WriteBatch } from './merged-writes.js';
import { runStatement } from './run-statement.js';
import { headBytes, storeMigration } from './store-schema.js';

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions extends PostgresNames {
  /**
   * Decides when expired keys are removed in the background. Keys expire by the clock of the database.
   * @defaultValue the system clock
   */
  readonly clock?: Clock | undefined;
}

/** A `Store` in PostgreSQL. */
export interface PostgresStore extends Store {
  /** Creates or upgrades the table. Call it when your program starts, or run {@link storeMigration} in a migration. */
  migrate(): Promise<void>;
  /**
   * Returns the same store inside your transaction. Its writes are committed or rolled back together with your own
   * rows. Use it only until the transaction ends.
   *
   * @param transaction - The connection of your transaction.
   */
  withTransaction(transaction: PostgresDatabase): Store;
  /** Stops the background removal of expired keys. It doesn't close your database. */
  close(): Promise<void>;
}

/** About 30,000 years. Longer times count as unlimited. */
const maxTtlMs = 1e15;
/** Number of expired rows that one step of a sweep removes. */
const rowsPerStep = 500;
const alive = '(expires_at IS NULL OR expires_at > clock_timestamp())';

/**
 * Creates a store in PostgreSQL (13 or later), for any number of processes and machines. It uses your database object
 * and doesn't open or close it.
 *
 * - **Atomicity.** Each write and each batch is a part of one statement. It locks only its own keys, so writers of
 *   other keys don't wait. A batch of more than 200 operations locks all keys until it is done.
 * - **Speed.** Writes that are called while others are in flight share one statement and one commit. They stay
 *   independent: each one succeeds or fails by its own conditions.
 * - **Expiry.** Keys expire by the clock of the database. Expired rows are removed in the background. The timer doesn't
 *   keep the process alive.
 * - **Connections.** It uses no session state, no prepared statements and no session locks, so it works with PgBouncer
 *   in transaction mode.
 * - **Access.** The table contains received messages, so restrict access to it.
 *
 * @param db - Your database: an object with `query(text, values)`.
 * @param options - The prefix of the table, and the clock.
 * @throws `InvalidArgumentError` if the database has no `query` method. Methods reject with a `StoreError`: `busy` after
 *   conflicts with other transactions, `unknown` if the connection was lost during a write, `not-json` or `failed`.
 *
 * @example
 * ```ts
 * import { Pool } from 'pg';
 * import { postgresStore } from 'wa-coexist/postgres';
 *
 * const store = postgresStore(new Pool());
 * await store.migrate();
 * await store.setIfAbsent('seen/wamid.1', true, { ttlMs: 8 * 86_400_000 });
 * ```
 */
export function postgresStore(db: PostgresDatabase, options: PostgresStoreOptions = {}): PostgresStore {
  const { prefix = 'wa_', clock: given } = readOptions('postgresStore', options, (copy) => copy);
  checkDatabase('postgresStore', db);
  const table = `${checkPrefix('postgresStore', prefix)}store`;
  const clock = given === undefined ? systemClock : resolveClock(given, resolveLogger(undefined));
  const sweep = expirySweep({ clock, removeExpired: () => removeExpired(db, table, clock) });
  let isSweeping = false;
  const expires = (ttlMs: number): void => {
    // Another process may have left expired keys.
    if (!isSweeping) sweep.expiresAt(clock.now());
    isSweeping = true;
    sweep.expiresAt(clock.now() + ttlMs);
  };
  return {
    ...storeOn(db, table, expires, mergedWrites(db, table)),
    migrate: async () => {
      await runStatement(db, storeMigration({ prefix }), [], 'write');
    },
    withTransaction(transaction) {
      checkDatabase('withTransaction', transaction);
      return storeOn(transaction, table, expires, singleWrites(transaction, table));
    },
    close() {
      sweep.close();
      return Promise.resolve();
    },
  };
}

async function removeExpired(db: PostgresDatabase, table: string, clock: Clock): Promise<SweepStep> {
  try {
    const rows = await runStatement(
      db,
      `WITH gone AS (
        DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM ${table} WHERE expires_at <= clock_timestamp() LIMIT ${String(rowsPerStep)} FOR UPDATE SKIP LOCKED
        )) RETURNING 1
      )
      SELECT (SELECT count(*) FROM gone)::text AS removed,
        (SELECT extract(epoch FROM min(expires_at) - clock_timestamp()) * 1000 FROM ${table} WHERE expires_at > clock_timestamp())::text AS next_ms`,
      [],
      'write',
    );
    if (Number(rows[0]?.['removed']) >= rowsPerStep) return 'more';
    const nextMs = rows[0]?.['next_ms'];
    return typeof nextMs === 'string' ? clock.now() + Number(nextMs) : undefined;
  } catch {
    // The connection may be closed permanently. The next write with an expiry starts the sweep again.
    return undefined;
  }
}

function storeOn(db: PostgresDatabase, table: string, expires: ExpirySweep['expiresAt'], writeBatch: WriteBatch): Store {
  // Unique across all processes and stores.
  const writer = randomBytes(9).toString('base64url');
  let lastVersion = 0;
  const newVersion = (): string => `${writer}.${(lastVersion += 1).toString(36)}`;
  const write: WriteBatch = (operations) => {
    for (const { ttl } of operations) if (ttl !== null) expires(ttl);
    return writeBatch(operations);
  };
  const writeOne = (operation: Exclude<StoreOperation, { type: 'delete' }>): Promise<WriteResult> =>
    inPromise(async () => {
      const version = newVersion();
      return (await write([encoded(operation, version)])) ? { written: true, version } : { written: false };
    });
  return {
    get: (key) =>
      inPromise(async () => {
        checkKey('key', key);
        const { head, tail } = splitKey(key);
        const text = `SELECT value, version FROM ${table} WHERE head = decode($1::text, 'hex') AND tail = decode($2::text, 'hex') AND ${alive}`;
        const [row] = await runStatement(db, text, [head, tail], 'read');
        return row && { value: decode(String(row['value'])), version: String(row['version']) };
      }),
    set: (key, value, setOptions) => writeOne({ ...setOptions, type: 'set', key, value }),
    setIfAbsent: (key, value, setOptions) => writeOne({ ...setOptions, type: 'setIfAbsent', key, value }),
    delete: (key, { ifVersion } = {}) =>
      inPromise(() => {
        checkKey('key', key);
        const condition = ifVersion === undefined ? 'present' : `version ${ifVersion}`;
        return write([{ ...splitKey(key), condition, value: null, version: null, ttl: null }]);
      }),
    list: (prefix, { after, limit }) =>
      inPromise(async () => {
        checkKey('prefix', prefix);
        if (after !== undefined) checkKey('after', after);
        checkLimit(limit);
        return listed(db, table, prefix, after, Math.min(Math.max(Math.floor(limit), 0), Number.MAX_SAFE_INTEGER));
      }),
    batch: (operations) =>
      inPromise(async () => {
        const versions = operations.map(({ type }) => (type === 'delete' ? undefined : newVersion()));
        const all = operations.map((operation, index) => encoded(operation, versions[index] ?? null));
        return (all.length === 0 || (await write(all))) && versions;
      }),
  };
}

async function listed(
  db: PostgresDatabase,
  table: string,
  prefix: string,
  after: string | undefined,
  limit: number,
): Promise<readonly ListedEntry[]> {
  const first = Buffer.from(prefix);
  // A key followed by a zero byte sorts directly after the key. UTF-8 text never contains 255.
  const next = after === undefined ? first : Buffer.concat([Buffer.from(after), Buffer.of(0)]);
  const start = splitBytes(Buffer.compare(next, first) > 0 ? next : first);
  const end = splitBytes(Buffer.concat([first, Buffer.of(0xff)]));
  const bytes = (place: number): string => `decode($${String(place)}::text, 'hex')`;
  const rows = await runStatement(
    db,
    `SELECT encode(head || rest, 'hex') AS key, value, version FROM ${table}
    WHERE (head, rest) >= (${bytes(1)}, ${bytes(2)}) AND (head, rest) < (${bytes(3)}, ${bytes(4)}) AND head >= ${bytes(1)} AND head <= ${bytes(3)}
      AND ${alive}
    ORDER BY head, rest LIMIT $5::text::bigint`,
    [start.head, start.rest, end.head, end.rest, String(limit)],
    'read',
  );
  return rows.map(({ key, value, version }) => ({
    key: Buffer.from(String(key), 'hex').toString(),
    value: decode(String(value)),
    version: String(version),
  }));
}

function encoded(operation: StoreOperation, version: string | null): EncodedOperation {
  checkKey('key', operation.key);
  const key = splitKey(operation.key);
  if (operation.type === 'setIfAbsent') {
    return { ...key, condition: 'absent', value: encode(operation.value), version, ttl: ttlOf(operation.ttlMs) };
  }
  const condition = operation.ifVersion === undefined ? 'none' : `version ${operation.ifVersion}`;
  if (operation.type === 'delete') return { ...key, condition, value: null, version, ttl: null };
  return { ...key, condition, value: encode(operation.value), version, ttl: ttlOf(operation.ttlMs) };
}

function ttlOf(ttlMs: number | undefined): number | null {
  checkTtl(ttlMs);
  if (ttlMs === undefined || ttlMs > maxTtlMs) return null;
  return ttlMs > 0 ? Math.ceil(ttlMs) : 0;
}

function splitKey(key: string): SplitKey {
  return splitBytes(Buffer.from(key));
}

function splitBytes(bytes: Buffer): SplitKey {
  const rest = bytes.subarray(headBytes);
  const tail = rest.length === 0 ? '' : createHash('sha256').update(rest).digest('hex');
  return { head: bytes.subarray(0, headBytes).toString('hex'), tail, rest: rest.toString('hex') };
}
