/**
 * SQLite adapters on Node's own SQLite: a durable store, and a mirror of conversations in tables.
 *
 * @module wa-coexist/sqlite
 */

export { sqliteStore, type SqliteStore, type SqliteStoreOptions } from '../stores/sqlite/sqlite-store.js';
export { sqliteMirror, type SqliteMirrorOptions } from '../coexistence/mirror/sqlite/sqlite-mirror.js';
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
  SqliteMirror,
} from '../coexistence/mirror/sqlite/mirror.js';
