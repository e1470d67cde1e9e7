/**
 * A durable store in one file, on Node's own SQLite.
 *
 * @module wa-coexist/sqlite
 */

export { sqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite-store.js';
