import type { Clock } from '../../runtime/clock.js';
import { createAbortSignals } from '../attempts/abort-signals.js';
import { createDeadlines } from './deadlines.js';
import { createHeld, type Held } from './held.js';
import { extrasOf, type Job, type JobExtras, type SubmitOptions } from './job.js';

/** What messages wait for besides their turn: a guard, their `notBefore`, and the ends of their patience. */
export interface WaitingMessages {
  /** Messages that a guard holds. */
  readonly held: Held;
  /** Watches the signal and the deadline of a message. Returns whether the message is scheduled, so that it must not be queued yet. */
  add(job: Job, options: SubmitOptions): boolean;
  remove(job: Job): void;
  /** Takes out all that are held or scheduled. */
  clear(): readonly Job[];
  /** Ends the watch of deadlines. */
  close(): void;
}

/** What {@link createWaitingMessages} works with. */
export interface WaitingMessagesOptions {
  readonly clock: Clock;
  /** A message may try to leave. */
  readonly onReady: (job: Job) => void;
  readonly onAbort: (job: Job, signal: AbortSignal) => void;
  readonly onExpired: (job: Job) => void;
}

/** Begins with no message. */
export function createWaitingMessages({ clock, onReady, onAbort, onExpired }: WaitingMessagesOptions): WaitingMessages {
  const signals = createAbortSignals<Job>(onAbort);
  const deadlines = createDeadlines<JobExtras>(clock, (due) => {
    for (const { job } of due) onExpired(job);
  });
  const held = createHeld(clock, onReady);
  /** Messages before their `notBefore`. */
  const scheduled = createHeld(clock, onReady);
  return {
    held,
    add(job, { signal, expiresAt, notBefore }) {
      if (signal) signals.add(signal, job);
      if (expiresAt) deadlines.add(extrasOf(job), expiresAt.getTime());
      if (!notBefore || notBefore.getTime() <= clock.now()) return false;
      scheduled.add(job, notBefore.getTime());
      return true;
    },
    remove(job) {
      held.remove(job);
      scheduled.remove(job);
      const { extras } = job;
      if (!extras) return;
      deadlines.remove(extras);
      if (extras.signal) signals.remove(extras.signal, job);
    },
    clear: () => [...held.clear(), ...scheduled.clear()],
    close() {
      deadlines.close();
    },
  };
}
