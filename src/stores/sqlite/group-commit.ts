import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-error.js';

/** What {@link groupCommit} works with. */
export interface GroupCommitOptions {
  readonly database: DatabaseSync;
  /** Runs inside each transaction, after its works. */
  readonly beforeCommit?: (() => void) | undefined;
  /** Runs a function once the event loop has dealt with what is there already. */
  readonly nextTurn: (run: () => void) => void;
  readonly wait: (run: () => void, delayMs: number) => void;
}

/** Runs works in their order, those of one turn of the event loop in one transaction. */
export interface GroupCommit {
  /** Resolves with what `work` returned once that is committed. A work may run several times before. */
  run<Result>(work: () => Result): Promise<Result>;
  /** Whether nothing waits. */
  idle(): boolean;
  /** Resolves when everything asked for so far has been committed or refused. */
  settled(): Promise<void>;
}

interface Waiting {
  /** Runs the work; what it returns tells the caller, and is called after the commit only. */
  attempt(): () => void;
  refuse(error: unknown): void;
}

/** The most works of one transaction: beyond that the event loop would be held up for long. */
const longestGroup = 1_000;
/** With {@link busyTimeoutMs} and the waits in between, tries end after about ten seconds. */
const mostTries = 200;
const longestWaitMs = 50;

/** How long SQLite itself waits for another process, in milliseconds; it holds up the event loop meanwhile. */
export const busyTimeoutMs = 25;

/**
 * Makes durable commits affordable: a commit costs a round trip to the disk (0.2 ms and far more), however many writes are in it.
 * While another process holds the file, the group waits outside the event loop and tries again.
 */
export function groupCommit({ database, beforeCommit, nextTurn, wait }: GroupCommitOptions): GroupCommit {
  const waiting: Waiting[] = [];
  let tries = 0;
  /** How many of those that wait were in a group that failed: each goes by itself, so that the one at fault harms no other. */
  let alone = 0;
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');

  const transaction = (group: readonly Waiting[]): (() => void)[] => {
    begin.run();
    try {
      const tellers = group.map((one) => one.attempt());
      beforeCommit?.();
      commit.run();
      return tellers;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };
  const commitGroup = (): void => {
    const group = waiting.slice(0, alone > 0 ? 1 : longestGroup);
    let answers: readonly (() => void)[];
    tries += 1;
    try {
      answers = transaction(group);
    } catch (error) {
      if (isBusy(error) && tries < mostTries) {
        wait(commitGroup, 1 + Math.random() * (longestWaitMs - 1));
        return;
      }
      if (!isBusy(error) && group.length > 1) {
        alone = group.length;
        nextTurn(commitGroup);
        return;
      }
      answers = group.map((one) => () => {
        one.refuse(error);
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
        refuse: reject,
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
    // SQLite has already rolled back by itself, as it does when the disk is full.
  }
}
