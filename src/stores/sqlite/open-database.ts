import { DatabaseSync } from 'node:sqlite';
import { busyTimeoutMs } from './group-commit.js';
import { isBusy, sqliteError } from './sqlite-error.js';

/** With the waits in between, the attempts to open the file end after about ten seconds. */
const maxTries = 100;

/**
 * Opens a database file with durable commits, and creates the tables of a schema.
 *
 * @param file - The path of the file.
 * @param schema - The statements of the schema.
 * @throws `StoreError` if the file can't be opened
 */
export function openDatabase(file: string, schema: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    prepare(database, schema);
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(file, error);
  }
}

/**
 * Prepares the database. Switching a new file to WAL needs exclusive access, and SQLite doesn't wait for it. Processes
 * that start together therefore retry.
 */
function prepare(database: DatabaseSync, schema: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      database.exec(`PRAGMA busy_timeout = ${String(busyTimeoutMs)}`);
      // Only effective in a new file and before any other write. It lets free pages return to the file system.
      database.exec('PRAGMA auto_vacuum = INCREMENTAL');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      // Many transactions change the same pages. A larger log (usually up to 16 MB) is copied to the file less often.
      database.exec('PRAGMA wal_autocheckpoint = 4000');
      database.exec('PRAGMA cache_size = -16384');
      database.exec(schema);
      return;
    } catch (error) {
      if (!isBusy(error) || tries === maxTries) throw error;
      pause(1 + Math.random() * 100);
    }
  }
}

/** Blocks the thread because opening a store is synchronous. */
function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
