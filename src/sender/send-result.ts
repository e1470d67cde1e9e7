import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { SentMessage } from '../messages/send-message.js';
import type { MessageStatus } from '../webhooks/fields/messages.js';

/** Meta accepted the message. Status webhooks report its delivery. */
export interface AcceptedSend {
  readonly outcome: 'accepted';
  /** The wamid. */
  readonly messageId: string;
  /** Meta's response. */
  readonly response: SentMessage;
}

/**
 * Who rejected a message: Meta, or the sender before the request. The sender rejects messages by its checks and guards (`guard`), `expiresAt`,
 * `signal`, `close()` and `cancel()`.
 */
export type RejectedBy = 'meta' | 'guard' | 'expired' | 'aborted' | 'closed' | 'cancelled';

/** Meta didn't accept the message. */
export interface RejectedSend {
  readonly outcome: 'rejected';
  readonly by: RejectedBy;
  /** The reason. */
  readonly error: WhatsAppError;
}

/**
 * The request was sent, but the response was lost or had a status of 500 or higher. Meta may have accepted the message. The sender doesn't send
 * it again, because the customer could receive it twice.
 */
export interface UnknownSend {
  readonly outcome: 'unknown';
  /** The error instead of a response. */
  readonly error: Error;
  /** Resolves when a status webhook settles the send, or when the sender is closed. Never rejects. */
  readonly settled: Promise<SendSettlement>;
}

/** One of three outcomes of a message. */
export type SendResult = AcceptedSend | RejectedSend | UnknownSend;

/** The settlement of an unknown send. */
export type SendSettlement =
  | {
      /** A status webhook names the send, so Meta accepted it. */
      readonly outcome: 'accepted';
      /** The wamid. */
      readonly messageId: string;
      /** The status, which can be `failed`. Absent if another process received it. */
      readonly status?: MessageStatus;
    }
  | {
      /** Another process was sending the same key, and its message was rejected. */
      readonly outcome: 'rejected';
      readonly error: WhatsAppError;
    }
  | {
      /**
       * No status arrived within `unsettledAfterMs`, or before the sender was closed. A later status still settles the send and emits `settled`.
       */
      readonly outcome: 'unsettled';
    };
