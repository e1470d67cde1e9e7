import type { Customer } from '../../webhooks/events/base.js';
import type { HistoryMessage } from '../../webhooks/events/history.js';
import type { HistoryGap, HistoryStatus } from './history-state.js';

/**
 * A message of the past. `media` tells of a placeholder what became of its file: `joined`, then `message` holds it; `expected`, then a
 * `history.media` follows; `never`, as Meta sends no media older than 14 days at onboarding.
 */
export interface HistoryItem extends HistoryMessage {
  readonly media?: 'joined' | 'expected' | 'never';
}

/** What one chunk holds of one thread, in the order of time. The same batch may come again: write its messages by their wamids. */
export interface HistoryBatch {
  readonly phoneNumberId: string;
  readonly wabaId?: string;
  /** The customer's number, as Meta wrote it; absent for people who hide it. */
  readonly threadId?: string;
  readonly customer?: Customer;
  /** Time band: 0 = the day before onboarding, 1 = to day 90, 2 = to day 180. */
  readonly phase?: number;
  readonly chunkOrder?: number;
  readonly messages: readonly HistoryItem[];
}

/** A file of the past. It belongs to the placeholder with the same wamid, which came before or comes later. */
export interface HistoryMedia {
  readonly phoneNumberId: string;
  readonly wabaId?: string;
  readonly threadId?: string;
  readonly customer?: Customer;
  /** Whether the placeholder is known; `item` then has its time and status, too. */
  readonly joined: boolean;
  readonly item: HistoryItem;
}

/** The history of a number as it stands. */
export interface NumberHistory {
  readonly phoneNumberId: string;
  readonly status: HistoryStatus;
  /** Meta's percent. 100 may come before other chunks: only `status` tells whether it is complete. */
  readonly progress: number;
  readonly chunks: number;
  readonly messages: number;
  readonly phases: readonly { readonly phase?: number; readonly chunks: number; readonly messages: number }[];
  /** Chunks and media that came again and were dropped. */
  readonly duplicates: number;
  readonly media: {
    /** Files that came. */
    readonly received: number;
    /** Files that found their placeholders. */
    readonly joined: number;
    /** Placeholders that wait for theirs. */
    readonly expected: number;
    /** Placeholders that wait in vain. */
    readonly never: number;
  };
  /** Chunks that are known to be missing. */
  readonly gaps: readonly HistoryGap[];
  readonly requestedAt?: Date;
  /** When something new last came. */
  readonly lastAt?: Date;
  /** When it became `complete`, `declined` or `stalled`. */
  readonly settledAt?: Date;
  /** Why it was declined. */
  readonly failure?: { readonly code: number; readonly message: string };
}

/** How patient the history is. */
export interface HistoryOptions {
  /** Milliseconds without anything new after which 100 % counts as complete. @defaultValue 300 000 (5 minutes) */
  readonly quietMs?: number | undefined;
  /** Milliseconds without anything new after which it counts as stalled. @defaultValue 21 600 000 (6 hours) */
  readonly stalledAfterMs?: number | undefined;
}

/** Follows the history of numbers, chunk by chunk. */
export interface HistoryModule {
  /** The history of a number as it stands. */
  get(phoneNumberId: string): Promise<NumberHistory>;
}
