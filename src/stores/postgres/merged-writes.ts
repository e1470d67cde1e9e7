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
  readonly keys: ReadonlySet<string>;
  /** Whether a statement may also contain other batches. */
  readonly canMerge: boolean;
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
 * of other transactions. Its batches with locked keys run alone. Batches with a common key are applied in the order of
 * the calls.
 *
 * @param db - The database.
 * @param table - The table.
 */
export function mergedWrites(db: PostgresDatabase, table: string): WriteBatch {
  const writeAlone = singleWrites(db, table);
  let waiting: WaitingBatch[] = [];
  let isScheduled = false;
  let inFlight = 0;
  /** Keys of the batches in flight. */
  const keysInFlight = new Set<string>();

  const release = ({ keys }: WaitingBatch): void => {
    for (const key of keys) keysInFlight.delete(key);
  };
  const settleAlone = (batch: WaitingBatch): void => {
    const { operations, resolve, reject } = batch;
    void writeAlone(operations)
      .then(resolve, reject)
      .finally(() => {
        release(batch);
        writeNext();
      });
  };
  const writeGroup = async (group: readonly WaitingBatch[]): Promise<void> => {
    const operations = group.flatMap((one, batch) => one.operations.map((operation) => ({ ...operation, batch })));
    const text = `SELECT ${table}_write_many($1::text, $2::text::integer) AS written`;
    const [row] = await runStatement(db, text, [JSON.stringify(operations), String(group.length)], 'write');
    // The function returns this type.
    const written = JSON.parse(String(row?.['written'])) as readonly (boolean | null)[];
    for (const [index, batch] of group.entries()) {
      const isWritten = written[index];
      if (typeof isWritten !== 'boolean') {
        settleAlone(batch);
        continue;
      }
      batch.resolve(isWritten);
      release(batch);
    }
  };
  /** Writes the batches of a group that failed. Their statement wrote no data, and only the failing batch fails again. */
  const retryGroup = (group: readonly WaitingBatch[], error: unknown): void => {
    const canRunAlone = group.length > 1 && error instanceof StoreError && error.reason !== 'unknown';
    for (const batch of group) {
      if (canRunAlone) {
        settleAlone(batch);
        continue;
      }
      batch.reject(error);
      release(batch);
    }
  };
  const writeNext = (): void => {
    while (inFlight < maxInFlight && waiting.length > 0) {
      const { group, rest } = nextGroup(waiting, keysInFlight);
      const [only] = group;
      if (!only) return;
      waiting = rest;
      inFlight += 1;
      for (const { keys } of group) for (const key of keys) keysInFlight.add(key);
      const writing =
        group.length > 1
          ? writeGroup(group)
          : writeAlone(only.operations).then((isWritten) => {
              only.resolve(isWritten);
              release(only);
            });
      void writing
        .catch((error: unknown) => {
          retryGroup(group, error);
        })
        .finally(() => {
          inFlight -= 1;
          writeNext();
        });
    }
  };

  return (operations) =>
    new Promise((resolve, reject) => {
      const keys = new Set(operations.map(({ head, tail }) => `${head}.${tail}`));
      // A merged statement writes each key once.
      const canMerge = operations.length <= maxOperations && keys.size === operations.length;
      waiting.push({ operations, keys, canMerge, resolve, reject });
      if (isScheduled) return;
      isScheduled = true;
      // Other calls of this turn share the statement.
      queueMicrotask(() => {
        isScheduled = false;
        writeNext();
      });
    });
}

/**
 * Removes the next group from the queue. Batches with a key of an earlier batch, or of one in flight, stay behind it.
 */
function nextGroup(
  waiting: readonly WaitingBatch[],
  keysInFlight: ReadonlySet<string>,
): { readonly group: readonly WaitingBatch[]; readonly rest: WaitingBatch[] } {
  const group: WaitingBatch[] = [];
  const rest: WaitingBatch[] = [];
  const keys = new Set(keysInFlight);
  let [operations, characters] = [0, 0];
  for (const batch of waiting) {
    const size = batch.operations.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    const isWithinLimits = operations + batch.operations.length <= maxOperations && characters + size <= maxCharacters;
    const fits = group.length === 0 || (group[0]?.canMerge === true && batch.canMerge && isWithinLimits);
    if (fits && [...batch.keys].every((key) => !keys.has(key))) {
      group.push(batch);
      operations += batch.operations.length;
      characters += size;
    } else rest.push(batch);
    for (const key of batch.keys) keys.add(key);
  }
  return { group, rest };
}
