/**
 * The result of {@link Sender.cancel}.
 *
 * - `cancelled`: the message was still waiting. Its outcome is `rejected` by `'cancelled'`, and you can use its key
 *   again.
 * - `already-sent`: the message was sent, or it has an outcome.
 * - `unknown`: the sender has no message with this ID or key.
 */
export type CancelResult = 'cancelled' | 'already-sent' | 'unknown';
