import { StoreError } from '../../errors/store-error.js';
import type { PostgresDatabase } from './postgres-database.js';
import { runStatement } from './run-statement.js';

/** A key in the format of the table, as hexadecimal text. */
export interface SplitKey {
  readonly head: string;
  readonly tail: string;
  readonly rest: string;
}

/** An operation in the format of the functions. */
export interface EncodedOperation extends SplitKey {
  readonly condition: string;
  /** `null` removes the key. */
  readonly value: string | null;
  readonly version: string | null;
  readonly ttl: number | null;
}

/** Applies a batch completely, or not at all if a condition fails. Returns whether the conditions hold. */
export type WriteBatch = (operations: readonly EncodedOperation[]) => Promise<boolean>;

/** A batch that waits for a statement. */
interface WaitingBatch {
  readonly operations: readonly EncodedOperation[];
  readonly keys: readonly string[];
  readonly resolve: (isWritten: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Number of operations of a merged statement. PostgreSQL reserves 64 locks for each connection. */
const maxOperations = 60;
/** Size of the values of a merged statement, in characters. */
const maxCharacters = 1_000_000;
/** Number of merged statements in flight. The batches of other calls wait for them, and share the next statement. */
const maxInFlight = 2;

/**
 * Returns the function that applies one batch by one statement.
 *
 * @param db - The database, or the caller's transaction.
 * @param table - The table.
 */
export function singleWrites(db: PostgresDatabase, table: string): WriteBatch {
  return async (operations) => {
    const [row] = await runStatement(db, `SELECT ${table}_write($1::text)::text AS written`, [JSON.stringify(operations)], 'write');
    return row?.['written'] === 'true';
  };
}

/**
 * Returns the function that applies batches, and merges batches of concurrent calls into one statement. A statement
 * needs one round trip and one commit, however many batches it contains. A merged statement never waits for the locks
 * of other transactions. Its batches with locked keys run alone.
 *
 * @param db - The database.
 * @param table - The table.
 */
export function mergedWrites(db: PostgresDatabase, table: string): WriteBatch {
  const writeAlone = singleWrites(db, table);
  let waiting: WaitingBatch[] = [];
  let inFlight = 0;

  const settleAlone = ({ operations, resolve, reject }: WaitingBatch): void => {
    writeAlone(operations).then(resolve, reject);
  };
  const writeGroup = async (group: readonly WaitingBatch[]): Promise<void> => {
    const operations = group.flatMap((one, batch) => one.operations.map((operation) => ({ ...operation, batch })));
    const text = `SELECT ${table}_write_many($1::text, $2::text::integer) AS written`;
    const [row] = await runStatement(db, text, [JSON.stringify(operations), String(group.length)], 'write');
    // The function returns this type.
    const written = JSON.parse(String(row?.['written'])) as readonly (boolean | null)[];
    for (const [index, batch] of group.entries()) {
      const isWritten = written[index];
      if (typeof isWritten === 'boolean') batch.resolve(isWritten);
      else settleAlone(batch);
    }
  };
  const writeNext = (): void => {
    while (inFlight < maxInFlight && waiting.length > 0) {
      const { group, rest } = nextGroup(waiting);
      waiting = rest;
      inFlight += 1;
      const [only] = group;
      const writing = group.length === 1 && only ? writeAlone(only.operations).then(only.resolve) : writeGroup(group);
      void writing
        .catch((error: unknown) => {
          // The statement wrote no data. Only the failing batch fails again.
          const canRunAlone = group.length > 1 && error instanceof StoreError && error.reason !== 'unknown';
          for (const batch of group) {
            if (canRunAlone) settleAlone(batch);
            else batch.reject(error);
          }
        })
        .finally(() => {
          inFlight -= 1;
          writeNext();
        });
    }
  };

  return (operations) => {
    const keys = operations.map(({ head, tail }) => `${head}.${tail}`);
    // A merged statement writes each key once.
    if (operations.length > maxOperations || new Set(keys).size < keys.length) return writeAlone(operations);
    return new Promise((resolve, reject) => {
      waiting.push({ operations, keys, resolve, reject });
      // Other calls of this turn share the statement.
      if (waiting.length === 1) queueMicrotask(writeNext);
    });
  };
}

/** Removes the next group from the queue. Batches with a key of an earlier batch stay behind it. */
function nextGroup(waiting: readonly WaitingBatch[]): { readonly group: readonly WaitingBatch[]; readonly rest: WaitingBatch[] } {
  const group: WaitingBatch[] = [];
  const rest: WaitingBatch[] = [];
  const keys = new Set<string>();
  let [operations, characters] = [0, 0];
  for (const batch of waiting) {
    const size = batch.operations.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    const fits = operations + batch.operations.length <= maxOperations && (operations === 0 || characters + size <= maxCharacters);
    if (fits && batch.keys.every((key) => !keys.has(key))) {
      group.push(batch);
      operations += batch.operations.length;
      characters += size;
    } else rest.push(batch);
    for (const key of batch.keys) keys.add(key);
  }
  return { group, rest };
}
