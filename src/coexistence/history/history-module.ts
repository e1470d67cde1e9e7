import type { Customer } from '../../webhooks/events/base.js';
import type { HistoryMessage } from '../../webhooks/fields/history.js';
import type { HistoryGap, HistoryStatus } from './history-state.js';

/**
 * A message of the history. `media` is the state of a placeholder's file. `joined`: `message` contains the file.
 * `expected`: a `history.media` event follows. `never`: Meta doesn't send media that was older than 14 days at
 * onboarding.
 */
export interface HistoryItem extends HistoryMessage {
  readonly media?: 'joined' | 'expected' | 'never';
}

/**
 * The messages of one thread in one chunk, ordered by time. The same batch may be emitted again, so upsert its messages
 * by wamid.
 */
export interface HistoryBatch {
  readonly phoneNumberId: string;
  readonly wabaId?: string;
  /** The customer's number as Meta formats it. Absent if the customer hides the number. */
  readonly threadId?: string;
  readonly customer?: Customer;
  /** The phase: 0 = the day before onboarding, 1 = up to day 90, 2 = up to day 180. */
  readonly phase?: number;
  readonly chunkOrder?: number;
  readonly messages: readonly HistoryItem[];
}

/** A file of the history. Its placeholder has the same wamid and may arrive before or after it. */
export interface HistoryMedia {
  readonly phoneNumberId: string;
  readonly wabaId?: string;
  readonly threadId?: string;
  readonly customer?: Customer;
  /** Whether the placeholder has arrived. If so, `item` also contains its time and status. */
  readonly joined: boolean;
  readonly item: HistoryItem;
}

/** The history of a number. */
export interface NumberHistory {
  readonly phoneNumberId: string;
  readonly status: HistoryStatus;
  /** Meta's percentage. 100 may arrive before other chunks, so use `status` to check for completion. */
  readonly progress: number;
  readonly chunks: number;
  readonly messages: number;
  readonly phases: readonly { readonly phase?: number; readonly chunks: number; readonly messages: number }[];
  /** Redelivered chunks and files. They were ignored. */
  readonly duplicates: number;
  readonly media: {
    /** Received files. */
    readonly received: number;
    /** Files that were matched to their placeholders. */
    readonly joined: number;
    /** Placeholders whose files may still arrive. */
    readonly expected: number;
    /** Placeholders whose files are too old to arrive. */
    readonly never: number;
  };
  /** Ranges of missing chunks. */
  readonly gaps: readonly HistoryGap[];
  readonly requestedAt?: Date;
  /** Time of the last new chunk or file. */
  readonly lastAt?: Date;
  /** Time at which the history became `complete`, `declined` or `stalled`. */
  readonly settledAt?: Date;
  /** Meta's reason if the history was declined. */
  readonly failure?: { readonly code: number; readonly message: string };
}

/** Options of the history module. */
export interface HistoryOptions {
  /** Milliseconds without new data after which 100 % counts as complete. @defaultValue 300 000 (5 minutes) */
  readonly quietMs?: number | undefined;
  /** Milliseconds without new data after which the history counts as stalled. @defaultValue 21 600 000 (6 hours) */
  readonly stalledAfterMs?: number | undefined;
}

/** Tracks the history of each number, chunk by chunk. */
export interface HistoryModule {
  /**
   * Returns the history of a number.
   *
   * @param phoneNumberId - The number.
   */
  get(phoneNumberId: string): Promise<NumberHistory>;
}
