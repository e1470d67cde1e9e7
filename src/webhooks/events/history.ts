import type { Customer, EventBase, OpenEnum, WebhookError } from './base.js';
import type { PastMessage } from './message-content.js';

/** Which way a message of the past went: from the customer, or from the business. */
export type MessageDirection = 'inbound' | 'outbound';

/** A message of the past. It opens no service window and reaches no live handler. */
export interface HistoryMessage {
  /** Told by comparing the sender with the thread's customer, then with the business number; never by `to`. */
  readonly direction: MessageDirection;
  /** When it was received by the recipient's device. */
  readonly occurredAt?: Date;
  readonly status?: OpenEnum<'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' | 'PENDING' | 'ERROR'>;
  readonly message: PastMessage;
}

/** The messages with one customer, in the order in which Meta put them into the chunk. */
export interface HistoryThread {
  /** The customer's number, as Meta wrote it; absent for people who hide it. */
  readonly id?: string;
  readonly customer?: Customer;
  readonly messages: readonly HistoryMessage[];
}

/** A piece of the app's chats of the last 180 days. Chunks come in any order, and again. */
export interface HistoryChunkEvent extends EventBase<'history.chunk', 'history'> {
  /** Time band, counted back from onboarding: 0 = first day, 1 = to day 90, 2 = to day 180. Absent where Meta sent no number. */
  readonly phase?: number;
  /** Where the chunk belongs among those of its phase. */
  readonly chunkOrder?: number;
  /** Percent of the whole sync; 100 may come before others. */
  readonly progress?: number;
  readonly threads: readonly HistoryThread[];
}

/** The media of an earlier (or later) placeholder, with the same wamid. */
export interface HistoryMediaEvent extends EventBase<'history.media', 'history'> {
  readonly direction: MessageDirection;
  readonly message: PastMessage;
}

/** The business chose on the phone not to share its history (2593109), or Meta could not deliver it. */
export interface HistoryDeclinedEvent extends EventBase<'history.declined', 'history'> {
  readonly error: WebhookError;
}
