import { createIdentityRegister, type IdentityRegister } from '../identity/register.js';
import { conflict, untilWritten } from '../stores/records.js';
import type { Store } from '../stores/store.js';
import { beginTransaction } from '../stores/transaction.js';

/** The store as one piece of work sees it. One batch applies all writes of the work, or none. */
export interface Scope {
  readonly store: Store;
  readonly register: IdentityRegister;
  /** Runs a task after the writes are applied, for example to emit events. Tasks run in order. */
  readonly afterCommit: (task: () => Promise<void>) => void;
  /** Runs a part of the work. If the part fails, its writes and tasks are discarded. */
  readonly part: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * Runs a piece of work, applies its writes in one batch, and runs its tasks. The work starts again if another process
 * wrote the same keys, so it must not have side effects that can't be repeated.
 *
 * @param work - The work. It uses only the store of its scope.
 * @param onTaskError - Receives the errors of tasks, whose facts then stay pending. Without it, the promise rejects.
 * @returns the result of the work, after all tasks have run
 * @throws the error of the work. If a task fails, the error of the first failed task, after the other tasks have run.
 */
export type RunWork = <Result>(work: (scope: Scope) => Promise<Result>, onTaskError?: (error: unknown) => void) => Promise<Result>;

/**
 * Creates the function that runs pieces of work on a store.
 *
 * @param store - The store of all modules.
 */
export function createWork(store: Store): RunWork {
  return async (work, onTaskError) => {
    const { result, tasks } = await untilWritten(async () => {
      const transaction = beginTransaction(store);
      const planned: (() => Promise<void>)[] = [];
      const value = await work({
        store: transaction,
        register: createIdentityRegister(transaction),
        afterCommit: (task) => {
          planned.push(task);
        },
        part: async (partOfWork) => {
          const discard = transaction.savepoint();
          const { length } = planned;
          try {
            return await partOfWork();
          } catch (error) {
            discard();
            planned.length = length;
            throw error;
          }
        },
      });
      return (await transaction.commit()) ? { result: value, tasks: planned } : conflict;
    });
    await (onTaskError ? runAll(tasks).catch(onTaskError) : runAll(tasks));
    return result;
  };
}

/** Runs all tasks in order, even if some fail. @throws the error of a task, or an `AggregateError` of several */
export async function runAll(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const task of tasks) {
    await task().catch((error: unknown) => {
      errors.push(error);
    });
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `${String(errors.length)} tasks failed.`);
}
