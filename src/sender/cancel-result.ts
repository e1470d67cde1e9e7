/**
 * What {@link Sender.cancel} found.
 *
 * - `cancelled`: the message was still waiting. Its outcome is `rejected` by `'cancelled'`, and its key is free again.
 * - `already-sent`: the message has left, or it has its outcome.
 * - `unknown`: no message with this ID or key is on record here.
 */
export type CancelResult = 'cancelled' | 'already-sent' | 'unknown';
