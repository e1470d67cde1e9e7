import type { MessageCategory } from '../guard.js';
import type { SendPriority } from '../queue/priority.js';
import type { SenderNumber } from '../send-options.js';
import type { RejectedBy } from '../send-result.js';

/** Options of {@link Sender.sendAll}. */
export interface SendAllOptions {
  /** Called with the progress, at most ten times a second and at the end. */
  readonly onProgress?: ((progress: SendProgress) => void) | undefined;
  /** Stops the `sendAll`. It reads no more messages and doesn't send waiting ones. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Maximum number of messages that were read from the source and have no outcome yet.
   * @defaultValue 1000, or twice the throughput if that is more
   */
  readonly concurrency?: number | undefined;
  /** The number that sends messages without their own `from`. @defaultValue the client's */
  readonly from?: SenderNumber | undefined;
  /** The campaign of messages without their own `campaignId`. */
  readonly campaignId?: string | undefined;
  /** Category of templates without their own `category`. @defaultValue `'marketing'` with a `campaignId` */
  readonly category?: MessageCategory | undefined;
  /** Priority of messages without their own `priority`. @defaultValue `'low'` */
  readonly priority?: SendPriority | undefined;
  /**
   * Number of messages in the source, to estimate the remaining time.
   * @defaultValue its `length` or `size`, if it has one
   */
  readonly total?: number | undefined;
}

/** The progress of a {@link Sender.sendAll}. */
export interface SendProgress {
  /** Number of messages in the source, if known. */
  readonly total?: number;
  /** Messages read from the source. */
  readonly taken: number;
  /** Messages with an outcome: `accepted`, `rejected` and `unknown` together. */
  readonly done: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Finished messages per second, over the last ten seconds. */
  readonly perSecond: number;
  /** Milliseconds since the start. */
  readonly elapsedMs: number;
  /** Estimated milliseconds until the end, if `total` is known and the rate isn't 0. */
  readonly leftMs?: number;
}

/** The result of a {@link Sender.sendAll}. */
export interface SendAllResult extends Omit<SendProgress, 'leftMs' | 'perSecond'> {
  /** Rejected messages by who rejected them. */
  readonly rejectedBy: Readonly<Record<RejectedBy, number>>;
  /** The messages that Meta rejected, by its error code. For example, `{ 132000: 5 }`. */
  readonly byCode: Readonly<Record<string, number>>;
  /**
   * Why it ended before the end of the source. `rejections`: Meta rejected too many messages in a row with the same
   * code (`maxEqualRejections`).
   */
  readonly stoppedBy?: 'aborted' | 'cancelled' | 'closed' | 'rejections';
}
