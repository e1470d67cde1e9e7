import { createHash } from 'node:crypto';
import { textIn, type PostgresDatabase } from '../../../stores/postgres/postgres-database.js';
import { runStatement } from '../../../stores/postgres/run-statement.js';
import type { ConversationChange } from '../conversation-rows.js';
import { cleanText } from '../conversation-sql.js';
import { withoutErased } from '../view/erased-changes.js';
import type { ReadStatements } from './read-statements.js';

/** The erasures that a process knows. */
export interface KnownErasures {
  /** A value that changes with each erasure. It is `'0'` before the first one. */
  readonly mark: string;
  readonly key: string;
}

/**
 * Reads the mark of the latest erasure and the key of the digests.
 *
 * @param db - The database.
 * @param statements - The statements.
 */
export async function readErasures(db: PostgresDatabase, statements: ReadStatements): Promise<KnownErasures> {
  const [row] = await runStatement(db, statements.state, [], 'read');
  return { mark: textIn(row, 'erasures') ?? '0', key: textIn(row, 'digest_key') ?? '' };
}

/**
 * Removes the changes of erased people and messages.
 *
 * @param db - The database.
 * @param statements - The statements.
 * @param known - The known erasures.
 * @param changes - The changes of one or more events.
 */
export async function withoutForgotten(
  db: PostgresDatabase,
  statements: ReadStatements,
  known: KnownErasures,
  changes: readonly ConversationChange[],
): Promise<readonly ConversationChange[]> {
  if (known.mark === '0') return changes;
  const digestOf = (kind: string, phoneNumberId: string, id: string): string => {
    const inner = createHash('sha256')
      .update([known.key, kind, phoneNumberId, cleanText(id)].join('\n'))
      .digest();
    return createHash('sha256').update(known.key).update(inner).digest('hex');
  };
  const digests = new Set<string>();
  // The first pass collects the digests, and the second pass knows their erasures.
  withoutErased(changes, (kind, phoneNumberId, id) => {
    if (id !== undefined) digests.add(digestOf(kind, phoneNumberId, id));
    return -1;
  });
  const rows = await runStatement(db, statements.erasures, [JSON.stringify([...digests])], 'read');
  const until = new Map(rows.map((row) => [String(row['digest']), Number(row['until_ms'])]));
  return withoutErased(changes, (kind, phoneNumberId, id) =>
    id === undefined ? -1 : (until.get(digestOf(kind, phoneNumberId, id)) ?? -1),
  );
}
