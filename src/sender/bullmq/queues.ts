import {
  Queue,
  QueueEvents,
  QueueEventsProducer,
  UnrecoverableError,
  WaitingError,
  Worker,
  type Job,
  type QueueEventsListener,
} from 'bullmq';
import type { RequestTarget } from '../../client/client.js';
import type { CampaignCommand } from '../campaigns/campaign-record.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { JsonObject } from '../../runtime/json.js';
import type { MessageCategory } from '../guard.js';
import type { SendPriority } from '../queue/priority.js';

/* The only door to BullMQ: names, data and settings of its queues. */

export { Queue, QueueEvents, QueueEventsProducer, UnrecoverableError, WaitingError, Worker };

/** A number that sends, as the job that wakes a process for it names it. */
export interface WakeData {
  readonly from: RequestTarget & { readonly phoneNumberId: string };
  /** The unknown send that is due to be reported, if the job is about one. */
  readonly unknownId?: string;
}

/** A message in the queue of its number. */
export interface MessageData {
  readonly message: OutgoingMessage;
  readonly priority: SendPriority;
  /** Together with the job's timestamp the place in the order of one process. */
  readonly place: number;
  readonly key?: string;
  readonly campaignId?: string;
  readonly category?: MessageCategory;
  readonly expiresAtMs?: number;
  readonly notBeforeMs?: number;
  /** Present if a message with an unknown outcome is sent again. */
  readonly onUnknown?: 'resend';
  /** Whether a process waits to hear what becomes of it. */
  readonly awaited?: boolean;
  /** Until when a guard holds it, or its `notBefore`. */
  readonly heldUntilMs?: number;
  /** The wamid that a status named before, or after, the send was known to be unknown. */
  readonly heard?: string;
  /** Whether it was reported that no status came. */
  readonly unsettled?: true;
}

/** A message as BullMQ holds it. */
export type MessageJob = Job<MessageData, JsonObject>;
export type MessageQueue = Queue<MessageJob>;
export type WakeJob = Job<WakeData>;

/** What processes tell each other, in the stream of the numbers' queue. All values are text. */
export type News =
  | { readonly type: 'outcome'; readonly phoneNumberId: string; readonly id: string }
  | { readonly type: 'settled'; readonly phoneNumberId: string; readonly id: string; readonly messageId: string }
  | { readonly type: 'unsettled'; readonly phoneNumberId: string; readonly id: string }
  /** A message that a process has taken is to be cancelled. */
  | { readonly type: 'cancel'; readonly phoneNumberId: string; readonly id: string }
  /** A number, or all (without an ID), were paused or resumed. */
  | { readonly type: 'pause'; readonly phoneNumberId: string; readonly state: 'paused' | 'resumed' }
  | { readonly type: 'campaign'; readonly campaignId: string; readonly command: CampaignCommand }
  /** The throughput of numbers may have changed. */
  | { readonly type: 'account'; readonly phoneNumberId?: string; readonly displayPhoneNumber?: string; readonly wabaId?: string }
  /** Customers sent so many messages to a number. */
  | { readonly type: 'inbound'; readonly phoneNumberId: string; readonly count: string };

/** The listeners for {@link News}, by the names of its types. */
export type NewsListener = QueueEventsListener & {
  readonly [Type in News['type']]: (facts: Omit<Extract<News, { readonly type: Type }>, 'type'>) => void;
};

/**
 * How far a message is that a process has taken: absent or `waiting` means that no byte has left. It is written before the request leaves,
 * so that the process that takes over a dead process's messages knows which of them may have been sent.
 */
export type Progress = 'left' | 'waiting';

/** The queue of the numbers that have something to send, and the stream that tells of outcomes. */
export const numbersQueue = 'numbers';

/** The queue of a number. */
export function messagesQueue(phoneNumberId: string): string {
  return `messages-${phoneNumberId}`;
}

/** BullMQ's order: what has no priority comes first. */
export const bullPriorityOf: Readonly<Record<SendPriority, number>> = { high: 0, normal: 1, low: 2 };

/** A lock is lost so long after its last renewal, and lost locks are looked for this often. */
export const lockMs = 5_000;
export const numberCheckMs = 2_000;
export const messageCheckMs = 500;

/** What was taken over from a dead process comes back however often: its progress decides whether it may be sent, not a count. */
export const anyStalls = 1_000_000;
