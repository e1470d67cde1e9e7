import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll } from 'vitest';
import { conversationChanges, postgresSchema, postgresUpserts } from 'wa-coexist/coexistence';
import type { ConversationEvent } from 'wa-coexist/coexistence';

/** The tables of a mirror without their prefix. */
export const tables = ['messages', 'edits', 'reactions', 'customers', 'aliases', 'owners'] as const;

/** A mirror in a PostgreSQL database that all tests of a file share. */
export interface PostgresMirror {
  readonly database: () => PGlite;
  readonly empty: () => Promise<void>;
}

/** Starts PostgreSQL with the schema before the tests of a file. Call it at the top of a test file. */
export function usePostgresMirror(): PostgresMirror {
  let database: PGlite | undefined;
  const started = (): PGlite => {
    if (!database) throw new Error('PostgreSQL is started before the first test.');
    return database;
  };
  beforeAll(async () => {
    database = new PGlite();
    await database.exec(postgresSchema());
  }, 120_000);
  afterAll(() => database?.close());
  return {
    database: started,
    empty: async () => {
      await started().exec(`TRUNCATE ${tables.map((table) => `wa_${table}`).join(', ')}`);
    },
  };
}

/** Writes events like a program, each in its own transaction. */
export async function addTo(database: PGlite, events: readonly ConversationEvent[]): Promise<void> {
  for (const event of events) {
    await database.transaction(async (transaction) => {
      for (const { text, values } of postgresUpserts(conversationChanges(event))) await transaction.query(text, [...values]);
    });
  }
}
