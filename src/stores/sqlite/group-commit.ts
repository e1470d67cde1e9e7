import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers';
import { systemClock } from '../../runtime/clock.js';
import { isBusy } from './sqlite-error.js';

/** The timers of {@link groupCommit}. */
export interface GroupTimers {
  /** Runs a function after the current events of the event loop. */
  readonly nextTurn: (run: () => void) => void;
  readonly wait: (run: () => void, delayMs: number) => void;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
}

/** SQLite blocks the process in real time, whatever the clock of the store is. */
const systemTimers: GroupTimers = {
  nextTurn: (run) => void setImmediate(run),
  wait: (run, delayMs) => void systemClock.schedule(run, delayMs),
  monotonic: () => systemClock.monotonic(),
};

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

/**
 * After this time in milliseconds, a transaction starts no further task, so that the event loop isn't blocked for long.
 */
const maxGroupMs = 10;
/**
 * Number of callers that receive their results in one turn of the event loop, because each of them may then have work
 * to do.
 */
const answersPerTurn = 50;
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
 * @param database - The database.
 * @param timers - @defaultValue the timers of the system
 */
export function groupCommit(database: DatabaseSync, timers: GroupTimers = systemTimers): GroupCommit {
  const { nextTurn, wait, monotonic } = timers;
  const waiting: Waiting[] = [];
  /** Whether a group is scheduled, or is delivering its results. */
  let isScheduled = false;
  let tries = 0;
  /**
   * Number of tasks from a failed group. Each of them runs in its own transaction, so that the failing task doesn't
   * affect the others.
   */
  let alone = 0;
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');

  /** Adds the tasks that it starts to `started`. */
  const transaction = (started: Waiting[]): (() => void)[] => {
    begin.run();
    try {
      const callbacks: (() => void)[] = [];
      const endsAtMs = monotonic() + maxGroupMs;
      for (const one of waiting) {
        started.push(one);
        callbacks.push(one.attempt());
        if (alone > 0 || monotonic() >= endsAtMs) break;
      }
      commit.run();
      return callbacks;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };
  const commitGroup = (): void => {
    const started: Waiting[] = [];
    let answers: readonly (() => void)[];
    let group: readonly Waiting[] = started;
    tries += 1;
    try {
      answers = transaction(started);
    } catch (error) {
      // Without a transaction, all tasks fail.
      if (started.length === 0) group = [...waiting];
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
    deliver(answers);
  };
  /** Calls the callbacks of a group, then commits the next one. */
  const deliver = (answers: readonly (() => void)[]): void => {
    for (const answer of answers.slice(0, answersPerTurn)) answer();
    const rest = answers.slice(answersPerTurn);
    if (rest.length > 0) {
      nextTurn(() => {
        deliver(rest);
      });
    } else if (waiting.length > 0) {
      nextTurn(commitGroup);
    } else {
      isScheduled = false;
    }
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
      if (isScheduled) return;
      isScheduled = true;
      nextTurn(commitGroup);
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
