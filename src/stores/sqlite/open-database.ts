import { DatabaseSync } from 'node:sqlite';
import { busyTimeoutMs } from './group-commit.js';
import { isBusy, sqliteError } from './sqlite-error.js';

/** With the waits in between, tries to open end after about ten seconds. */
const maxTries = 100;

/** Opens a database file so that a commit is on the disk before it counts, and makes the tables of a schema. */
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

/** Turning a new file to WAL needs it alone, and SQLite does not wait for that: several processes that start together take turns. */
function prepare(database: DatabaseSync, schema: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      database.exec(`PRAGMA busy_timeout = ${String(busyTimeoutMs)}`);
      // In a new file only, and before anything else is written to it: so that free pages can be returned to the file system.
      database.exec('PRAGMA auto_vacuum = INCREMENTAL');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      database.exec(schema);
      return;
    } catch (error) {
      if (!isBusy(error) || tries === maxTries) throw error;
      pause(1 + Math.random() * 100);
    }
  }
}

/** Holds up the thread: the store is opened by a call that does not return a promise. */
function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
