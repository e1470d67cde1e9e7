import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { MessageStatus } from '../webhooks/events/messages.js';
import type { AcceptedSend, RejectedBy, SendSettlement } from './send-result.js';
import type { SenderStats } from './sender-stats.js';
import type { ThroughputChange } from './throughput-readings.js';

/** What every event about one message says. */
export interface SenderMessageEvent {
  readonly message: OutgoingMessage;
  /** Graph id of the number that sends it. */
  readonly phoneNumberId: string;
  /** Id of the send, as `enqueue` answers it and statuses name it; a message that was refused before its turn may have none. */
  readonly id?: string;
  /** The caller's key of the send. */
  readonly key?: string;
  readonly campaignId?: string;
  /** How often it went out, this time included. */
  readonly tries: number;
  /**
   * Present if another process recorded the outcome and ended before it confirmed the event. That process may have emitted the event, too: use
   * `id` to detect duplicates.
   */
  readonly replayed?: true;
}

/** What became of a send whose outcome was unknown. */
export type SettledSend = {
  /** Graph id of the number that sent it, where that is known. */
  readonly phoneNumberId?: string;
  /** Id of the send, as `enqueue` and events tell it. */
  readonly id: string;
  /** The caller's key of the send. */
  readonly key?: string;
  readonly campaignId?: string;
  /** The caller's own `biz_opaque_callback_data`. */
  readonly callbackData?: string;
} & (
  | {
      readonly outcome: 'accepted';
      /** The wamid. */
      readonly messageId: string;
      /** The status that told; absent where another process heard it. */
      readonly status?: MessageStatus;
    }
  | { readonly outcome: 'unsettled' }
);

/** What a sender tells. Handlers are not waited for; one that fails is logged. */
export interface SenderEvents {
  /** Meta accepted a message. */
  sent: SenderMessageEvent & Omit<AcceptedSend, 'outcome'>;
  /** A message was refused, by Meta or before it left. */
  rejected: SenderMessageEvent & { readonly by: RejectedBy; readonly error: WhatsAppError };
  /** Nobody knows what became of a message. */
  unknown: SenderMessageEvent & { readonly error: Error; readonly settled: Promise<SendSettlement> };
  /** A status webhook settled an unknown send, of this process or another; or none came in time (`unsettled`), told once across processes. */
  settled: SettledSend;
  /** Meta refused a message for its rate, and slows the recipient (131056) or the number down. */
  throttled: {
    /** Graph id of the number. */ readonly phoneNumberId: string;
    readonly error: WhatsAppError;
    readonly scope: 'recipient' | 'number';
  };
  /** A message will go out again, because Meta certainly did not take it. */
  retry: SenderMessageEvent & { readonly error: WhatsAppError; /** Milliseconds before which it will not. */ readonly waitMs: number };
  /** {@link Sender.pause} was called, or a campaign is paused. */
  paused: SenderStats & { readonly campaignId?: string };
  /** {@link Sender.resume} was called, or a campaign goes on. */
  resumed: SenderStats & { readonly campaignId?: string };
  /** The throughput of a number was read, and is another than it was taken for. */
  throughput: ThroughputChange;
  /** Nothing waits and nothing is under way any more. */
  idle: SenderStats;
}
