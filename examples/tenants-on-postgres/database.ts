import { PGlite } from '@electric-sql/pglite';
import { postgresSchema } from 'wa-coexist/coexistence';

/** What is used of Postgres. `pg` fits: see the README. */
export interface Transaction {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}
export interface Database extends Transaction {
  /** All of it or nothing. */
  transaction<Result>(run: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** The tables of the platform; those of the conversations are the library's. */
export const schema: string = `
  CREATE TABLE IF NOT EXISTS tenants (waba_id text PRIMARY KEY, tenant text NOT NULL, token bytea NOT NULL, expires_at timestamptz);
  CREATE TABLE IF NOT EXISTS tickets (tenant text, customer text, opened_at timestamptz NOT NULL, PRIMARY KEY (tenant, customer));
  ${postgresSchema()}`;

/** Postgres in this process, in a folder or (without one) in memory. */
export async function openPglite(folder?: string): Promise<Database> {
  const database = await PGlite.create(folder);
  await database.exec(schema);
  return {
    query: (text, values) => database.query<Record<string, unknown>>(text, values),
    transaction: (run) =>
      database.transaction((transaction) => run({ query: (text, values) => transaction.query<Record<string, unknown>>(text, values) })),
    close: () => database.close(),
  };
}
