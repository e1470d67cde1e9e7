import PQueue from 'p-queue';

/** Runs requests, at most `concurrency` at the same time. */
export interface Executor {
  /** Whether one more request would start immediately. */
  readonly hasRoom: boolean;
  /** Number of requests in flight. */
  readonly running: number;
  /** Runs a task, which must not reject. */
  run(task: () => Promise<void>): void;
}

/**
 * Creates an executor on p-queue, which limits and counts the requests in flight. It starts every task immediately and
 * contains no backlog. The recipient queues decide the order, and the pacer decides the rate. Calls `onRoom` after each
 * task, when p-queue no longer counts it.
 */
export function createExecutor(concurrency: number, onRoom: () => void): Executor {
  const queue = new PQueue({ concurrency });
  queue.addEventListener('next', onRoom);
  return {
    get hasRoom() {
      return queue.pending < queue.concurrency;
    },
    get running() {
      return queue.pending;
    },
    run(task) {
      void queue.add(task);
    },
  };
}
