import { checkMethods, readOptions } from '../../errors/check-options.js';
import { StoreError } from '../../errors/store-error.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { resolveClock } from '../../runtime/clock-guard.js';
import type { Clock } from '../../runtime/clock.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import { checkKey, checkLimit, checkTtl } from '../check-operation.js';
import { decode, encode, inPromise } from '../entry-table.js';
import type { BatchResult, ListedEntry, Store, StoreEntry, StoreOperation, WriteResult } from '../store.js';
import type { D1Database, D1Statement, D1Value } from './d1-database.js';

/** Options of {@link d1Store}. */
export interface D1StoreOptions {
  /** Provides the time for expiry. @defaultValue the clock of the Worker */
  readonly clock?: Clock | undefined;
}

/** A `Store` on D1. */
export interface D1Store extends Store {
  /**
   * Removes expired keys from the database. Expired keys are absent for all other methods, so you only need it to save space. Call it in
   * the `scheduled` handler of your Worker.
   *
   * @returns the number of removed keys, at most 1,000.
   */
  removeExpired(): Promise<number>;
}

/**
 * The tables of {@link d1Store}, for a migration of your database: `wrangler d1 migrations create DATABASE wa-coexist`. The statements
 * don't change existing tables.
 */
export const d1Schema = `CREATE TABLE IF NOT EXISTS wa_coexist_entries (
  key BLOB PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  version TEXT NOT NULL,
  expires_at_ms INTEGER
);
CREATE INDEX IF NOT EXISTS wa_coexist_entries_by_expiry ON wa_coexist_entries (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
CREATE TABLE IF NOT EXISTS wa_coexist_batches (id TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
`;

const live = '(expires_at_ms IS NULL OR expires_at_ms > ?)';
const columns = 'key, value, version, expires_at_ms';
const replace = 'value = excluded.value, version = excluded.version, expires_at_ms = excluded.expires_at_ms';
const isOpen = 'EXISTS (SELECT 1 FROM wa_coexist_batches WHERE id = ?)';

/** D1 runs no statements between those of a batch. A row in `wa_coexist_batches` says whether all conditions were met. */
const statements = {
  find: `SELECT value, version FROM wa_coexist_entries WHERE key = ? AND ${live}`,
  put: `INSERT INTO wa_coexist_entries (${columns}) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET ${replace}`,
  putIfAbsent: `INSERT INTO wa_coexist_entries (${columns}) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET ${replace} WHERE wa_coexist_entries.expires_at_ms <= ? RETURNING version`,
  putIfVersion: `UPDATE wa_coexist_entries SET value = ?, version = ?, expires_at_ms = ? WHERE key = ? AND version = ? AND ${live} RETURNING version`,
  remove: `DELETE FROM wa_coexist_entries WHERE key = ? AND ${live} RETURNING version`,
  removeIfVersion: `DELETE FROM wa_coexist_entries WHERE key = ? AND ${live} AND version = ? RETURNING version`,
  list: `SELECT key, value, version FROM wa_coexist_entries WHERE key >= ? AND key < ? AND ${live} ORDER BY key LIMIT ?`,
  removeExpired:
    'DELETE FROM wa_coexist_entries WHERE key IN (SELECT key FROM wa_coexist_entries WHERE expires_at_ms <= ? LIMIT 1000) RETURNING version',
  openBatch: 'INSERT INTO wa_coexist_batches (id) VALUES (?)',
  unlessAbsent: `DELETE FROM wa_coexist_batches WHERE id = ? AND EXISTS (SELECT 1 FROM wa_coexist_entries WHERE key = ? AND ${live})`,
  unlessVersion: `DELETE FROM wa_coexist_batches WHERE id = ?
    AND NOT EXISTS (SELECT 1 FROM wa_coexist_entries WHERE key = ? AND ${live} AND version = ?)`,
  putInBatch: `INSERT INTO wa_coexist_entries (${columns}) SELECT ?, ?, ?, ? WHERE ${isOpen} ON CONFLICT (key) DO UPDATE SET ${replace}`,
  removeInBatch: `DELETE FROM wa_coexist_entries WHERE key = ? AND ${isOpen}`,
  closeBatch: 'DELETE FROM wa_coexist_batches WHERE id = ? RETURNING id',
} as const;

