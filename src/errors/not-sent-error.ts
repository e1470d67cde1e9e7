import { WhatsAppError } from './whatsapp-error.js';

/** Why the sender did not send a message. */
export type NotSentReason = 'expired' | 'closed' | 'not-recorded' | 'guard-failed' | 'cancelled' | 'template-disabled' | 'opted-out';

const textOf: Readonly<Record<NotSentReason, string>> = {
  expired: 'The message was not sent: its expiresAt had passed when its turn came.',
  closed: 'The message was not sent: the sender was closed. Await drain() before close() to send what is queued.',
  'not-recorded': 'The message was not sent: the store could not record it first, so that sending it twice could not have been ruled out.',
  'guard-failed': 'The message was not sent: a guard threw instead of deciding.',
  cancelled: 'The message was not sent: it was cancelled, or its campaign was.',
  'template-disabled': 'The message was not sent: Meta has disabled, rejected or deleted its template.',
  'opted-out': 'The message was not sent: the customer wants no marketing messages of this business.',
};

/** The sender refused a message by itself; no byte of it left. */
export class NotSentError extends WhatsAppError {
  override readonly name = 'NotSentError';
  override readonly kind = 'guard';
  /**
   * `expired`: its time was over; `closed`: the sender is; `not-recorded`: the store failed, told by `cause`; `guard-failed`: so did a guard; `cancelled`: it
   * was, or its campaign; `template-disabled`: Meta stopped its template for good; `opted-out`: the customer wants no marketing messages.
   */
  readonly reason: NotSentReason;

  constructor(reason: NotSentReason, options?: { readonly cause?: unknown }) {
    super(textOf[reason], options);
    this.reason = reason;
  }
}
