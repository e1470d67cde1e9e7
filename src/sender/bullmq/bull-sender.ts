import type { Redis } from 'ioredis';
import type { Client } from '../../client/client.js';
import type { MessageFor } from '../../messages/outgoing/coexistence-message.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Subscribable } from '../../runtime/emitter.js';
import type { Instrument } from '../../runtime/instrument.js';
import type { Logger } from '../../runtime/logger.js';
import type { RedisEviction } from '../../stores/redis/eviction.js';
import type { Store } from '../../stores/store.js';
import type { StatusEvent } from '../../webhooks/events/messages.js';
import type { SendGuard } from '../guard.js';
import type { SendPacing } from '../pacer.js';
import type { SendOptions } from '../send-options.js';
import type { SendResult } from '../send-result.js';
import type { SenderEvents } from '../sender-events.js';
import type { SendThroughput } from '../throughput.js';
import type { SenderWebhooks } from '../webhook-wiring.js';

/** Options of {@link createBullSender}. */
export interface BullSenderOptions<Coexistence extends boolean = boolean> {
  /** The client; with `from`, one sender serves many numbers, and the client's `accessToken` function finds the token of each. */
  readonly client: Client<Coexistence>;
  /** How many messages a second Meta lets through for each number: the cap at Meta's end, not a target. */
  readonly throughput: SendThroughput;
  /**
   * Redis, as an ioredis client made with `maxRetriesPerRequest: null`, which stays the caller's to close. Beside it the sender makes a
   * connection that waits for numbers, one for each number that it sends from, and one that waits for outcomes. Redis must keep
   * an append-only file (`appendonly yes`); otherwise a restart of Redis forgets what was queued and what was sent, and a warning says so.
   */
  readonly connection: Redis;
  /**
   * What the sender does if Redis removes keys when its memory is full (`maxmemory` with another `maxmemory-policy` than `noeviction`). `'reject'`:
   * `send` and `enqueue` reject with a `StoreError` of reason `evicting`, and the process doesn't send from the queue.
   * @defaultValue `'reject'`
   */
  readonly eviction?: RedisEviction | undefined;
  /** Begins the names of all keys in Redis. @defaultValue `'wa-coexist'` */
  readonly prefix?: string | undefined;
  /** How many numbers this process may send from at once; `0` for one that only queues. @defaultValue 100 */
  readonly numbers?: number | undefined;
  /**
   * Webhooks that arrive in this process. They settle unknown sends, record opt-outs from marketing messages, and stop templates that Meta
   * paused or disabled, for all processes. The sender also learns from them which phone numbers and user IDs belong to one person, so that the
   * order of messages, the pair rate and opt-outs count for the person. Another process uses a new link after 10 seconds at the latest.
   * @defaultValue call {@link BullSender.settle} yourself; opt-outs and stopped templates are learned from Meta's rejections
   */
  readonly webhooks?: SenderWebhooks | undefined;
  /**
   * Stores opt-outs and stopped templates. All processes need the same one.
   * @defaultValue a `redisStore` on `connection`, under `prefix`
   */
  readonly store?: Store | undefined;
  /** Asked of every message that is about to leave, in the process that sends it. */
  readonly guards?: readonly SendGuard[] | undefined;
  /**
   * How long a guard may take to decide, in milliseconds. The sender rejects the message afterwards, with reason `guard-failed`.
   * @defaultValue 10 000
   */
  readonly guardTimeoutMs?: number | undefined;
  /** How requests are spaced. @defaultValue `'even'` */
  readonly pacing?: SendPacing | undefined;
  /** The most requests of one number under way at once. @defaultValue the throughput, but at least 8 and at most 500 */
  readonly concurrency?: number | undefined;
  /** Meta's rules, for throughput and pair rate. @defaultValue the client's, else today's */
  readonly policy?: CoexistencePolicy | undefined;
  /** Where time comes from. @defaultValue the client's clock */
  readonly clock?: Clock | undefined;
  /** Where the sender writes what it notices. @defaultValue the client's logger */
  readonly logger?: Logger | undefined;
  /** Wraps each try as `sender.send`, for tracing. @defaultValue nothing */
  readonly instrument?: Instrument | undefined;
}

/** Options of one send: what can be written down, as another process may make it. */
export type BullSendOptions = Omit<SendOptions, 'signal' | 'guard' | 'onUnknown'>;

/** What a {@link BullSender} is doing in this process. */
export interface BullSenderStats {
  /** Graph ids of the numbers that this process sends from now. */
  readonly numbers: readonly string[];
  /** Messages taken from the queues that wait for their turn. */
  readonly queued: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Sends of this process whose outcome is not known yet, wherever they are made. */
  readonly awaited: number;
}

/** Events of a {@link BullSender}: those of its own process's sends, and of settlements that it made. */
export type BullSenderEvents = Pick<SenderEvents, 'sent' | 'rejected' | 'unknown' | 'settled' | 'throttled' | 'retry'>;

/** Sends the messages of many numbers from many processes. Made by {@link createBullSender}. */
export interface BullSender<Coexistence extends boolean = boolean> extends Subscribable<BullSenderEvents>, AsyncDisposable {
  /**
   * Queues a message and tells its outcome, whichever process sends it. Never rejects for what Meta says; the outcome is one of three.
   *
   * With a `key` the message is sent once, by whichever process: the same key again, in any process, before, during or after, has the same
   * outcome. Keys are kept for 30 days.
   *
   * @throws what Redis throws, if the message could not be queued.
   */
  send(message: MessageFor<Coexistence>, options?: BullSendOptions): Promise<SendResult>;
  /**
   * Queues a message and answers its id as soon as it is durable in Redis.
   *
   * @throws what Redis throws, if the message could not be queued.
   */
  enqueue(message: MessageFor<Coexistence>, options?: BullSendOptions): Promise<string>;
  /** Settles the unknown send that a status webhook is about, whichever process made it. Answers whether it was one. Done by itself with `webhooks`. */
  settle(event: StatusEvent): Promise<boolean>;
  /** What it is doing in this process. */
  stats(): BullSenderStats;
  /**
   * Stops sending here: what is under way comes to its end, what has not left goes back to its queue, in order, for other processes.
   * While Redis is away it waits for it. Sends that are still awaited are left to {@link enqueue}'s way: their promises resolve no more.
   */
  close(): Promise<void>;
}