/**
 * Creates a store on a Cloudflare D1 database. All Workers and queue consumers with this database share it. It passes `storeContract`.
 *
 * Create the tables first, with {@link d1Schema} in a migration. D1 limits a row to 2 MB (Cloudflare, D1 limits, 2026), so use
 * `mode: 'enqueue'` with a queue instead of the inbox. D1 has one writer at a time, so it suits up to some hundred events per second.
 *
 * @param database - The database from `env`.
 * @param options - The clock. See {@link D1StoreOptions}.
 * @returns the store.
 * @throws `InvalidArgumentError` if the database is no D1 database. Methods reject with a `StoreError`.
 *
 * @example
 * ```ts
 * import { d1Store, type D1Database } from 'wa-coexist/d1';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * interface Env {
 *   readonly DB: D1Database;
 *   readonly WHATSAPP_APP_SECRET: string;
 *   readonly WHATSAPP_VERIFY_TOKEN: string;
 * }
 *
 * export default {
 *   fetch(request: Request, env: Env): Promise<Response> {
 *     const { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = env;
 *     const webhooks = createWebhooks({ appSecret, verifyToken, store: d1Store(env.DB) });
 *     webhooks.on('message', ({ message }) => {
 *       console.log(message.id);
 *     });
 *     return webhooks.fetch(request);
 *   },
 *   async scheduled(_event: unknown, env: Env): Promise<void> {
 *     await d1Store(env.DB).removeExpired();
 *   },
 * };
 * ```
 */
export function d1Store(database: D1Database, options: D1StoreOptions = {}): D1Store {
  return readOptions('d1Store', options, (checked) => {
    checkMethods('d1Store', 'database', database, ['prepare', 'batch']);
    return openStore(database, resolveClock(checked.clock, resolveLogger(undefined)));
  });
}

function openStore(database: D1Database, clock: Clock): D1Store {
  const entries = new D1Entries(database, clock);
  return {
    get: (key) => inPromise(() => entries.get(key)),
    set: (key, value, options) => inPromise(() => entries.put({ ...options, type: 'set', key, value })),
    setIfAbsent: (key, value, options) => inPromise(() => entries.put({ ...options, type: 'setIfAbsent', key, value })),
    delete: (key, { ifVersion } = {}) => inPromise(() => entries.delete(key, ifVersion)),
    list: (prefix, { after, limit }) => inPromise(() => entries.list(prefix, after, limit)),
    batch: (operations) => inPromise(() => entries.batch(operations)),
    removeExpired: () => entries.removeExpired(),
  };
}

class D1Entries {
  readonly #database: D1Database;
  readonly #clock: Clock;

  constructor(database: D1Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    checkKey('key', key);
    const [row] = await this.#rows('find', bytesOf(key), this.#clock.now());
    return row && { value: decode(String(row['value'])), version: String(row['version']) };
  }

