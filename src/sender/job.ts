import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import { defined } from '../runtime/json.js';
import type { SendGuard, SendGuardContext } from './guard.js';
import type { LaneJob, Rank } from './lanes.js';
import { priorityOf, rankOf, type Priority } from './priority.js';
import type { SendResult } from './send-result.js';
import type { Positioned } from './timeline.js';

/** Told the outcome of a message, once. */
export type OnResult = (result: SendResult, job: Job) => void;

/** What a message is queued with. */
export interface SubmitOptions {
  /** Names the send in its statuses: at most 23 characters, none of them a colon. @defaultValue one that no other sender makes */
  readonly id?: string;
  /** A message with a key that is open joins it; one with a key on record has the outcome that is on record. */
  readonly key?: string;
  readonly priority?: Priority;
  readonly expiresAt?: Date;
  readonly campaignId?: string;
  readonly signal?: AbortSignal;
  readonly guard?: SendGuard;
}

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
  readonly campaignId: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly guard: SendGuard | undefined;
  /** Id of the send, from its first try on. */
  sendId: string | undefined;
  /** Whether the ledger holds it. */
  recorded: boolean;
  /** Further calls with the same key while it is open. */
  joined: OnResult[] | undefined;
}

/** Makes a message ready to queue. */
export function createJob(message: OutgoingMessage, priority: Priority, onResult: OnResult, options: SubmitOptions): Job {
  const job: Job = { message, rank: rankOf[priority], state: 'waiting', tries: 0, onResult, next: undefined, extras: undefined };
  const { id, key, expiresAt, campaignId, signal, guard } = options;
  if (id !== undefined || key !== undefined || expiresAt || campaignId !== undefined || signal || guard) extrasOf(job, options);
  return job;
}

/** What is apart of a message, made when it is first asked for. */
export function extrasOf(job: Job, { id, key, expiresAt, campaignId, signal, guard }: SubmitOptions = {}): JobExtras {
  return (job.extras ??= {
    job,
    key,
    expiresAtMs: expiresAt?.getTime(),
    campaignId,
    signal,
    guard,
    sendId: id,
    recorded: false,
    joined: undefined,
    position: -1,
  });
}

/** What a guard is told of a message. */
export function contextOf({ rank, extras }: Job, phoneNumberId: string): SendGuardContext {
  return { phoneNumberId, priority: priorityOf[rank], ...defined({ key: extras?.key, campaignId: extras?.campaignId }) };
}
