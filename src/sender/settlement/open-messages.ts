import type { Clock } from '../../runtime/clock.js';
import { extrasOf, type Job, type JobExtras, type OnResult, type SubmitOptions } from '../queue/job.js';
import type { SendResult } from '../send-result.js';

/** The messages of a number without an outcome, with their count, keys and IDs. */
export interface OpenMessages {
  readonly count: number;
  /** Whether all open messages were left to the next process. */
  readonly isSettled: boolean;
  /** When there was last an open message, in monotonic milliseconds. */
  readonly lastAtMs: number;
  byKey(key: string): Job | undefined;
  byId(id: string): Job | undefined;
  begin(): void;
  /** Registers a message by its key, and by its ID if callers know it. */
  name(job: Job, key: string | undefined, id: string | undefined): void;
  /** Removes the key and the ID of a message. The key may belong to another message now. */
  forget(job: Job): void;
  /**
   * Removes a message that has its outcome, or shares that of another one. Call {@link ended} when its callers know the
   * outcome.
   */
  remove(job: Job): void;
  ended(): void;
  /** Leaves a message to the next process, after closing. */
  leave(job: Job): void;
  /** Resolves when no message is open. */
  drain(): Promise<void>;
  /** Resolves when {@link isSettled} is true. */
  settled(): Promise<void>;
}

/** Creates the registry, without messages. */
export function createOpenMessages(clock: Clock, onIdle: () => void): OpenMessages {
  const keys = new Map<string, Job>();
  const ids = new Map<string, Job>();
  const left = new Set<Job>();
  const drains: (() => void)[] = [];
  let open = 0;
  let lastAtMs = clock.monotonic();
  let onSettled = (): void => undefined;

  return {
    get count() {
      return open;
    },
    get isSettled() {
      return open <= left.size;
    },
    get lastAtMs() {
      return lastAtMs;
    },
    byKey: (key) => keys.get(key),
    byId: (id) => ids.get(id),
    begin() {
      open += 1;
    },
    name(job, key, id) {
      if (id !== undefined) ids.set((extrasOf(job).knownId = id), job);
      if (key !== undefined) keys.set(key, job);
    },
    forget(job) {
      const { key, knownId }: Partial<JobExtras> = job.extras ?? {};
      if (knownId !== undefined) ids.delete(knownId);
      if (key !== undefined && keys.get(key) === job) keys.delete(key);
    },
    remove(job) {
      left.delete(job);
      open -= 1;
    },
    ended() {
      lastAtMs = clock.monotonic();
      if (open <= left.size) onSettled();
      if (open > 0) return;
      onIdle();
      for (const resolve of drains.splice(0)) resolve();
    },
    leave(job) {
      if (job.state !== 'over') left.add(job);
      if (open <= left.size) onSettled();
    },
    async drain() {
      if (open === 0) return;
      await new Promise<void>((resolve) => {
        drains.push(resolve);
      });
    },
    settled: () =>
      new Promise<void>((resolve) => {
        onSettled = resolve;
        if (open <= left.size) resolve();
      }),
  };
}

/** Adds the caller of a message to the callers of the open message with its key. */
export function joinTo(known: Job, onResult: OnResult, { durable, onDurable }: Pick<SubmitOptions, 'durable' | 'onDurable'>): void {
  const extras = extrasOf(known);
  (extras.joined ??= []).push(onResult);
  extras.durable ||= durable === true;
  if (!onDurable) return;
  if (extras.record === undefined) (extras.onDurable ??= []).push(onDurable);
  else onDurable(known);
}

/** Adds all callers of a message to the callers of another one. */
export function joinCallers(job: Job, known: Job): void {
  const { durable = false, joined = [], onDurable }: Partial<JobExtras> = job.extras ?? {};
  for (const onResult of [job.onResult, ...joined]) {
    const onKnown = (result: SendResult): void => {
      onResult(result, job);
    };
    joinTo(known, onKnown, { durable });
  }
  for (const notify of onDurable?.splice(0) ?? []) notify(job);
}

/** Passes the outcome of a message to all of its callers. */
export function callBack(job: Job, result: SendResult): void {
  job.onResult(result, job);
  for (const onResult of job.extras?.joined ?? []) onResult(result, job);
}
