import { PGlite, type Transaction } from '@electric-sql/pglite';
import type { Database, Queries } from './database.ts';

/** PostgreSQL in this process, for the demo and for tests. */
export async function openPglite(): Promise<Database> {
  const database = await PGlite.create();
  const queries = (connection: PGlite | Transaction): Queries => ({
    query: <Row>(text: string, values: (string | null)[] = []) => connection.query<Row>(text, values),
  });
  return {
    ...queries(database),
    transaction: (run) => database.transaction((transaction) => run(queries(transaction))),
    listen: async (channel, onMessage) => {
      await database.listen(channel, onMessage);
    },
    close: () => database.close(),
  };
}
