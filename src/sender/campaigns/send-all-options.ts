import type { MessageCategory } from '../guard.js';
import type { SendPriority } from '../queue/priority.js';
import type { SenderNumber } from '../send-options.js';
import type { RejectedBy } from '../send-result.js';

/** Options of {@link Sender.sendAll}. */
export interface SendAllOptions {
  /** Receives the progress at most ten times a second, and at the end. */
  readonly onProgress?: ((progress: SendProgress) => void) | undefined;
  /** Stops it: nothing more is taken from the source, and what waits is not sent. */
  readonly signal?: AbortSignal | undefined;
  /** How many messages may be taken from the source and not be done with. @defaultValue 1000, or twice the throughput if that is more */
  readonly concurrency?: number | undefined;
  /** The number that sends messages without one of their own. @defaultValue the client's */
  readonly from?: SenderNumber | undefined;
  /** The campaign of messages without one of their own. */
  readonly campaignId?: string | undefined;
  /** Of templates without one of their own. @defaultValue `'marketing'` with a `campaignId` */
  readonly category?: MessageCategory | undefined;
  /** Of messages without one of their own. @defaultValue `'low'` */
  readonly priority?: SendPriority | undefined;
  /** How many messages the source holds, for the time left. @defaultValue its `length` or `size`, where it has one */
  readonly total?: number | undefined;
}

/** How far a {@link Sender.sendAll} is. */
export interface SendProgress {
  /** How many messages the source holds, where that is known. */
  readonly total?: number;
  /** Messages taken from the source. */
  readonly taken: number;
  /** Messages with an outcome: `accepted`, `rejected` and `unknown` together. */
  readonly done: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Messages done a second, over the last ten seconds. */
  readonly perSecond: number;
  /** Milliseconds since the start. */
  readonly elapsedMs: number;
  /** Milliseconds to the end at that rate, where `total` is known and the rate is not 0. */
  readonly leftMs?: number;
}

/** What a {@link Sender.sendAll} came to. */
export interface SendAllResult extends Omit<SendProgress, 'leftMs' | 'perSecond'> {
  /** The rejected ones by who refused them. */
  readonly rejectedBy: Readonly<Record<RejectedBy, number>>;
  /** The messages that Meta rejected, by its error code. For example, `{ 132000: 5 }`. */
  readonly byCode: Readonly<Record<string, number>>;
  /** Why it ended before the source did. `rejections`: Meta rejected too many messages in a row with the same code (`maxEqualRejections`). */
  readonly stoppedBy?: 'aborted' | 'cancelled' | 'closed' | 'rejections';
}
