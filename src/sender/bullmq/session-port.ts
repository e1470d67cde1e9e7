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

/** Why a session ended. After its `turn`, other numbers that wait for a place have theirs. */
export type SessionEnd = 'drained' | 'turn' | 'paused' | 'closing' | 'lost' | 'disconnected';

/** What a session works with. */
export interface NumberSessionOptions {
  readonly phoneNumberId: string;
  readonly queue: MessageQueue;
  readonly connection: Redis;
  readonly prefix: string;
  /** Renews the lock of the number. Answers whether it is this process's still. */
  readonly keepNumber: () => Promise<boolean>;
  /** Messages per second that Meta accepts. */
  readonly cap: number;
  /** The pace of the number, which the sessions before and after this one share. */
  readonly pace: NumberPace;
  /** Whether the number is paused, in any process. */
  readonly isPaused: () => Promise<boolean>;
  /** Meta refused a message. It is held where an answer is given, as one whose template is paused, and has its outcome otherwise. */
  readonly refused: (message: OutgoingMessage, error: WhatsAppError) => Hold | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens the engine of the number. */
  readonly openEngine: (listener: NumberListener, records: SendRecords) => NumberSender;
  /** A message has its outcome, which BullMQ holds already. */
  readonly onOutcome: (job: MessageJob, tries: number, outcome: JobOutcome) => void;
  /** Meta's answer came after the message was lost to another process, which does not know of it. */
  readonly onLate: (job: MessageJob, messageId: string) => void;
  readonly onAgain: (job: MessageJob, tries: number, verdict: AgainVerdict, waitMs: number) => void;
}

/** The outcome of a message. An unknown outcome is reported with its job. */
export type JobOutcome = Exclude<SendResult, { outcome: 'unknown' }> | { readonly outcome: 'unknown'; readonly error: Error };

/** One number, sent from by this process alone for as long as there is work. */
export interface NumberSession {
  readonly phoneNumberId: string;
  /** Resolves when nothing of the session is under way any more. */
  readonly ended: Promise<SessionEnd>;
  /** Takes and starts nothing more; what has not left goes back to the queue, in its order. */
  stop(why: Exclude<SessionEnd, 'drained'>): void;
  readonly client: Client;
  /** Since when the session takes messages, in monotonic milliseconds. `undefined` before. */
  readonly sendsSinceMs: number | undefined;
  /** Whether the session has no message. */
  isIdle(): boolean;
  /** See `activity` of {@link NumberSender}. */
  activity(): NumberActivity;
  /** See `join` of {@link NumberSender}. */
  join(from: string, to: string): void;
  /** See `charge` of {@link NumberSender}. */
  charge(): void;
  /** See `changeCap` of {@link NumberSender}. */
  changeCap(cap: number): void;
  /** Cancels a message that this session has taken, if it still waits. */
  cancel(id: string): void;
}
