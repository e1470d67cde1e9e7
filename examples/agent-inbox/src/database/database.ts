import type { PostgresDatabase } from 'wa-coexist/postgres';

/** A connection, inside or outside of a transaction. */
export interface Queries extends PostgresDatabase {
  query<Row = unknown>(text: string, values?: (string | null)[]): Promise<{ readonly rows: Row[] }>;
}

/** The database of the application: a PostgreSQL server, or PGlite in this process. */
export abstract class Database implements Queries {
  abstract query<Row = unknown>(text: string, values?: (string | null)[]): Promise<{ readonly rows: Row[] }>;
  /** Runs several statements. All of them are committed, or none. */
  abstract transaction<Result>(run: (transaction: Queries) => Promise<Result>): Promise<Result>;
  /** Calls `onMessage` for each notification of a channel, and `onGap` after notifications may have been lost. */
  abstract listen(channel: string, onMessage: (payload: string) => void, onGap: () => void): Promise<void>;
  abstract close(): Promise<void>;
}

/** Connects to a PostgreSQL server, or starts PGlite in memory. */
export async function openDatabase(url: string | undefined): Promise<Database> {
  if (url === undefined) return (await import('./pglite.ts')).openPglite();
  return (await import('./postgres-server.ts')).openPostgresServer(url);
}
