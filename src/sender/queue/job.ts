import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { defined } from '../../runtime/json.js';
import type { MessageCategory, SendGuard, SendGuardContext } from '../guard.js';
import type { QueueItem, Rank } from './recipient-queues.js';
import { priorityOf, rankOf, type SendPriority } from './priority.js';
import type { SendResult } from '../send-result.js';
import type { CheckedSendOptions } from '../attempts/check-send.js';
import type { OnUnknown } from '../send-options.js';
import type { Positioned } from './indexed-heap.js';

/** Receives the outcome of a message. Called once. */
export type OnResult = (result: SendResult, job: Job) => void;

/** A message as an engine receives it: the caller's options, and those of the engine. */
export interface SubmitOptions extends CheckedSendOptions {
  /** ID of the send in its statuses: at most 23 characters without a colon. @defaultValue a new unique ID */
  readonly id?: string | undefined;
  /**
   * Present if the message is sent again although an earlier attempt may have been accepted: the error of that attempt.
   */
  readonly doubt?: Error | undefined;
  /** The error of an invalid call. The message is rejected. */
  readonly fault?: WhatsAppError | undefined;
  /** Whether the message stays in the outbox when the sender is closed. */
  readonly durable?: boolean | undefined;
  /** Called when the message, or the open one with its key, is in the outbox. */
  readonly onDurable?: ((job: Job) => void) | undefined;
  /** Set if the outbox contains the message of another process. */
  readonly recovered?: Recovered | undefined;
}

/** A message of another process in the outbox. */
export interface Recovered {
  readonly queueKey: string;
  readonly version: string;
  /** Called when the outbox no longer contains it. */
  readonly onUnqueued: () => void;
}

/** A message in the sender. There can be a million of them, so rarely used properties are in {@link JobExtras}. */
export interface Job extends QueueItem<Job> {
  readonly message: OutgoingMessage;
  readonly rank: Rank;
  /** Whether the message waits, its request was sent, or its outcome is known. */
  state: 'waiting' | 'left' | 'over';
  /** Number of attempts. */
  tries: number;
  readonly onResult: OnResult;
  /** ID of the send. Set with the first attempt. */
  sendId: string | undefined;
  extras: JobExtras | undefined;
}

/** Properties of messages that have a key, a deadline, a record or similar. `position` is for the heap of deadlines. */
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
  /** Whether the outcome is from a process that may not have emitted the event. */
  replayed: boolean;
  /** The error of an earlier attempt with an unknown outcome, if the message is sent again. */
  doubt: Error | undefined;
  /** Error of the last attempt of a message that can expire. */
  lastError: Error | undefined;
  /** State of the message in the ledger. */
  record: 'queued' | 'sending' | undefined;
  /** The pending write of the record. */
  writing: Promise<void> | undefined;
  /** The ID that callers know. */
  knownId: string | undefined;
  /** Its key in the outbox, and its version, if known. */
  queueKey: string | undefined;
  queueVersion: string | undefined;
  /** Whether the outbox contains its outcome until the event was emitted. */
  ended: boolean;
  /** Whether the message stays in the outbox when the sender is closed. */
  durable: boolean;
  /** Whether the message was left to the next process when the sender was closed. */
  isLeftInStore: boolean;
  /** Whether the message was rejected only because the sender was closed. */
  forClosing: boolean;
  /** Called when the message is in the outbox. */
  onDurable: ((job: Job) => void)[] | undefined;
  /** Called when a message of another process is no longer in the outbox. */
  onUnqueued: (() => void) | undefined;
  /** Further calls with the same key while it is open. */
  joined: OnResult[] | undefined;
}

/** The states by their number in {@link QueuedJob}. */
const states: readonly Job['state'][] = ['waiting', 'left', 'over'];

/**
 * Stores the rank (2 bits), the state (2 bits) and the number of attempts in one integer. With a million waiting
 * messages, each property takes 8 MB.
 */
class QueuedJob implements Job {
  readonly message: OutgoingMessage;
  readonly onResult: OnResult;
  sendId: string | undefined;
  next: Job | undefined = undefined;
  order = 0;
  extras: JobExtras | undefined = undefined;
  #facts: number;

  constructor(message: OutgoingMessage, rank: Rank, onResult: OnResult, sendId: string | undefined) {
    this.message = message;
    this.onResult = onResult;
    this.sendId = sendId;
    this.#facts = rank;
  }

  get rank(): Rank {
    // The constructor wrote it.
    return (this.#facts & 3) as Rank;
  }

  get state(): Job['state'] {
    return states[(this.#facts >> 2) & 3] ?? 'over';
  }

  set state(state: Job['state']) {
    this.#facts = (this.#facts & ~12) | (states.indexOf(state) << 2);
  }

  get tries(): number {
    return this.#facts >> 4;
  }

  set tries(tries: number) {
    this.#facts = (this.#facts & 15) | (tries << 4);
  }
}

/** Creates a message. */
export function createJob(message: OutgoingMessage, priority: SendPriority, onResult: OnResult, options: SubmitOptions): Job {
  const { id, key, expiresAt, notBefore, campaignId, category, signal, guard, onUnknown, durable, onDurable, recovered, doubt } = options;
  const job = new QueuedJob(message, rankOf[priority], onResult, id);
  const facts = expiresAt ?? notBefore ?? doubt;
  if ((facts ?? key ?? campaignId ?? category ?? signal ?? guard ?? onUnknown ?? durable ?? onDurable ?? recovered) !== undefined)
    extrasOf(job, options);
  return job;
}

/** Returns the extras of a message, and creates them on first use. */
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
    lastError: undefined,
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

/** Returns the context of a message for guards. */
export function contextOf({ message, rank, extras }: Job, phoneNumberId: string): SendGuardContext {
  if (!extras) return { phoneNumberId, priority: priorityOf[rank] };
  const { key, campaignId } = extras;
  const category = extras.category ?? (campaignId !== undefined && message.type === 'template' ? 'marketing' : undefined);
  return { phoneNumberId, priority: priorityOf[rank], ...defined({ key, campaignId, category }) };
}
