import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { MessageStatus } from '../webhooks/fields/messages.js';
import type { AcceptedSend, RejectedBy, SendSettlement } from './send-result.js';
import type { SenderStats } from './sender-stats.js';
import type { ThroughputChange } from './pacing/throughput-readings.js';

/** Common properties of events about one message. */
export interface SenderMessageEvent {
  readonly message: OutgoingMessage;
  /** Phone number ID of the sender. */
  readonly phoneNumberId: string;
  /** ID of the send, which `enqueue` returns and statuses contain. A message that was rejected immediately may have none. */
  readonly id?: string;
  /** Your key of the send. */
  readonly key?: string;
  readonly campaignId?: string;
  /** Number of attempts, including this one. */
  readonly tries: number;
  /**
   * Present if another process recorded the outcome and ended before it confirmed the event. That process may also have
   * emitted the event. Use `id` to detect duplicates.
   */
  readonly replayed?: true;
}

/** The settlement of a send whose outcome was unknown. */
export type SettledSend = {
  /** Phone number ID of the sender, if it is known. */
  readonly phoneNumberId?: string;
  /** ID of the send, which `enqueue` returns and events contain. */
  readonly id: string;
  /** Your key of the send. */
  readonly key?: string;
  readonly campaignId?: string;
  /** Your `biz_opaque_callback_data`. */
  readonly callbackData?: string;
} & (
  | {
      readonly outcome: 'accepted';
      /** The wamid. */
      readonly messageId: string;
      /** The status. Absent if another process received it. */
      readonly status?: MessageStatus;
    }
  | { readonly outcome: 'unsettled' }
);

/** Events of a sender. The sender doesn't wait for handlers, and logs their errors. */
export interface SenderEvents {
  /** Meta accepted a message. */
  sent: SenderMessageEvent &
    Omit<AcceptedSend, 'outcome'> & {
      /** Time of the event by the sender's clock. Pass the event to `sentMessage`, so that a mirror uses this time. */
      readonly sentAt: Date;
    };
  /** Meta or the sender rejected a message. */
  rejected: SenderMessageEvent & { readonly by: RejectedBy; readonly error: WhatsAppError };
  /** The outcome of a message is unknown. */
  unknown: SenderMessageEvent & { readonly error: Error; readonly settled: Promise<SendSettlement> };
  /**
   * A status webhook settled an unknown send, or no status arrived in time (`unsettled`). One process emits this event
   * once.
   */
  settled: SettledSend;
  /** Meta rejected a message because of its rate. The sender slows down the recipient (131056) or the number. */
  throttled: {
    /** Phone number ID. */ readonly phoneNumberId: string;
    readonly error: WhatsAppError;
    readonly scope: 'recipient' | 'number';
  };
  /** The sender will retry a message that Meta didn't accept. */
  retry: SenderMessageEvent & { readonly error: WhatsAppError; /** Milliseconds until the retry, at least. */ readonly waitMs: number };
  /** A number (`phoneNumberId`), a campaign, or everything was paused. */
  paused: SenderStats & { readonly campaignId?: string; readonly phoneNumberId?: string };
  /** A pause ended. */
  resumed: SenderStats & { readonly campaignId?: string; readonly phoneNumberId?: string };
  /** The sender read the throughput of a number, and it has changed. */
  throughput: ThroughputChange;
  /** No message is waiting or in flight. */
  idle: SenderStats;
}
