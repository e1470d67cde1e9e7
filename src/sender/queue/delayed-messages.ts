import type { Clock } from '../../runtime/clock.js';
import { createDeadlines } from './send-deadlines.js';
import type { Positioned } from './indexed-heap.js';
import type { Job } from './job.js';

/** Messages that wait for a time outside of the queue of their recipient, so that they don't delay other messages. */
export interface DelayedMessages {
  readonly size: number;
  /** Delays a message until the given wall-clock time. */
  add(job: Job, untilMs: number): void;
  /** Removes a message, if it is delayed. */
  remove(job: Job): void;
  /** Releases all matching messages now. */
  release(which: (job: Job) => boolean): void;
  /** Removes and returns all messages. */
  clear(): readonly Job[];
}

interface Entry extends Positioned {
  readonly job: Job;
  /** Messages of one recipient are released in the order in which they were delayed. */
  readonly number: number;
}

/** Delays messages, and passes each to `onDue` at its time. */
export function createDelayedMessages(clock: Clock, onDue: (job: Job) => void): DelayedMessages {
  const byJob = new Map<Job, Entry>();
  let number = 0;
  const releaseAll = (entries: readonly Entry[]): void => {
    for (const { job } of entries.toSorted((one, other) => one.number - other.number)) {
      remove(job);
      onDue(job);
    }
  };
  const deadlines = createDeadlines<Entry>(clock, releaseAll);
  const remove = (job: Job): void => {
    const entry = byJob.get(job);
    if (!entry) return;
    byJob.delete(job);
    deadlines.remove(entry);
  };
  return {
    get size() {
      return byJob.size;
    },
    add(job, untilMs) {
      const entry: Entry = { job, number: (number += 1), position: -1 };
      byJob.set(job, entry);
      deadlines.add(entry, untilMs);
    },
    remove,
    release(which) {
      releaseAll([...byJob.values()].filter(({ job }) => which(job)));
    },
    clear() {
      const jobs = [...byJob.keys()];
      byJob.clear();
      deadlines.close();
      return jobs;
    },
  };
}
