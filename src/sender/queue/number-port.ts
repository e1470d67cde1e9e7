import type { Client, RequestTarget } from '../../client/client.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Instrument } from '../../runtime/instrument.js';
import type { Logger } from '../../runtime/logger.js';
import type { HeardBefore } from '../attempts/attempts.js';
import type { SendGuard } from '../guard.js';
import type { SendRecords } from '../outbox/job-records.js';
import type { Job, OnResult, OnUnknown, SubmitOptions } from './job.js';
import type { Rank } from './lanes.js';
import type { AgainVerdict } from '../attempts/outcome.js';
import type { LedgerSend } from '../outbox/ledger.js';
import type { EndedSend } from '../outbox/queue-entry.js';
import type { SendPacing } from '../pacing/pacer.js';
import type { SenderPeople } from './people.js';
import type { SendIds } from '../send-ids.js';
import type { RejectedBy, SendResult } from '../send-result.js';
import type { Settlements } from '../settlement/settlements.js';

/** What a number's sender works with. */
export interface NumberSenderOptions {
  /** The client of the number. */
  readonly client: Client;
  readonly phoneNumberId: string;
  /** Messages a second that Meta lets through. */
  readonly cap: number;
  readonly pacing: SendPacing;
  /** The most requests under way at once. @defaultValue the cap, but at least 8 and at most 500 */
  readonly concurrency: number | undefined;
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrument: Instrument;
  /** Opens the records of the number's messages. */
  readonly recordsOf: (host: RecordsHost) => SendRecords;
  /** Whether callers know the IDs of messages that wait. */
  readonly hasIds: boolean;
  /** Makes the ids of sends. */
  readonly ids: SendIds;
  /** Brings statuses and unknown sends together. @defaultValue the caller does */
  readonly settlements: Settlements | undefined;
  readonly people: SenderPeople;
  /** What becomes of messages with an unknown outcome that do not say it themselves. */
  readonly onUnknown: OnUnknown;
  /** Asked of every message, before the message's own guard. */
  readonly guards: readonly SendGuard[];
  /** How long a guard may take to decide. */
  readonly guardTimeoutMs: number;
  readonly listener: NumberListener;
}

/** What the records of a number's messages ask of its sender. */
export interface RecordsHost {
  readonly target: RequestTarget & { readonly phoneNumberId: string };
  /** Names a message in the ledger. */
  readonly sendOf: (job: Job) => LedgerSend;
  /** Tells the outcome of a message that was on record, or could not be recorded. */
  readonly finish: (job: Job, result: SendResult, replay?: 'replay') => void;
  /** Joins a message to the open one of this process that has its key, by the ID of the send. Returns whether there is one. */
  readonly join: (job: Job, sendId: string) => boolean;
}

/** Receives the events of a number. None of its functions may throw. */
export interface NumberListener {
  /** A message was queued. */
  queued?(job: Job): void;
  /** A message shares the outcome of an earlier one with the same key. */
  joined?(job: Job): void;
  /** A message has its outcome; a `replay` was on record already. */
  outcome?(job: Job, result: SendResult, replay: boolean): void;
  /** A message will go out again. */
  again(job: Job, verdict: AgainVerdict, waitMs: number): void;
  /**
   * Meta refused a message. It is held where an answer is given, as one whose template is paused, and has its outcome otherwise.
   */
  refused(job: Job, error: WhatsAppError): Hold | undefined;
  /** A guard holds a message. */
  held(job: Job, reason: string, until: Date): void;
  /** An unknown send was settled by what had been heard before it was known to be one. */
  settledBefore?(heard: HeardBefore): void;
  /** The last open message has its outcome. */
  idle?(): void;
}

/** Why a message is held, and until when. */
export interface Hold {
  readonly reason: string;
  readonly until: Date;
}

/** What a number's sender is doing. */
export interface NumberActivity {
  /** Messages that wait, those that a guard holds included. */
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
  /** Queues a message and returns its job. If a message with the same key is open, it returns nothing, and `onResult` receives that outcome. */
  submit(message: OutgoingMessage, options: SubmitOptions, onResult: OnResult): Job | undefined;
  /** The open message with a key. */
  find(key: string): Job | undefined;
  /** The open message with an ID, if there is an outbox. */
  findById(id: string): Job | undefined;
  /** Rejects a message that still waits because its caller cancelled it. Returns whether it did. */
  cancel(job: Job): boolean;
  /** Takes a message back for its signal, if it still waits. */
  abort(job: Job, signal: AbortSignal): void;
  /** Refuses a message that still waits. */
  reject(job: Job, by: RejectedBy, error: WhatsAppError): void;
  /** Ends a message that a dead process sent. Its outcome is unknown, unless a status settled it. */
  cutOff(message: OutgoingMessage, options: SubmitOptions, messageId: string | undefined): Promise<void>;
  /** Emits an outcome that another process recorded, and may not have emitted. */
  replay(message: OutgoingMessage, options: SubmitOptions, ended: EndedSend): void;
  /** Two queues belong to one person: joins the first to the second. */
  join(from: string, to: string): void;
  /** Recipients with a message that could leave now and is at least as urgent as `rank`. */
  ready(rank: Rank): number;
  /** Calls back once {@link ready} is below a limit. */
  whenReadyBelow(rank: Rank, limit: number, onBelow: () => void): void;
  /** Meta lets more or less through from now on. */
  changeCap(cap: number): void;
  /** A message that somebody else sent or received with the number counts towards its throughput. */
  charge(): void;
  /** Asks the guards again of messages that they hold. */
  askAgain(which: (job: Job) => boolean): void;
  pause(): void;
  resume(): void;
  /** Resolves when no message is without an outcome. */
  drain(): Promise<void>;
  /**
   * Takes and starts nothing more, and hands each message that still waits to `unsent`: it certainly did not go out, and has no outcome
   * unless {@link reject} gives it one. Resolves when what is under way has come to its end, or after a deadline if the store does not respond.
   */
  close(unsent: (job: Job) => void): Promise<void>;
  /** After the closing: leaves a message in the outbox to the next process, which its callers learn as an unknown outcome. */
  leaveInStore(job: Job): void;
  activity(): NumberActivity;
  /** Whether it could be forgotten: no message is open, and nothing is known that would be missed. */
  forgettable(): boolean;
}
