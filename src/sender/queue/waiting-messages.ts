import type { Clock } from '../../runtime/clock.js';
import { createAbortSignals } from '../attempts/abort-signals.js';
import { createDeadlines } from './send-deadlines.js';
import { createDelayedMessages, type DelayedMessages } from './delayed-messages.js';
import type { Job, JobExtras } from './job.js';

/**
 * Messages that a guard or their `notBefore` delays, and the limits of all waiting messages: `expiresAt` and `signal`.
 */
export interface WaitingMessages {
  /** Messages that a guard delays. */
  readonly delayed: DelayedMessages;
  /** Watches the signal and the deadline of a message. Returns whether the message is scheduled and must not be queued yet. */
  add(job: Job): boolean;
  remove(job: Job): void;
  /** Removes and returns all delayed and scheduled messages. */
  clear(): readonly Job[];
  /** Stops watching deadlines. */
  close(): void;
}

/** Options of {@link createWaitingMessages}. */
export interface WaitingMessagesOptions {
  readonly clock: Clock;
  /** Receives messages that may join the queue of their recipient. */
  readonly onReady: (job: Job) => void;
  readonly onAbort: (job: Job, signal: AbortSignal) => void;
  readonly onExpired: (job: Job) => void;
}

/** Creates the registry, without messages. */
export function createWaitingMessages({ clock, onReady, onAbort, onExpired }: WaitingMessagesOptions): WaitingMessages {
  const signals = createAbortSignals<Job>(onAbort);
  const deadlines = createDeadlines<JobExtras>(clock, (due) => {
    for (const { job } of due) onExpired(job);
  });
  const delayed = createDelayedMessages(clock, onReady);
  /** Messages before their `notBefore`. */
  const scheduled = createDelayedMessages(clock, onReady);
  return {
    delayed,
    add(job) {
      const { extras } = job;
      if (!extras) return false;
      const { signal, expiresAtMs, notBeforeMs } = extras;
      if (signal) signals.add(signal, job);
      if (expiresAtMs !== undefined) deadlines.add(extras, expiresAtMs);
      if (notBeforeMs === undefined || notBeforeMs <= clock.now()) return false;
      scheduled.add(job, notBeforeMs);
      return true;
    },
    remove(job) {
      const { extras } = job;
      if (delayed.size > 0) delayed.remove(job);
      if (!extras) return;
      scheduled.remove(job);
      deadlines.remove(extras);
      if (extras.signal) signals.remove(extras.signal, job);
    },
    clear: () => [...delayed.clear(), ...scheduled.clear()],
    close() {
      deadlines.close();
    },
  };
}
