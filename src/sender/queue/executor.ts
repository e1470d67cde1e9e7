import PQueue from 'p-queue';

/** Runs requests, no more than a number of them at once. */
export interface Executor {
  /** Whether one more would run at once. */
  readonly hasRoom: boolean;
  /** How many are running. */
  readonly running: number;
  /** Runs a task, which must not reject. */
  run(task: () => Promise<void>): void;
}

/**
 * Makes an executor on p-queue, which is fed just in time and therefore never holds a backlog: the order of messages, their priorities
 * and their pace are settled before. `onRoom` is called whenever a task has ended.
 */
export function createExecutor(concurrency: number, onRoom: () => void): Executor {
  const queue = new PQueue({ concurrency });
  let running = 0;
  const ended = (): void => {
    running -= 1;
    onRoom();
  };
  return {
    get hasRoom() {
      return running < concurrency;
    },
    get running() {
      return running;
    },
    run(task) {
      running += 1;
      queue.add(task).then(ended, ended);
    },
  };
}
