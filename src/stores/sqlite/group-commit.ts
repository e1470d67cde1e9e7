import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-error.js';

/** Options of {@link groupCommit}. */
export interface GroupCommitOptions {
  readonly database: DatabaseSync;
  /** Runs at the end of each transaction. */
  readonly beforeCommit?: (() => void) | undefined;
  /** Runs a function after the current events of the event loop. */
  readonly nextTurn: (run: () => void) => void;
  readonly wait: (run: () => void, delayMs: number) => void;
}

/** Runs tasks in order. All tasks of one turn of the event loop share a transaction. */
export interface GroupCommit {
  /** Resolves with the result of `work` after its commit. A task may run several times before. */
  run<Result>(work: () => Result): Promise<Result>;
  /** Whether no task is pending. */
  idle(): boolean;
  /** Resolves when all current tasks are committed or rejected. */
  settled(): Promise<void>;
}

interface Waiting {
  /** Runs the task. Returns a function that resolves the caller's promise after the commit. */
  attempt(): () => void;
  reject(error: unknown): void;
}

/** Maximum number of tasks per transaction, so that the event loop isn't blocked for long. */
const maxGroupSize = 1_000;
/** With {@link busyTimeoutMs} and the waits in between, the attempts end after about ten seconds. */
const maxTries = 200;
const maxWaitMs = 50;

/** How long SQLite waits for another process, in milliseconds. It blocks the event loop. */
export const busyTimeoutMs = 25;

/**
 * Creates a queue that commits tasks in groups. A commit needs at least one write to the disk (0.2 ms or far more),
 * however many writes it contains. While another process locks the file, the group waits outside the event loop and
 * retries.
 *
 * @param options - The database and the timers.
 */
export function groupCommit({ database, beforeCommit, nextTurn, wait }: GroupCommitOptions): GroupCommit {
  const waiting: Waiting[] = [];
  let tries = 0;
  /**
   * Number of tasks from a failed group. Each of them runs in its own transaction, so that the failing task doesn't
   * affect the others.
   */
  let alone = 0;
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');

  const transaction = (group: readonly Waiting[]): (() => void)[] => {
    begin.run();
    try {
      const callbacks = group.map((one) => one.attempt());
      beforeCommit?.();
      commit.run();
      return callbacks;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };
  const commitGroup = (): void => {
    const group = waiting.slice(0, alone > 0 ? 1 : maxGroupSize);
    let answers: readonly (() => void)[];
    tries += 1;
    try {
      answers = transaction(group);
    } catch (error) {
      if (isBusy(error) && tries < maxTries) {
        wait(commitGroup, 1 + Math.random() * (maxWaitMs - 1));
        return;
      }
      if (!isBusy(error) && group.length > 1) {
        alone = group.length;
        nextTurn(commitGroup);
        return;
      }
      answers = group.map((one) => () => {
        one.reject(error);
      });
    }
    waiting.splice(0, group.length);
    alone = Math.max(0, alone - group.length);
    tries = 0;
    for (const answer of answers) answer();
    if (waiting.length > 0) nextTurn(commitGroup);
  };

  const run = <Result>(work: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting.push({
        attempt() {
          const result = work();
          return () => {
            resolve(result);
          };
        },
        reject,
      });
      if (waiting.length === 1) nextTurn(commitGroup);
    });

  return {
    run,
    idle: () => waiting.length === 0,
    settled: () => (waiting.length === 0 ? Promise.resolve() : run(() => undefined).catch(() => undefined)),
  };
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite has already rolled back, for example because the disk is full.
  }
}
