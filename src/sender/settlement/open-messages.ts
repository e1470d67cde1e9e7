import type { Clock } from '../../runtime/clock.js';
import { extrasOf, type Job, type JobExtras, type OnResult, type SubmitOptions } from '../queue/job.js';
import type { SendResult } from '../send-result.js';

/** The messages of a number without an outcome: how many there are, and which belong to a key or an ID. */
export interface OpenMessages {
  readonly count: number;
  /** Whether all open messages are left to the next process. */
  readonly isSettled: boolean;
  /** When a message was open last, in monotonic milliseconds. */
  readonly lastAtMs: number;
  byKey(key: string): Job | undefined;
  byId(id: string): Job | undefined;
  begin(): void;
  /** Makes a message known by its key, and by its ID if callers have it. */
  name(job: Job, key: string | undefined, id: string | undefined): void;
  /** Forgets the key and the ID of a message. The key may belong to another one by now. */
  forget(job: Job): void;
  /** A message has its outcome, or that of another one. Call {@link ended} when its callers know. */
  remove(job: Job): void;
  ended(): void;
  /** After the closing: a message has no outcome here. */
  leave(job: Job): void;
  /** Resolves when no message is open. */
  drain(): Promise<void>;
  /** Resolves when {@link isSettled}. */
  settled(): Promise<void>;
}

/** Begins with no message. */
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

/** Adds the caller of a message to those of the open one with its key. */
export function joinTo(known: Job, onResult: OnResult, { durable, onDurable }: Pick<SubmitOptions, 'durable' | 'onDurable'>): void {
  const extras = extrasOf(known);
  (extras.joined ??= []).push(onResult);
  extras.durable ||= durable === true;
  if (!onDurable) return;
  if (extras.record === undefined) (extras.onDurable ??= []).push(onDurable);
  else onDurable(known);
}

/** Adds all callers of a message to those of another one. */
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

/** Tells the outcome of a message to all of its callers. */
export function callBack(job: Job, result: SendResult): void {
  job.onResult(result, job);
  for (const onResult of job.extras?.joined ?? []) onResult(result, job);
}
