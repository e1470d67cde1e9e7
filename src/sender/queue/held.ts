import type { Clock } from '../../runtime/clock.js';
import { createDeadlines } from './deadlines.js';
import type { Job } from './job.js';
import type { Positioned } from './timeline.js';

/** Messages that a guard holds: out of their lanes, so that they hold up nobody, and back in them in their order when they are due. */
export interface Held {
  readonly size: number;
  /** Sets a message aside until a time by the wall clock. */
  add(job: Job, untilMs: number): void;
  /** Forgets a message, if it is held. */
  remove(job: Job): void;
  /** Brings back the messages that match, whether they are due or not. */
  release(which: (job: Job) => boolean): void;
  /** Takes out all. */
  clear(): readonly Job[];
}

interface Entry extends Positioned {
  readonly job: Job;
  /** Messages of one recipient are held in their order. */
  readonly number: number;
}

/** Holds messages, and hands each to `again` when its time has come. */
export function createHeld(clock: Clock, again: (job: Job) => void): Held {
  const byJob = new Map<Job, Entry>();
  let number = 0;
  const bringBack = (entries: readonly Entry[]): void => {
    for (const { job } of entries.toSorted((one, other) => one.number - other.number)) {
      remove(job);
      again(job);
    }
  };
  const deadlines = createDeadlines<Entry>(clock, bringBack);
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
      bringBack([...byJob.values()].filter(({ job }) => which(job)));
    },
    clear() {
      const jobs = [...byJob.keys()];
      byJob.clear();
      deadlines.close();
      return jobs;
    },
  };
}
