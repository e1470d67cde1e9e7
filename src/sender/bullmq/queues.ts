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

/* The only module that imports BullMQ. Defines the names, data and settings of its queues. */

export { Queue, QueueEvents, QueueEventsProducer, UnrecoverableError, WaitingError, Worker };

/** A sending number, in the job that wakes up a process for it. */
export interface WakeData {
  readonly from: RequestTarget & { readonly phoneNumberId: string };
  /** The ID of an unknown send that is due to be reported, if the job is about one. */
  readonly unknownId?: string;
}

/** A message in the queue of its number. */
export interface MessageData {
  readonly message: OutgoingMessage;
  readonly priority: SendPriority;
  /** Together with the timestamp of the job, the position in the order of one process. */
  readonly place: number;
  readonly key?: string;
  readonly campaignId?: string;
  readonly category?: MessageCategory;
  readonly expiresAtMs?: number;
  readonly notBeforeMs?: number;
  /** Present if a message with an unknown outcome is sent again. */
  readonly onUnknown?: 'resend';
  /** Whether a process waits for the result. */
  readonly awaited?: boolean;
  /** Time until which a guard delays the message, or its `notBefore`. */
  readonly heldUntilMs?: number;
  /** The wamid of a status that arrived before or after the send became unknown. */
  readonly heard?: string;
  /** Whether the missing status was reported. */
  readonly unsettled?: true;
}

/** The BullMQ job of a message. */
export type MessageJob = Job<MessageData, JsonObject>;
export type MessageQueue = Queue<MessageJob>;
export type WakeJob = Job<WakeData>;

/** Events that processes exchange in the event stream of the numbers' queue. All values are strings. */
export type ProcessEvent =
  | { readonly type: 'outcome'; readonly phoneNumberId: string; readonly id: string }
  | { readonly type: 'settled'; readonly phoneNumberId: string; readonly id: string; readonly messageId: string }
  | { readonly type: 'unsettled'; readonly phoneNumberId: string; readonly id: string }
  /** Cancel a message that a process has taken. */
  | { readonly type: 'cancel'; readonly phoneNumberId: string; readonly id: string }
  /** A number was paused or resumed. Without an ID, all numbers were. */
  | { readonly type: 'pause'; readonly phoneNumberId: string; readonly state: 'paused' | 'resumed' }
  | { readonly type: 'campaign'; readonly campaignId: string; readonly command: CampaignCommand }
  /** The throughput of numbers may have changed. */
  | { readonly type: 'account'; readonly phoneNumberId?: string; readonly displayPhoneNumber?: string; readonly wabaId?: string }
  /** Customers sent this many messages to a number. */
  | { readonly type: 'inbound'; readonly phoneNumberId: string; readonly count: string };

/** Listeners for {@link ProcessEvent}, by event type. */
export type ProcessEventListener = QueueEventsListener & {
  readonly [Type in ProcessEvent['type']]: (facts: Omit<Extract<ProcessEvent, { readonly type: Type }>, 'type'>) => void;
};

/**
 * The progress of a message that a process has taken. If absent or `waiting`, no request was sent. It is written before
 * the request, so that another process knows which messages of a crashed process may have been sent.
 */
export type Progress = 'left' | 'waiting';

/** The queue of the numbers that have messages to send. Its event stream reports outcomes. */
export const numbersQueue = 'numbers';

/** Returns the name of a number's queue. */
export function messagesQueue(phoneNumberId: string): string {
  return `messages-${phoneNumberId}`;
}

/** BullMQ processes jobs without a priority first. */
export const bullPriorityOf: Readonly<Record<SendPriority, number>> = { high: 0, normal: 1, low: 2 };

/** A lock expires this long after its last renewal. BullMQ checks for expired locks at this interval. */
export const lockMs = 5_000;
export const numberCheckMs = 2_000;
export const messageCheckMs = 500;

/** Allows any number of stalls. The progress of a message decides whether it may be sent, not the number of crashes. */
export const anyStalls = 1_000_000;
