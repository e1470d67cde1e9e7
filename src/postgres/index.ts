/**
 * PostgreSQL adapters on your own driver: a durable store for many processes, and a mirror of conversations in tables.
 *
 * @module wa-coexist/postgres
 */

export { postgresStore, type PostgresStore, type PostgresStoreOptions } from '../stores/postgres/postgres-store.js';
export { storeMigration } from '../stores/postgres/store-schema.js';
export type { PostgresDatabase, PostgresNames } from '../stores/postgres/postgres-database.js';
export { postgresMirror, type PostgresMirrorOptions } from '../coexistence/mirror/postgres/postgres-mirror.js';
export { mirrorMigration } from '../coexistence/mirror/postgres/postgres-migration.js';
export type { PostgresMirror, PostgresMirrorAccess, PostgresThread } from '../coexistence/mirror/postgres/mirror-interface.js';
export type {
  ConversationThread,
  ErasureResult,
  ExportedRecord,
  MessageReaction,
  MirrorCustomer,
  MirroredEdit,
  MirroredMessage,
  MirrorPage,
  PageOptions,
} from '../coexistence/mirror/sqlite/mirror.js';
export {
  outboxMigration,
  postgresOutbox,
  type OutboxRelay,
  type OutboxRelayOptions,
  type OutboxSender,
  type PostgresOutbox,
} from '../sender/postgres/postgres-outbox.js';
