import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../runtime/clock.js';
import type { EntryTable } from '../entry-table.js';
import type { SweepStep } from '../expiry-sweep.js';

/**
 * Keys are blobs, so that SQLite compares and sorts them by their UTF-8 bytes. The table has row IDs, so that the index
 * of the keys stays small although values may have megabytes.
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

/** All statements that run on the table. */
export const statements: Readonly<Record<'find' | 'versionOf' | 'put' | 'remove' | 'list' | 'sweep' | 'nextExpiry', string>> = {
  find: `SELECT value, version FROM wa_coexist_entries WHERE key = ? AND ${live}`,
  versionOf: `SELECT version FROM wa_coexist_entries WHERE key = ? AND ${live}`,
  put: `INSERT INTO wa_coexist_entries (key, value, version, expires_at_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version, expires_at_ms = excluded.expires_at_ms`,
  remove: 'DELETE FROM wa_coexist_entries WHERE key = ?',
  list: `SELECT key, value, version FROM wa_coexist_entries WHERE key >= ? AND key < ? AND ${live} ORDER BY key LIMIT ?`,
  sweep: 'DELETE FROM wa_coexist_entries WHERE rowid IN (SELECT rowid FROM wa_coexist_entries WHERE expires_at_ms <= ? LIMIT ?)',
  nextExpiry: 'SELECT expires_at_ms FROM wa_coexist_entries WHERE expires_at_ms IS NOT NULL ORDER BY expires_at_ms LIMIT 1',
};

/** Number of expired rows that one step of a sweep removes. It takes a few milliseconds. */
const rowsPerStep = 500;
/**
 * Number of free pages that one step returns to the file system, and that stay in the file for the next writes (1 MB).
 */
const pagesPerStep = 256;
const sparePages = 256;

/** An {@link EntryTable} in SQLite. */
export interface SqliteTable extends EntryTable {
  /**
   * Runs one step of a sweep inside a transaction: it removes expired rows, and then returns free pages to the file
   * system.
   */
  readonly removeExpired: () => SweepStep;
  /** Returns the time of the next expiry. */
  readonly nextExpiryMs: () => number | undefined;
}

/**
 * Creates the table of the store.
 *
 * @param database - An open database with the {@link schema}.
 * @param clock - Provides the time for expiry.
 * @param onExpiry - Called with the expiry of each written row.
 */
export function sqliteTable(database: DatabaseSync, clock: Clock, onExpiry: (atMs: number) => void): SqliteTable {
  const find = database.prepare(statements.find);
  const versionOf = database.prepare(statements.versionOf);
  const put = database.prepare(statements.put);
  const remove = database.prepare(statements.remove);
  const list = database.prepare(statements.list);
  const sweep = database.prepare(statements.sweep);
  const nextExpiry = database.prepare(statements.nextExpiry);
  const freePages = database.prepare('PRAGMA freelist_count');
  const returnPages = database.prepare(`PRAGMA incremental_vacuum(${String(pagesPerStep)})`);
  // Unique across all processes and all openings of the file.
  const versionPrefix = randomBytes(9).toString('base64url');
  let lastVersion = 0;

  const countFree = (): number => Number(freePages.get()?.freelist_count);
  const nextExpiryMs = (): number | undefined => {
    const row = nextExpiry.get();
    return row && Number(row.expires_at_ms);
  };

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
      const version = `${versionPrefix}.${(lastVersion += 1).toString(36)}`;
      const expiresAtMs = ttlMs === undefined ? undefined : Math.ceil(clock.now() + ttlMs);
      put.run(bytesOf(key), json, version, expiresAtMs ?? null);
      if (expiresAtMs !== undefined) onExpiry(expiresAtMs);
      return version;
    },
    remove(key) {
      remove.run(bytesOf(key));
    },
    list(prefix, after, limit) {
      const start = bytesOf(prefix);
      const end = Buffer.concat([start, aboveUtf8]);
      const next = after === undefined ? start : Buffer.concat([bytesOf(after), minByte]);
      return list.all(Buffer.compare(next, start) > 0 ? next : start, end, clock.now(), limit).map((row) => ({
        key: textOf(row.key),
        json: String(row.value),
        version: String(row.version),
      }));
    },
    removeExpired() {
      const { changes } = sweep.run(clock.now(), rowsPerStep);
      if (Number(changes) === rowsPerStep) return 'more';
      const before = countFree();
      if (before > sparePages) {
        returnPages.all();
        // A file from before version 0.2 keeps its free pages.
        if (countFree() < before) return 'more';
      }
      return nextExpiryMs();
    },
    nextExpiryMs,
  };
}

/** UTF-8 text never contains this byte. A prefix followed by it sorts after all keys with the prefix. */
const aboveUtf8 = /* @__PURE__ */ Buffer.of(0xff);
/** A key followed by this byte sorts directly after the key. */
const minByte = /* @__PURE__ */ Buffer.of(0);

/** Encodes as UTF-8. An unpaired surrogate becomes the replacement character. */
function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'utf8');
}

function textOf(key: unknown): string {
  // The column contains blobs, which node:sqlite returns as byte arrays.
  const { buffer, byteOffset, byteLength } = key as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}
