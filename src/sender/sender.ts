import type { Client } from '../client/client.js';
import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Subscribable } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { MessageStatus, StatusEvent } from '../webhooks/events/messages.js';
import type { Pacing } from './pacer.js';
import type { AcceptedSend, RejectedBy, SendResult, Settlement } from './send-result.js';
import type { Throughput } from './throughput.js';

/** How urgent a message is. A more urgent one overtakes all others, those to the same recipient, too. */
export type Priority = 'high' | 'normal' | 'low';

/** Where status webhooks come from: `createWebhooks` of `wa-coexist/webhooks` fits. */
export interface StatusSource {
  /** Calls `handler` at every status. */
  on(name: 'status', handler: (event: StatusEvent) => void | Promise<void>): void;
  /** Stops that. */
  off(name: 'status', handler: (event: StatusEvent) => void | Promise<void>): void;
}

/** Options of {@link createSender}. */
export interface SenderOptions {
  /** The client of the number that sends. */
  readonly client: Client;
  /** How many messages a second Meta lets through for the number: the cap at Meta's end, not a target. */
  readonly throughput: Throughput;
  /**
   * Where sends are recorded before they are made, so that a `key` seen in another process or before a restart sends nobody twice.
   * @defaultValue keys are remembered in memory, other sends not at all
   */
  readonly store?: Store;
  /** Settles unknown sends by the statuses that arrive there. @defaultValue call {@link Sender.settle} yourself */
  readonly webhooks?: StatusSource;
  /** How requests are spaced. @defaultValue `'even'` */
  readonly pacing?: Pacing;
  /** The most requests under way at once. @defaultValue the throughput, but at least 8 and at most 500 */
  readonly concurrency?: number;
  /** Meta's rules, for throughput and pair rate. @defaultValue the client's, else today's */
  readonly policy?: CoexistencePolicy;
  /** Where time comes from. @defaultValue the client's clock */
  readonly clock?: Clock;
  /** Where the sender writes what it notices. @defaultValue the client's logger */
  readonly logger?: Logger;
  /** Wraps each try as `sender.send`, for tracing. @defaultValue nothing */
  readonly instrument?: Instrument;
}

/** Options of {@link Sender.send}. */
export interface SendOptions {
  /**
   * The caller's own name for this send. It happens once: with a key seen before, the recorded outcome is returned and nothing is sent.
   * Sends that never left (expired, aborted, closed, guard) are not recorded. Kept for 30 days.
   */
  readonly key?: string;
  /** @defaultValue `'normal'`; `'low'` in {@link Sender.sendAll}, so that single sends overtake it */
  readonly priority?: Priority;
  /** The message is not sent after this time, by the wall clock. @defaultValue it waits for as long as it takes */
  readonly expiresAt?: Date;
  /** Takes the message back while it waits. One that is on its way already is not cut off. */
  readonly signal?: AbortSignal;
}

/** An element of the source of {@link Sender.sendAll}: a message, or a message with options of its own. */
export type SendItem = OutgoingMessage | (SendOptions & { readonly message: OutgoingMessage });

/** Options of {@link Sender.sendAll}. */
export interface SendAllOptions {
  /** Told how far it is: at most ten times a second, and at the end. */
  readonly onProgress?: (progress: SendProgress) => void;
  /** Stops it: nothing more is taken from the source, and what waits is not sent. */
  readonly signal?: AbortSignal;
  /** How many messages may be taken from the source and not be done with. @defaultValue 1000, or twice the throughput if that is more */
  readonly concurrency?: number;
  /** Of messages without one of their own. @defaultValue `'low'` */
  readonly priority?: Priority;
  /** How many messages the source holds, for the time left. @defaultValue its `length` or `size`, where it has one */
  readonly total?: number;
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
  /** Why it ended before the source did. */
  readonly stoppedBy?: 'aborted' | 'closed';
}

/** What every event about one message says. */
export interface SenderMessageEvent {
  readonly message: OutgoingMessage;
  /** The caller's key of the send. */
  readonly key?: string;
  /** How often it went out, this time included. */
  readonly tries: number;
}

