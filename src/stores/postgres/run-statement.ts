import type { PostgresDatabase, PostgresRow } from './postgres-database.js';
import { isConflict, postgresError } from './postgres-error.js';

const maxAttempts = 5;

/**
 * Runs a statement. It repeats a statement that failed because of another transaction.
 *
 * @param db - The database.
 * @param text - The statement.
 * @param values - The parameters.
 * @param command - Whether the statement writes.
 * @throws `StoreError`
 */
export async function runStatement(
  db: PostgresDatabase,
  text: string,
  values: (string | null)[],
  command: 'read' | 'write',
): Promise<readonly PostgresRow[]> {
  let conflict: unknown;
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    try {
      // Each row is an object, because the statements return named columns.
      return (await db.query(text, values)).rows as readonly PostgresRow[];
    } catch (error) {
      // In your transaction, the next attempt fails because the transaction is aborted.
      if (!isConflict(error)) throw postgresError(conflict ?? error, command);
      conflict = error;
    }
  }
  throw postgresError(conflict, command);
}
