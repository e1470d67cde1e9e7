import { WhatsAppError } from './whatsapp-error.js';

/** Why a store failed: see {@link StoreError.reason}. */
export type StoreProblem = 'busy' | 'closed' | 'not-json' | 'unknown' | 'evicting' | 'missing' | 'failed';

/** A store could not read or write. Nothing of the call that failed was written, unless `reason` is `unknown`. */
export class StoreError extends WhatsAppError {
  override readonly name = 'StoreError';
  override readonly kind = 'store';
  /**
   * `busy`: another process held the store for too long, so the call may be repeated; `closed`: the store was closed before the call;
   * `not-json`: the value cannot be written as JSON; `unknown`: the connection to the store's server was lost before its answer came, so
   * the call was written whole or not at all; `evicting`: Redis removes keys when its memory is full; `missing`: Redis no longer has a message
   * that was queued; `failed`: anything else, told by `cause` (no such folder, disk full, not a database).
   */
  readonly reason: StoreProblem;

  constructor(message: string, reason: StoreProblem, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}
