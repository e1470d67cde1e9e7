import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { LaneJob, Rank } from './lanes.js';
import type { SendResult } from './send-result.js';
import type { Priority } from './sender.js';
import type { Positioned } from './timeline.js';

/** Told the outcome of a message, once. */
export type OnResult = (result: SendResult, job: Job) => void;

/** A message on its way through the sender. There may be a million of them, so what few need is apart. */
export interface Job extends LaneJob<Job> {
  readonly message: OutgoingMessage;
  readonly rank: Rank;
  /** It waits, its request has left, or its outcome is known. */
  state: 'waiting' | 'left' | 'over';
  /** How often its request has left. */
  tries: number;
  readonly onResult: OnResult;
  extras: JobExtras | undefined;
}

/** What some messages have. Its place is that among the deadlines. */
export interface JobExtras extends Positioned {
  readonly job: Job;
  readonly key: string | undefined;
  readonly expiresAtMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Id of the send, from its first try on. */
  sendId: string | undefined;
  /** Whether the ledger holds it. */
  recorded: boolean;
  /** Further calls with the same key while it is open. */
  joined: OnResult[] | undefined;
}

const rankOf: Readonly<Record<Priority, Rank>> = { high: 0, normal: 1, low: 2 };

/** Makes a message of a priority ready to queue. */
export function createJob(message: OutgoingMessage, priority: Priority, onResult: OnResult): Job {
  return { message, rank: rankOf[priority], state: 'waiting', tries: 0, onResult, next: undefined, extras: undefined };
}

/** What is apart of a message, made when it is first asked for. */
export function extrasOf(job: Job, facts: Partial<Pick<JobExtras, 'key' | 'expiresAtMs' | 'signal'>> = {}): JobExtras {
  return (job.extras ??= {
    job,
    key: facts.key,
    expiresAtMs: facts.expiresAtMs,
    signal: facts.signal,
    sendId: undefined,
    recorded: false,
    joined: undefined,
    position: -1,
  });
}