/** What a sender tells. Handlers are not waited for; one that fails is logged. */
export interface SenderEvents {
  /** Meta accepted a message. */
  sent: SenderMessageEvent & Omit<AcceptedSend, 'outcome'>;
  /** A message was refused, by Meta or before it left. */
  rejected: SenderMessageEvent & { readonly by: RejectedBy; readonly error: WhatsAppError };
  /** Nobody knows what became of a message. */
  unknown: SenderMessageEvent & { readonly error: Error; readonly settled: Promise<Settlement> };
  /** A status webhook settled an unknown send, of this process or another. */
  settled: {
    readonly messageId: string;
    /** The status that told; absent where another process heard it. */
    readonly status?: MessageStatus;
    /** The caller's key of the send. */
    readonly key?: string;
    /** The caller's own `biz_opaque_callback_data`. */
    readonly callbackData?: string;
  };
  /** Meta refused a message for its rate, and slows the recipient (131056) or the number down. */
  throttled: { readonly error: WhatsAppError; readonly scope: 'recipient' | 'number' };
  /** A message will go out again, because Meta certainly did not take it. */
  retry: SenderMessageEvent & { readonly error: WhatsAppError; /** Milliseconds before which it will not. */ readonly waitMs: number };
  /** {@link Sender.pause} was called. */
  paused: SenderStats;
  /** {@link Sender.resume} was called. */
  resumed: SenderStats;
  /** Nothing waits and nothing is under way any more. */
  idle: SenderStats;
}

/** What a sender is doing, and has done. */
export interface SenderStats {
  /** Messages that wait. */
  readonly queued: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Recipients whose messages wait for the pair rate. */
  readonly waitingRecipients: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Unknown sends that a status has settled. */
  readonly settled: number;
  /** Times that Meta refused a message for its rate. */
  readonly throttled: number;
  /** Messages accepted a second, over the last ten seconds. */
  readonly perSecond: number;
  /** Messages a second that are taken to pass now: the cap, or less while Meta lets less through. */
  readonly ceiling: number;
  readonly paused: boolean;
}

/**
 * Sends messages of one number within Meta's limits. Made by {@link createSender}.
 */
export interface Sender extends Subscribable<SenderEvents>, AsyncDisposable {
  /**
   * Queues a message and tells its outcome. Never rejects: whatever happens is one of three outcomes.
   *
   * Messages of the same priority to one recipient keep their order. What Meta refuses for its rate, or could not be reached for, waits and
   * goes out again until `expiresAt`; what may have been taken does not.
   *
   * @example
   * ```ts
   * import { createClient, createSender, text } from 'wa-coexist';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const sender = createSender({ client, throughput: 'coexistence' });
   * const result = await sender.send({ to: '15550100987', ...text('Your code is 123456') }, { expiresAt: new Date(Date.now() + 120_000) });
   * if (result.outcome === 'rejected') console.log(result.by, result.error.message);
   * ```
   */
  send(message: OutgoingMessage, options?: SendOptions): Promise<SendResult>;
  /**
   * Sends all messages of a source, taking them only as fast as they go out, so that the source may be endless.
   * What becomes of each is told by the events; with a `key` each, the same source can be run again and sends nobody twice.
   *
   * @throws what the source throws, once the messages taken from it are done.
   *
   * @example
   * ```ts
   * import { createClient, createSender, template } from 'wa-coexist';
   *
   * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
   * const sender = createSender({ client, throughput: 'coexistence' });
   * const customers = [{ id: 1, phone: '15550100987' }];
   * const campaign = customers.map(({ id, phone }) => ({ key: `spring-${String(id)}`, message: { to: phone, ...template('spring', 'en_US') } }));
   * const result = await sender.sendAll(campaign, {
   *   onProgress: ({ done, total, leftMs }) => console.log(done, total, leftMs),
   * });
   * console.log(result.accepted, result.rejectedBy);
   * ```
   */
  sendAll(source: Iterable<SendItem> | AsyncIterable<SendItem>, options?: SendAllOptions): Promise<SendAllResult>;
  /** Settles the unknown send that a status webhook is about. Answers whether it was one. Done by itself with `webhooks`. @throws `StoreError` */
  settle(event: StatusEvent): Promise<boolean>;
  /** Starts nothing more until {@link resume}; what is under way comes to its end. */
  pause(): void;
  /** Ends a pause. */
  resume(): void;
  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void>;
  /** Takes nothing more, refuses what waits (`by: 'closed'`), and resolves when what is under way has come to its end. */
  close(): Promise<void>;
  /** What it is doing, and has done. */
  stats(): SenderStats;
}
