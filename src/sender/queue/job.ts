import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { defined } from '../../runtime/json.js';
import type { MessageCategory, SendGuard, SendGuardContext } from '../guard.js';
import type { LaneJob, Rank } from './lanes.js';
import { priorityOf, rankOf, type SendPriority } from './priority.js';
import type { SendResult } from '../send-result.js';
import type { Positioned } from './timeline.js';

/** Told the outcome of a message, once. */
export type OnResult = (result: SendResult, job: Job) => void;

/**
 * What is to become of a message whose outcome is unknown: it is reported and not sent again, or sent again at the risk that it arrives
 * twice (at-least-once).
 */
export type OnUnknown = 'report' | 'resend';

/** What a message is queued with. */
export interface SubmitOptions {
  /** Names the send in its statuses: at most 23 characters, none of them a colon. @defaultValue one that no other sender makes */
  readonly id?: string | undefined;
  /** A message with a key that is open joins it; one with a key on record has the outcome that is on record. */
  readonly key?: string | undefined;
  readonly priority?: SendPriority | undefined;
  readonly expiresAt?: Date | undefined;
  /** It waits until this time, and delays no other message. */
  readonly notBefore?: Date | undefined;
  readonly campaignId?: string | undefined;
  readonly category?: MessageCategory | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly guard?: SendGuard | undefined;
  readonly onUnknown?: OnUnknown | undefined;
  /** Why it isn't known whether an attempt before was accepted, if it is sent again all the same. */
  readonly doubt?: Error | undefined;
  /** Why it must not be sent: the call was wrong. */
  readonly fault?: WhatsAppError | undefined;
  /** It stays in the outbox when the sender is closed. */
  readonly durable?: boolean | undefined;
  /** Called when the message, or the open one with its key, is in the outbox. */
  readonly onDurable?: ((job: Job) => void) | undefined;
  /** It is in the outbox already, as another process left it. */
  readonly recovered?: Recovered | undefined;
}

/** Where a message of another process is in the outbox. */
export interface Recovered {
  readonly queueKey: string;
  readonly version: string;
  /** It has left the outbox. */
  readonly onUnqueued: () => void;
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
  /** Id of the send, from its first try on. */
  sendId: string | undefined;
  extras: JobExtras | undefined;
}

/** What some messages have. Its place is that among the deadlines. */
export interface JobExtras extends Positioned {
  readonly job: Job;
  readonly key: string | undefined;
  readonly expiresAtMs: number | undefined;
  readonly notBeforeMs: number | undefined;
  readonly campaignId: string | undefined;
  readonly category: MessageCategory | undefined;
  readonly signal: AbortSignal | undefined;
  readonly guard: SendGuard | undefined;
  readonly onUnknown: OnUnknown | undefined;
  /** Whether its outcome was recorded by a process that may not have emitted the event. */
  replayed: boolean;
  /** Why it is not known whether a try before was taken, where it is sent again all the same. */
  doubt: Error | undefined;
  /** What the ledger holds of it. */
  record: 'queued' | 'sending' | undefined;
  /** The record that is being written. */
  writing: Promise<void> | undefined;
  /** Where the number finds it by its ID. */
  knownId: string | undefined;
  /** Where it stands in the outbox, and as which version, where that is known. */
  queueKey: string | undefined;
  queueVersion: string | undefined;
  /** Whether its outcome is in the outbox, where it stays until the event was emitted. */
  ended: boolean;
  /** Whether it stays there when the sender is closed. */
  durable: boolean;
  /** Whether the sender was closed, and leaves it to the next process. */
  isLeftInStore: boolean;
  /** Whether it was rejected only because the sender was closed. */
  forClosing: boolean;
  /** Called once it is in the outbox. */
  onDurable: ((job: Job) => void)[] | undefined;
  /** Told when it has left the outbox, where it is another process's part of it. */
  onUnqueued: (() => void) | undefined;
  /** Further calls with the same key while it is open. */
  joined: OnResult[] | undefined;
}

/** Makes a message ready to queue. */
export function createJob(message: OutgoingMessage, priority: SendPriority, onResult: OnResult, options: SubmitOptions): Job {
  const { id, key, expiresAt, notBefore, campaignId, category, signal, guard, onUnknown, durable, onDurable, recovered, doubt } = options;
  const job: Job = {
    message,
    rank: rankOf[priority],
    state: 'waiting',
    tries: 0,
    onResult,
    sendId: id,
    next: undefined,
    order: 0,
    extras: undefined,
  };
  const facts = expiresAt ?? notBefore ?? doubt;
  if ((facts ?? key ?? campaignId ?? category ?? signal ?? guard ?? onUnknown ?? durable ?? onDurable ?? recovered) !== undefined)
    extrasOf(job, options);
  return job;
}

/** What is apart of a message, made when it is first asked for. */
export function extrasOf(job: Job, options: SubmitOptions = {}): JobExtras {
  return (job.extras ??= {
    job,
    key: options.key,
    expiresAtMs: options.expiresAt?.getTime(),
    notBeforeMs: options.notBefore?.getTime(),
    campaignId: options.campaignId,
    category: options.category,
    signal: options.signal,
    guard: options.guard,
    onUnknown: options.onUnknown,
    replayed: false,
    doubt: options.doubt,
    record: options.recovered && 'queued',
    writing: undefined,
    knownId: undefined,
    queueKey: options.recovered?.queueKey,
    queueVersion: options.recovered?.version,
    ended: false,
    durable: options.durable ?? false,
    isLeftInStore: false,
    forClosing: false,
    onDurable: options.onDurable && [options.onDurable],
    onUnqueued: options.recovered?.onUnqueued,
    joined: undefined,
    position: -1,
  });
}

/** What a guard is told of a message. */
export function contextOf({ message, rank, extras }: Job, phoneNumberId: string): SendGuardContext {
  const { key, campaignId } = extras ?? {};
  const category = extras?.category ?? (campaignId !== undefined && message.type === 'template' ? 'marketing' : undefined);
  return { phoneNumberId, priority: priorityOf[rank], ...defined({ key, campaignId, category }) };
}
