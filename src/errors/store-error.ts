import { WhatsAppError } from './whatsapp-error.js';

/** Reason why a store failed: see {@link StoreError.reason}. */
export type StoreProblem = 'busy' | 'closed' | 'not-json' | 'unknown' | 'evicting' | 'missing' | 'failed';

/** Thrown if a store could not read or write. The failed call wrote no data, unless `reason` is `unknown`. */
export class StoreError extends WhatsAppError {
  override readonly name = 'StoreError';
  override readonly kind = 'store';
  /**
   * The reason.
   *
   * - `busy`: another process locked the store for too long. You can repeat the call.
   * - `closed`: the store was closed before the call.
   * - `not-json`: the value can't be converted to JSON.
   * - `unknown`: the connection to the store's server was lost before its response. The call wrote all of its data or
   *   no data.
   * - `evicting`: Redis evicts keys when its memory is full.
   * - `missing`: Redis no longer contains a queued message.
   * - `failed`: any other error. `cause` contains it, for example a missing folder, a full disk or a file that isn't a
   *   database.
   */
  readonly reason: StoreProblem;

  constructor(message: string, reason: StoreProblem, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}
