import { describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { StoreError } from '../../errors/store-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { Clock } from '../../runtime/clock.js';
import { resolveClock } from '../../runtime/clock-guard.js';
import { resolveLogger } from '../../runtime/logger-guard.js';
import { storeOverTable } from '../entry-table.js';
import { expirySweep } from '../expiry-sweep.js';
import type { Store } from '../store.js';
import { groupCommit } from './group-commit.js';
import { openDatabase } from './open-database.js';
import { isBusy, sqliteError } from './sqlite-error.js';
import { schema, sqliteTable } from './sqlite-table.js';

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions {
  /**
   * Path of the database file. The file is created if needed, but its folder must exist. `:memory:` uses memory only.
   */
  readonly file: string;
  /**
   * Provides the time for expiry. Processes that share a file need synchronized clocks.
   * @defaultValue the system clock
   */
  readonly clock?: Clock | undefined;
}

/** A `Store` in a SQLite file. `await using` closes it. */
export interface SqliteStore extends Store, AsyncDisposable {
  /** Finishes pending writes and closes the file. Later calls reject. You can call it repeatedly. */
  close(): Promise<void>;
}

/**
 * Creates a durable store in one SQLite file, on Node's own `node:sqlite` (22.13 or later). Node 22 prints an
 * ExperimentalWarning, Node 24 doesn't.
 *
 * - **Durability.** After a write resolves, it survives a crash of the process and a power failure. The file is in WAL
 *   mode with `synchronous = FULL`, so each commit is written to the disk first. Some disks buffer writes, for example
 *   on macOS. A write that was pending at a crash is stored completely or not at all.
 * - **Speed.** Writes in the same turn of the event loop share one commit. So start related writes together without
 *   awaiting each one. SQLite is synchronous, so each commit blocks the event loop while the disk writes.
 * - **Expiry.** Expired keys are removed in the background, and free pages return to the file system. The timer doesn't
 *   keep the process alive. Files from before version 0.2 keep their free pages. To change that, run `PRAGMA
 *   auto_vacuum = INCREMENTAL; VACUUM;` on the file once, while no process uses it.
 * - **Sharing.** Several processes of one machine can open the same file. Network file systems aren't supported.
 * - **Access.** The file contains received messages, so restrict access to it. The store uses only the table
 *   `wa_coexist_entries`. You can add your own tables and a {@link sqliteMirror}.
 *
 * @param file - The path of the file, or the options.
 * @throws `InvalidArgumentError` if the path is missing
 * @throws `StoreError` if the file can't be opened. Methods reject with a `StoreError`, too: `busy` after another
 *   process locked the file for about ten seconds, `closed`, `not-json` or `failed`.
 *
 * @example
 * ```ts
 * import { sqliteStore } from 'wa-coexist/sqlite';
 *
 * const store = sqliteStore('whatsapp.db');
 * await store.setIfAbsent('seen/wamid.1', true, { ttlMs: 8 * 86_400_000 });
 * await store.close();
 * ```
 */
export function sqliteStore(file: string | SqliteStoreOptions): SqliteStore {
  return readOptions('sqliteStore', typeof file === 'string' ? { file } : file, openStore);
}

function openStore(options: SqliteStoreOptions): SqliteStore {
  if (typeof options.file !== 'string' || options.file === '' || options.file.includes('\0')) {
    throw new InvalidArgumentError('sqliteStore', 'file', `must be the path of a file, but is ${describeValue(options.file)}`);
  }
  const database = openDatabase(options.file, schema);
  const clock = resolveClock(options.clock, resolveLogger(undefined));
  const table = sqliteTable(database, clock, (atMs) => {
    sweep.expiresAt(atMs);
  });
  const commits = groupCommit(database);
  const sweep = expirySweep({ clock, removeExpired: () => commits.run(table.removeExpired) });
  sweep.expiresAt(table.nextExpiryMs() ?? Infinity);
  let closing: Promise<void> | undefined;

  const toError = (error: unknown): WhatsAppError => sqliteError(options.file, error);
  const write = <Result>(work: () => Result): Promise<Result> =>
    closing
      ? Promise.reject(new StoreError(`The store ${options.file} was closed.`, 'closed'))
      : commits.run(work).catch((error: unknown) => {
          throw toError(error);
        });
  /** Reads immediately if no write is pending. Otherwise it waits for its turn in the queue of writes. */
  const read = <Result>(work: () => Result): Promise<Result> => {
    if (closing || !commits.idle()) return write(work);
    try {
      return Promise.resolve(work());
    } catch (error) {
      return isBusy(error) ? write(work) : Promise.reject(toError(error));
    }
  };
  const close = (): Promise<void> => {
    sweep.close();
    return (closing ??= commits.settled().then(() => {
      database.close();
    }));
  };

  return { ...storeOverTable(table, { read, write }), close, [Symbol.asyncDispose]: close };
}
