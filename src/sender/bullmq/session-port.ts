import type { Redis } from 'ioredis';
import type { Client } from '../../client/client.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { SendRecords } from '../outbox/job-records.js';
import type { Hold, NumberActivity, NumberListener, NumberSender } from '../queue/number-port.js';
import type { AgainVerdict } from '../attempts/outcome.js';
import type { SendResult } from '../send-result.js';
import type { NumberPace } from './number-pace.js';
import type { MessageJob, MessageQueue } from './queues.js';

/** Why a session ended. After a `turn`, other numbers that wait for a slot are next. */
export type SessionEnd = 'drained' | 'turn' | 'paused' | 'closing' | 'lost' | 'disconnected';

/** Dependencies of a session. */
export interface NumberSessionOptions {
  readonly phoneNumberId: string;
  readonly queue: MessageQueue;
  readonly connection: Redis;
  readonly prefix: string;
  /** Renews the lock of the number. Resolves with whether this process still has it. */
  readonly keepNumber: () => Promise<boolean>;
  /** Messages per second that Meta accepts. */
  readonly cap: number;
  /** The pacing state of the number, which consecutive sessions share. */
  readonly pace: NumberPace;
  /** Whether the number is paused, in any process. */
  readonly isPaused: () => Promise<boolean>;
  /**
   * Called when Meta rejected a message. Returns how long to delay the message, for example because its template is
   * paused. Returns `undefined` if the rejection is final.
   */
  readonly rejected: (message: OutgoingMessage, error: WhatsAppError) => Hold | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens the engine of the number. */
  readonly openEngine: (listener: NumberListener, records: SendRecords) => NumberSender;
  /** Called when BullMQ has recorded the outcome of a message. */
  readonly onOutcome: (job: MessageJob, tries: number, outcome: JobOutcome) => void;
  /**
   * Called when Meta's response arrived after the message was lost to another process, which doesn't know the response.
   */
  readonly onLate: (job: MessageJob, messageId: string) => void;
  readonly onAgain: (job: MessageJob, tries: number, verdict: AgainVerdict, waitMs: number) => void;
}

/** The outcome of a message. An unknown outcome is reported with its job. */
export type JobOutcome = Exclude<SendResult, { outcome: 'unknown' }> | { readonly outcome: 'unknown'; readonly error: Error };

/** Sends from one number, exclusively in this process, while there is work. */
export interface NumberSession {
  readonly phoneNumberId: string;
  /** Resolves when the session has no work in progress. */
  readonly ended: Promise<SessionEnd>;
  /** Stops fetching and sending. Unsent messages return to the queue, in order. */
  stop(why: Exclude<SessionEnd, 'drained'>): void;
  readonly client: Client;
  /** When the session started to fetch messages, in monotonic milliseconds. `undefined` before. */
  readonly sendsSinceMs: number | undefined;
  /** Whether the session has no messages. */
  isIdle(): boolean;
  /** See `activity` of {@link NumberSender}. */
  activity(): NumberActivity;
  /** See `join` of {@link NumberSender}. */
  join(from: string, to: string): void;
  /** See `charge` of {@link NumberSender}. */
  charge(): void;
  /** See `changeCap` of {@link NumberSender}. */
  changeCap(cap: number): void;
  /** Cancels a fetched message, if it still waits. */
  cancel(id: string): void;
}
