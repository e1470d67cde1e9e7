/**
 * PostgreSQL adapters on your own driver: a durable store for many processes, and a mirror of conversations in tables.
 *
 * @module wa-coexist/postgres
 */

export { postgresStore, type PostgresStore, type PostgresStoreOptions } from '../stores/postgres/postgres-store.js';
export { storeMigration } from '../stores/postgres/store-schema.js';
export type { PostgresDatabase, PostgresNames } from '../stores/postgres/postgres-database.js';
