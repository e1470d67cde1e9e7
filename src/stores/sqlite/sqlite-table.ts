import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../runtime/clock.js';
import type { EntryTable } from '../entry-table.js';

/**
 * Keys are blobs, so that SQLite compares and sorts them by their UTF-8 bytes. The table has row ids: values may be megabytes, and an index
 * of the keys alone stays small.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS wa_coexist_entries (
    key BLOB PRIMARY KEY NOT NULL,
    value TEXT NOT NULL,
    version TEXT NOT NULL,
    expires_at_ms INTEGER
  );
  CREATE INDEX IF NOT EXISTS wa_coexist_entries_by_expiry ON wa_coexist_entries (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
`;

const live = '(expires_at_ms IS NULL OR expires_at_ms > ?)';

/** Every statement that runs on the table. */
export const statements: Readonly<Record<'find' | 'versionOf' | 'put' | 'remove' | 'list' | 'sweep', string>> = {
  find: `SELECT value, version FROM wa_coexist_entries WHERE key = ? AND ${live}`,
  versionOf: `SELECT version FROM wa_coexist_entries WHERE key = ? AND ${live}`,
  put: `INSERT INTO wa_coexist_entries (key, value, version, expires_at_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version, expires_at_ms = excluded.expires_at_ms`,
  remove: 'DELETE FROM wa_coexist_entries WHERE key = ?',
  list: `SELECT key, value, version FROM wa_coexist_entries WHERE key >= ? AND key < ? AND ${live} ORDER BY key LIMIT ?`,
  sweep: 'DELETE FROM wa_coexist_entries WHERE rowid IN (SELECT rowid FROM wa_coexist_entries WHERE expires_at_ms <= ? LIMIT ?)',
};

/** Expired rows are looked for when this many rows have been written, and at the first commit. */
const writesBetweenSweeps = 250;
/** How many expired rows go for each that was written: enough that none pile up, and few enough to take no time. */
const removalsPerWrite = 2;

/** A {@link EntryTable} in SQLite. */
export interface SqliteTable extends EntryTable {
  /** Removes expired rows now and then; runs inside a transaction. */
  readonly sweepNowAndThen: () => void;
}

/** The table of the store in an open database that has the {@link schema}. */
export function sqliteTable(database: DatabaseSync, clock: Clock): SqliteTable {
  const find = database.prepare(statements.find);
  const versionOf = database.prepare(statements.versionOf);
  const put = database.prepare(statements.put);
  const remove = database.prepare(statements.remove);
  const list = database.prepare(statements.list);
  const sweep = database.prepare(statements.sweep);
  // Unlike those of every other process and of every earlier opening of the file.
  const versionPrefix = randomBytes(9).toString('base64url');
  let lastVersion = 0;
  let writesSinceSweep = writesBetweenSweeps;

  return {
    find(key) {
      const row = find.get(bytesOf(key), clock.now());
      return row && { json: String(row.value), version: String(row.version) };
    },
    versionOf(key) {
      const row = versionOf.get(bytesOf(key), clock.now());
      return row && String(row.version);
    },
    put(key, json, ttlMs) {
      writesSinceSweep += 1;
      const version = `${versionPrefix}.${(lastVersion += 1).toString(36)}`;
      put.run(bytesOf(key), json, version, ttlMs === undefined ? null : Math.ceil(clock.now() + ttlMs));
      return version;
    },
    remove(key) {
      remove.run(bytesOf(key));
    },
    list(prefix, after, limit) {
      const start = bytesOf(prefix);
      const end = Buffer.concat([start, aboveUtf8]);
      const next = after === undefined ? start : Buffer.concat([bytesOf(after), leastByte]);
      return list.all(Buffer.compare(next, start) > 0 ? next : start, end, clock.now(), limit).map((row) => ({
        key: textOf(row.key),
        json: String(row.value),
        version: String(row.version),
      }));
    },
    sweepNowAndThen() {
      if (writesSinceSweep < writesBetweenSweeps) return;
      sweep.run(clock.now(), writesSinceSweep * removalsPerWrite);
      writesSinceSweep = 0;
    },
  };
}

/** No UTF-8 text has this byte: with it after a prefix, a key sorts above all that begin with the prefix. */
const aboveUtf8 = /* @__PURE__ */ Buffer.of(0xff);
/** A key followed by it sorts right after that key. */
const leastByte = /* @__PURE__ */ Buffer.of(0);

/** UTF-8, in which half of a surrogate pair alone becomes the replacement character. */
function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'utf8');
}

function textOf(key: unknown): string {
  // The column holds blobs, which node:sqlite gives as byte arrays.
  const { buffer, byteOffset, byteLength } = key as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}
