import { WhatsAppError } from './whatsapp-error.js';

/** Reason why the sender didn't send a message: see {@link NotSentError.reason}. */
export type NotSentReason =
  | 'expired'
  | 'closed'
  | 'not-recorded'
  | 'guard-failed'
  | 'cancelled'
  | 'campaign-stopped'
  | 'template-disabled'
  | 'template-paused'
  | 'opted-out';

const textOf: Readonly<Record<NotSentReason, string>> = {
  expired: 'The message was not sent: its expiresAt had passed before the sender could send it.',
  closed: 'The message was not sent: the sender was closed. Await drain() before close() to send queued messages.',
  'not-recorded':
    'The message was not sent: the store could not record it first, so the sender could not rule out a duplicate. Check the store.',
  'guard-failed': 'The message was not sent: a guard threw an error. See cause.',
  cancelled: 'The message was not sent: it was cancelled, or its campaign was.',
  'template-disabled': 'The message was not sent: Meta disabled, rejected or deleted its template. Use another template.',
  'campaign-stopped':
    'The message was not sent: its campaign stopped, because Meta rejected many messages in a row with the same code. See byCode in the report.',
  'template-paused': 'The message was not sent: Meta paused its template for its quality. Improve it, or wait until the pause ends.',
  'opted-out': 'The message was not sent: the customer opted out of marketing messages from this business.',
};

/** Thrown if the sender didn't send a message. Meta received no part of it. */
export class NotSentError extends WhatsAppError {
  override readonly name = 'NotSentError';
  override readonly kind = 'guard';
  /**
   * The reason.
   *
   * - `expired`: `expiresAt` had passed. `cause` contains the error of the last attempt, if there was one.
   * - `closed`: the sender was closed.
   * - `not-recorded`: the store failed. `cause` contains its error.
   * - `guard-failed`: a guard threw an error. `cause` contains it.
   * - `cancelled`: the message or its campaign was cancelled.
   * - `template-disabled`: Meta stopped the template permanently.
   * - `template-paused`: Meta paused the template.
   * - `campaign-stopped`: Meta rejected too many messages of the campaign in a row with the same code.
   * - `opted-out`: the customer wants no marketing messages.
   */
  readonly reason: NotSentReason;

  constructor(reason: NotSentReason, options?: { readonly cause?: unknown }) {
    const lastError = reason === 'expired' && options?.cause instanceof WhatsAppError ? options.cause : undefined;
    super(lastError ? `${textOf.expired} The last attempt failed: ${lastError.message}` : textOf[reason], options);
    this.reason = reason;
  }
}
