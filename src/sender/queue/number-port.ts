import type { Client, RequestTarget } from '../../client/client.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Instrument } from '../../runtime/instrument.js';
import type { Logger } from '../../runtime/logger.js';
import type { SettledEarly } from '../attempts/attempts.js';
import type { SendGuard } from '../guard.js';
import type { SendRecords } from '../outbox/job-records.js';
import type { OnUnknown } from '../send-options.js';
import type { Job, OnResult, SubmitOptions } from './job.js';
import type { Rank } from './recipient-queues.js';
import type { AgainVerdict } from '../attempts/outcome.js';
import type { LedgerSend } from '../outbox/ledger.js';
import type { EndedSend } from '../outbox/queue-entry.js';
import type { PaceRecord } from '../pacing/pace-record.js';
import type { SendPacing } from '../pacing/pacer.js';
import type { SenderPeople } from './sender-people.js';
import type { SendIds } from '../send-ids.js';
import type { RejectedBy, SendResult } from '../send-result.js';
import type { Settlement } from '../settlement/settlement.js';

/** Options of a number's sender. */
export interface NumberSenderOptions {
  /** The client of the number. */
  readonly client: Client;
  readonly phoneNumberId: string;
  /** Maximum number of messages per second. */
  readonly cap: number;
  readonly pacing: SendPacing;
  /** Maximum number of requests in flight. @defaultValue the cap, but at least 8 and at most 500 */
  readonly concurrency: number | undefined;
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrument: Instrument;
  /** Creates the records of the number's messages. */
  readonly recordsOf: (host: RecordsHost) => SendRecords;
  /** Whether callers know the IDs of waiting messages. */
  readonly hasIds: boolean;
  /** Creates the IDs of sends. */
  readonly ids: SendIds;
  /** Settles unknown sends. @defaultValue the caller settles them */
  readonly settlement: Settlement | undefined;
  readonly people: SenderPeople;
  /** Default for messages with an unknown outcome. */
  readonly onUnknown: OnUnknown;
  /** Guards of all messages. They run before the message's own guard. */
  readonly guards: readonly SendGuard[];
  /** Time limit for a guard in milliseconds. */
  readonly guardTimeoutMs: number;
  readonly listener: NumberListener;
}

/** The part of a number's sender that its records use. */
export interface RecordsHost {
  readonly target: RequestTarget & { readonly phoneNumberId: string };
  /** Returns the IDs of a message in the ledger. */
  readonly sendOf: (job: Job) => LedgerSend;
  /** Reports the outcome of a message that was recorded already, or could not be recorded. */
  readonly finish: (job: Job, result: SendResult, replay?: 'replay') => void;
  /**
   * Joins a message to the open message of this process that has the same key, by send ID. Returns whether there is
   * one.
   */
  readonly join: (job: Job, sendId: string) => boolean;
}

/** Receives the events of a number. None of its functions may throw. */
export interface NumberListener {
  /** A message was queued. */
  queued?(job: Job): void;
  /** A message shares the outcome of an earlier one with the same key. */
  joined?(job: Job): void;
  /** A message has its outcome. A `replay` was recorded before. */
  outcome?(job: Job, result: SendResult, replay: boolean): void;
  /** A message will be sent again. */
  again(job: Job, verdict: AgainVerdict, waitMs: number): void;
  /**
   * Meta rejected a message. Returns how long to delay it, for example because its template is paused. Returns
   * `undefined` if the rejection is final.
   */
  rejected(job: Job, error: WhatsAppError): Hold | undefined;
  /** A guard delays a message. */
  delayed(job: Job, reason: string, until: Date): void;
  /** An earlier status settled an unknown send. */
  settledBefore?(early: SettledEarly): void;
  /** The last open message has its outcome. */
  idle?(): void;
}

/** Why a message is delayed, and until when. */
export interface Hold {
  readonly reason: string;
  readonly until: Date;
}

/** Figures of a number's sender. */
export interface NumberActivity {
  /** Waiting messages, including delayed ones. */
  readonly queued: number;
  readonly held: number;
  readonly inFlight: number;
  readonly waitingRecipients: number;
  readonly ceiling: number;
}

/** Sends the messages of one number from this process. */
export interface NumberSender {
  readonly phoneNumberId: string;
  readonly client: Client;
  /** Messages without an outcome. */
  readonly open: number;
  /**
   * Queues a message and returns its job. If a message with the same key is open, returns `undefined`, and `onResult`
   * receives the outcome of that message.
   */
  submit(message: OutgoingMessage, options: SubmitOptions, onResult: OnResult): Job | undefined;
  /** Returns the open message with a key. */
  find(key: string): Job | undefined;
  /** Returns the open message with an ID, if there is an outbox. */
  findById(id: string): Job | undefined;
  /** Rejects a message because its caller cancelled it. Returns whether it was still waiting. */
  cancel(job: Job): boolean;
  /** Rejects a waiting message because of its signal. */
  abort(job: Job, signal: AbortSignal): void;
  /** Rejects a waiting message. */
  reject(job: Job, by: RejectedBy, error: WhatsAppError): void;
  /** Ends a message that a crashed process sent. Its outcome is unknown, unless a status settled it. */
  cutOff(message: OutgoingMessage, options: SubmitOptions, messageId: string | undefined): Promise<void>;
  /** Emits an outcome that another process recorded, but may not have emitted. */
  replay(message: OutgoingMessage, options: SubmitOptions, ended: EndedSend): void;
  /** Joins the first queue to the second, because both belong to one person. */
  join(from: string, to: string): void;
  /** Number of recipients with a message that is ready to send and at least as urgent as `rank`. */
  ready(rank: Rank): number;
  /** Calls `onBelow` when {@link ready} is below a limit. */
  whenReadyBelow(rank: Rank, limit: number, onBelow: () => void): void;
  /** Changes the maximum number of messages per second. */
  changeCap(cap: number): void;
  /** Counts a message that the number received, or that another program sent. */
  charge(): void;
  /** Runs the guards again for delayed messages. */
  rerunGuards(which: (job: Job) => boolean): void;
  pause(): void;
  resume(): void;
  /** Resolves when all messages have their outcomes. */
  drain(): Promise<void>;
  /**
   * Stops the sender. Passes each waiting message to `onUnsent`. These messages weren't sent, and have no outcome
   * unless {@link reject} sets one. Resolves when requests and records in progress have ended, or after a deadline if
   * the store doesn't respond.
   */
  close(onUnsent: (job: Job) => void): Promise<void>;
  /** Leaves a message in the outbox for the next process, after closing. Its callers receive an unknown outcome. */
  leaveInStore(job: Job): void;
  activity(): NumberActivity;
  /** Returns the pacing state for the next sender of the number, in this process or another. */
  paceRecord(): PaceRecord;
  /** Continues with the pacing state of another sender of the number. Call it before messages are submitted. */
  restorePace(record: PaceRecord): void;
  /**
   * Whether the number can be closed: it has no open messages, and neither its throughput window nor any pair rate is
   * in use.
   */
  forgettable(): boolean;
}