  async put(operation: Exclude<StoreOperation, { type: 'delete' }>): Promise<WriteResult> {
    const { key, ttlMs } = operation;
    checkKey('key', key);
    checkTtl(ttlMs);
    const [id, json, version, expiresAtMs] = [bytesOf(key), encode(operation.value), newVersion(), this.#expiryOf(ttlMs)];
    const written: WriteResult = { written: true, version };
    if (operation.type === 'setIfAbsent') {
      return (await this.#rows('putIfAbsent', id, json, version, expiresAtMs, this.#clock.now())).length > 0 ? written : { written: false };
    }
    if (operation.ifVersion !== undefined) {
      const rows = await this.#rows('putIfVersion', json, version, expiresAtMs, id, operation.ifVersion, this.#clock.now());
      return rows.length > 0 ? written : { written: false };
    }
    await this.#rows('put', id, json, version, expiresAtMs);
    return written;
  }

  async delete(key: string, ifVersion: string | undefined): Promise<boolean> {
    checkKey('key', key);
    const rows =
      ifVersion === undefined
        ? await this.#rows('remove', bytesOf(key), this.#clock.now())
        : await this.#rows('removeIfVersion', bytesOf(key), this.#clock.now(), ifVersion);
    return rows.length > 0;
  }

  async list(prefix: string, after: string | undefined, limit: number): Promise<readonly ListedEntry[]> {
    checkKey('prefix', prefix);
    if (after !== undefined) checkKey('after', after);
    checkLimit(limit);
    const most = Math.min(Math.max(Math.floor(limit), 0), Number.MAX_SAFE_INTEGER);
    const start = bytesOf(prefix);
    const next = after === undefined ? start : bytesOf(after, minByte);
    const from = compareBytes(next, start) > 0 ? next : start;
    const rows = await this.#rows('list', from, bytesOf(prefix, aboveUtf8), this.#clock.now(), most);
    return rows.map((row) => ({
      key: textOf(row['key']),
      value: decode(String(row['value'])),
      version: String(row['version']),
    }));
  }

  async batch(operations: readonly StoreOperation[]): Promise<BatchResult> {
    const batchId = crypto.randomUUID();
    const conditions: D1Statement[] = [];
    const writes: D1Statement[] = [];
    const versions: (string | undefined)[] = [];
    for (const operation of operations) {
      checkKey('key', operation.key);
      const condition = this.#condition(operation, batchId);
      if (condition) conditions.push(condition);
      const { write, version } = this.#write(operation, batchId);
      writes.push(write);
      versions.push(version);
    }
    if (operations.length === 0) return [];
    const all = [this.#prepare('openBatch', batchId), ...conditions, ...writes, this.#prepare('closeBatch', batchId)];
    const results = await attempt(() => this.#database.batch(all));
    return results.at(-1)?.results.length === 1 ? versions : false;
  }

  async removeExpired(): Promise<number> {
    return (await this.#rows('removeExpired', this.#clock.now())).length;
  }

  /** The statement that closes the batch early if the condition of an operation fails. */
  #condition(operation: StoreOperation, batchId: string): D1Statement | undefined {
    const id = bytesOf(operation.key);
    if (operation.type === 'setIfAbsent') return this.#prepare('unlessAbsent', batchId, id, this.#clock.now());
    const { ifVersion } = operation;
    return ifVersion === undefined ? undefined : this.#prepare('unlessVersion', batchId, id, this.#clock.now(), ifVersion);
  }

  #write(operation: StoreOperation, batchId: string): { readonly write: D1Statement; readonly version: string | undefined } {
    const id = bytesOf(operation.key);
    if (operation.type === 'delete') return { write: this.#prepare('removeInBatch', id, batchId), version: undefined };
    checkTtl(operation.ttlMs);
    const version = newVersion();
    const expiresAtMs = this.#expiryOf(operation.ttlMs);
    return { write: this.#prepare('putInBatch', id, encode(operation.value), version, expiresAtMs, batchId), version };
  }

  #prepare(name: keyof typeof statements, ...values: D1Value[]): D1Statement {
    return this.#database.prepare(statements[name]).bind(...values);
  }

  async #rows(name: keyof typeof statements, ...values: D1Value[]): Promise<readonly Record<string, unknown>[]> {
    return (await attempt(() => this.#prepare(name, ...values).all())).results;
  }

  /** D1 binds no infinite numbers. */
  #expiryOf(ttlMs = Infinity): number | null {
    return ttlMs === Infinity ? null : Math.max(0, Math.ceil(this.#clock.now() + ttlMs));
  }
}

/** @throws `StoreError` without values if D1 fails. */
async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WhatsAppError) throw error;
    const text = error instanceof Error ? error.message : '';
    if (text.includes('no such table')) {
      throw new StoreError('The D1 store failed: its tables are missing. Apply d1Schema in a migration.', 'failed', { cause: error });
    }
    if (text.includes('SQLITE_')) throw new StoreError('The D1 store failed: D1 rejected the statement.', 'failed', { cause: error });
    throw new StoreError('The connection to D1 was lost. The call wrote all of its data or no data.', 'unknown', { cause: error });
  }
}

function newVersion(): string {
  return crypto.randomUUID();
}

/** UTF-8 text never contains this byte. A prefix followed by it sorts after all keys with the prefix. */
const aboveUtf8 = 0xff;
/** A key followed by this byte sorts directly after the key. */
const minByte = 0;

/** Encodes as UTF-8, with one more byte at the end if it is given. An unpaired surrogate becomes the replacement character. */
function bytesOf(key: string, lastByte?: number): ArrayBuffer {
  const text = new TextEncoder().encode(key);
  const bytes = new Uint8Array(text.length + (lastByte === undefined ? 0 : 1));
  bytes.set(text);
  if (lastByte !== undefined) bytes[text.length] = lastByte;
  return bytes.buffer;
}

function compareBytes(one: ArrayBuffer, other: ArrayBuffer): number {
  const [left, right] = [new Uint8Array(one), new Uint8Array(other)];
  const difference = left.findIndex((byte, index) => byte !== right[index]);
  if (difference === -1) return left.length - right.length;
  return (left[difference] ?? 0) - (right[difference] ?? -1);
}

/** D1 returns blobs as lists of numbers. */
function textOf(key: unknown): string {
  const bytes = key instanceof ArrayBuffer ? new Uint8Array(key) : Uint8Array.from(key as ArrayLike<number>);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
