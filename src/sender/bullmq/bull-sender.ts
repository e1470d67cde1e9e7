import type { Redis } from 'ioredis';
import type { Client } from '../../client/client.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Instrument } from '../../runtime/instrument.js';
import type { Logger } from '../../runtime/logger.js';
import type { RedisEviction } from '../../stores/redis/eviction.js';
import type { Store } from '../../stores/store.js';
import type { SendGuard } from '../guard.js';
import type { OnUnknown } from '../job.js';
import type { SendPacing } from '../pacer.js';
import type { SendOptions } from '../send-options.js';
import type { Sender } from '../sender.js';
import type { SendThroughput } from '../throughput.js';
import type { SenderWebhooks } from '../webhook-wiring.js';

/** Options of {@link createBullSender}. */
export interface BullSenderOptions<Coexistence extends boolean = boolean> {
  /** The client; with `from`, one sender serves many numbers, and the client's `accessToken` function finds the token of each. */
  readonly client: Client<Coexistence>;
  /**
   * How many messages a second Meta lets through for each number: the cap at Meta's end, not a target. `'auto'` reads it from each number. All
   * processes share what one of them read for an hour, or until a webhook reports a change.
   * @defaultValue `'auto'`
   */
  readonly throughput?: SendThroughput | 'auto' | undefined;
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
   * @defaultValue call `settle` yourself; opt-outs and stopped templates are learned from Meta's rejections
   */
  readonly webhooks?: SenderWebhooks | undefined;
  /**
   * Stores opt-outs and stopped templates. All processes need the same one.
   * @defaultValue a `redisStore` on `connection`, under `prefix`
   */
  readonly store?: Store | undefined;
  /** What becomes of messages whose outcome is unknown. `'resend'` may send a message twice. @defaultValue `'report'` */
  readonly onUnknown?: OnUnknown | undefined;
  /** Milliseconds for which an unknown send waits for a status before it is reported as unsettled. @defaultValue 3 600 000 (an hour) */
  readonly unsettledAfterMs?: number | undefined;
  /**
   * Whether messages that customers send are charged to the number's throughput, as Meta does: with `webhooks`. The process that receives a webhook
   * tells the process that sends from the number. @defaultValue `false`
   */
  readonly chargeInbound?: boolean | undefined;
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

/** Options of one send. A guard is a function, which another process can't call: pass `guards` to {@link createBullSender}. */
export type BullSendOptions = Omit<SendOptions, 'guard'>;

/**
 * Sends the messages of many numbers from many processes. Made by {@link createBullSender}.
 *
 * It is a {@link Sender}, with these differences:
 *
 * - `send` and `sendAll` reject with the error of Redis, or with a `StoreError`, if a message could not be queued.
 * - Events about a message are emitted in the process that sends it, and `settled` in the process that received the status. `paused` and
 *   `resumed` are emitted in every process.
 * - `stats()` counts the messages that this process has taken from the queues. `fleetStats()` counts all.
 * - `pause`, `resume`, `cancel` and `drain` apply to all processes. A message that expires during a pause is rejected afterwards.
 * - `close()` returns messages that have not left to their queues, in order, for other processes. Sends that are still open have the outcome `unknown`.
 */
export type BullSender<Coexistence extends boolean = boolean> = Sender<Coexistence, 'guard'>;
