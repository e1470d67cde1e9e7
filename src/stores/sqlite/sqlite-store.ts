import { setImmediate } from 'node:timers';
import { describeValue, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { StoreError } from '../../errors/store-error.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import { systemClock, type Clock } from '../../runtime/clock.js';
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
  /** Path of the database file; it is made if there is none, its folder must exist. `:memory:` keeps it in memory. */
  readonly file: string;
  /** Tells when keys expire. Processes that share a file need clocks that agree. @defaultValue the machine's clock */
  readonly clock?: Clock | undefined;
}

/** A {@link Store} in a SQLite file. `await using` closes it. */
export interface SqliteStore extends Store, AsyncDisposable {
  /** Finishes the writes that were asked for and closes the file. Every later call is refused; closing again does nothing. */
  close(): Promise<void>;
}

/**
 * A durable store in one SQLite file, on Node's own `node:sqlite` (22.13 or later; Node 22 prints an ExperimentalWarning, 24 does not).
 *
 * Once a write's promise resolves, the write outlives a crash of the process and a power cut: the file is in WAL mode with
 * `synchronous = FULL`, so every commit is on the disk before it counts (as far as the disk keeps its word; macOS may hold it in the
 * disk's cache). Writes asked for in the same turn of the event loop share one commit, which is what makes that affordable: write what
 * belongs together without waiting in between. A write that had not resolved at the crash is there whole or not at all.
 *
 * Expired keys are removed in the background, and free pages go back to the file system; the timer doesn't keep the process alive. Files that
 * were created before version 0.2 keep their free pages. To change that, run `PRAGMA auto_vacuum = INCREMENTAL; VACUUM;` on the file once,
 * while no process uses it.
 *
 * Several processes of one machine may open the same file; a network file system will not do. SQLite works synchronously, so each commit
 * holds up the event loop for as long as the disk takes. The file holds what the library stores, which includes received messages: keep it
 * where only your program reads. Its table is `wa_coexist_entries`; tables of your own beside it are left alone.
 *
 * @throws `InvalidArgumentError` without the path of a file, `StoreError` if the file cannot be opened. Methods reject with it: `busy` after another process held the file for about ten
 * seconds, `closed`, `not-json` or `failed`.
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
  const commits = groupCommit({
    database,
    nextTurn: (run) => void setImmediate(run),
    wait: (run, delayMs) => void systemClock.schedule(run, delayMs),
  });
  const sweep = expirySweep({ clock, removeExpired: () => commits.run(table.removeExpired) });
  sweep.expiresAt(table.nextExpiryMs() ?? Infinity);
  let closing: Promise<void> | undefined;

  const told = (error: unknown): WhatsAppError => sqliteError(options.file, error);
  const write = <Result>(work: () => Result): Promise<Result> =>
    closing
      ? Promise.reject(new StoreError(`The store ${options.file} was closed.`, 'closed'))
      : commits.run(work).catch((error: unknown) => {
          throw told(error);
        });
  /** At once where nothing waits to be written before it, or else in its place among the writes. */
  const read = <Result>(work: () => Result): Promise<Result> => {
    if (closing || !commits.idle()) return write(work);
    try {
      return Promise.resolve(work());
    } catch (error) {
      return isBusy(error) ? write(work) : Promise.reject(told(error));
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
