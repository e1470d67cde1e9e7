import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { SentMessage } from '../messages/send-message.js';
import type { MessageStatus } from '../webhooks/events/messages.js';

/** Meta took the message: its wamid is in hand. What becomes of it arrives as status webhooks. */
export interface AcceptedSend {
  readonly outcome: 'accepted';
  /** The wamid. */
  readonly messageId: string;
  /** Meta's answer. */
  readonly response: SentMessage;
}

/**
 * Who refused a message: Meta, or before any byte left: a check of the library (`guard`), its `expiresAt`, its `signal`, or the closing of
 * the sender.
 */
export type RejectedBy = 'meta' | 'guard' | 'expired' | 'aborted' | 'closed';

/** The message certainly did not go out. */
export interface RejectedSend {
  readonly outcome: 'rejected';
  readonly by: RejectedBy;
  /** Why. */
  readonly error: WhatsAppError;
}

/**
 * Bytes left, and the answer was lost or was a 5xx: Meta may have taken the message. It is not sent again, as it might arrive twice.
 */
export interface UnknownSend {
  readonly outcome: 'unknown';
  /** What happened instead of an answer. */
  readonly error: Error;
  /** Resolves when a status webhook tells, or when the sender is closed. Never rejects. */
  readonly settled: Promise<SendSettlement>;
}

/** What became of a message: three outcomes, never two. */
export type SendResult = AcceptedSend | RejectedSend | UnknownSend;

/** How an unknown send turned out. */
export type SendSettlement =
  | {
      /** A status webhook names the send, so Meta had taken it. */
      readonly outcome: 'accepted';
      /** The wamid. */
      readonly messageId: string;
      /** The status that told; it may be `failed`. Absent where another process heard it. */
      readonly status?: MessageStatus;
    }
  | {
      /** The process that was sending it, for a key that is under way in another one, was told so. */
      readonly outcome: 'rejected';
      readonly error: WhatsAppError;
    }
  | {
      /**
       * No status has told within the time that the sender waits for one (`unsettledAfterMs`), or by its closing. One that comes later still
       * counts: it is told by the event `settled`.
       */
      readonly outcome: 'unsettled';
    };
