import type { OptOutKeywords } from '../../messages/opt-out-keywords.js';
import type { Redis } from 'ioredis';
import type { RedisEviction } from '../../stores/redis/eviction.js';
import type { Store } from '../../stores/store.js';
import type { SendOptions } from '../send-options.js';
import type { SenderOptions } from '../sender-options.js';
import type { Sender } from '../sender.js';
import type { SendThroughput } from '../pacing/throughput.js';
import type { SenderWebhooks } from '../settlement/webhook-wiring.js';

/** Options with the same meaning in one process and in many. */
type CommonOption =
  | 'client'
  | 'onUnknown'
  | 'unsettledAfterMs'
  | 'guards'
  | 'guardTimeoutMs'
  | 'maxEqualRejections'
  | 'pacing'
  | 'concurrency'
  | 'policy'
  | 'clock'
  | 'logger'
  | 'instrument';

/** Options of {@link createBullSender}. */
export interface BullSenderOptions<Coexistence extends boolean = boolean> extends Pick<SenderOptions<Coexistence>, CommonOption> {
  /**
   * Messages per second that Meta accepts for each number. `'auto'` reads the limit of each number. All processes share this limit for an hour,
   * or until a webhook reports a change.
   * @defaultValue `'auto'`
   */
  readonly throughput?: SendThroughput | 'auto' | undefined;
  /**
   * An ioredis client with `maxRetriesPerRequest: null`. You close it yourself. The sender opens more connections: one that waits for numbers,
   * one for each number that it sends from, and one for outcomes. Redis needs an append-only file (`appendonly yes`). Without it, a restart of
   * Redis loses queued messages and the record of sent ones, and the sender logs a warning.
   */
  readonly connection: Redis;
  /**
   * What the sender does if Redis removes keys when its memory is full, which is each `maxmemory-policy` except `noeviction`. With `'reject'`,
   * `send` and `enqueue` reject with a `StoreError` whose reason is `evicting`, and the process doesn't send from the queue.
   * @defaultValue `'reject'`
   */
  readonly eviction?: RedisEviction | undefined;
  /** Prefix of all keys in Redis. @defaultValue `'wa-coexist'` */
  readonly prefix?: string | undefined;
  /**
   * Maximum number of numbers that this process sends from at the same time. If more numbers have messages, they take turns of one second.
   * `0`: the process only queues.
   * @defaultValue 100
   */
  readonly numbers?: number | undefined;
  /**
   * Webhooks that arrive in this process. They have the same effects as in `createSender`, for all processes. Other processes use a new link
   * between IDs of a person after at most 10 seconds.
   * @defaultValue you call `settle`, and the sender learns about templates and opt-outs from Meta's rejections
   */
  readonly webhooks?: SenderWebhooks | undefined;
  /**
   * Stores opt-outs, stopped templates and links between IDs. All processes need the same store.
   * @defaultValue a `redisStore` on `connection`, under `prefix`
   */
  readonly store?: Store | undefined;
  /**
   * Charges messages from customers to the throughput of the number, as Meta does. Needs `webhooks`. The process that receives a webhook
   * notifies the process that sends from the number. @defaultValue `false`
   */
  readonly chargeInbound?: boolean | undefined;
  /** Words with which customers stop marketing messages. See {@link SenderOptions.optOutKeywords}. */
  readonly optOutKeywords?: OptOutKeywords | undefined;
}

/** Options of one send. A guard is a function, which another process can't call: pass `guards` to {@link createBullSender}. */
export type BullSendOptions = Omit<SendOptions, 'guard'>;

/**
 * Sends messages from many numbers in many processes. {@link createBullSender} creates it.
 *
 * It is a {@link Sender}, with these differences:
 *
 * - `send` and `sendAll` reject with the error of Redis, or with a `StoreError`, if a message could not be queued.
 * - Events about a message are emitted in the process that sends it, and `settled` in the process that received the status. `paused` and
 *   `resumed` are emitted in every process.
 * - `stats()` counts the messages that this process has taken from the queues. `fleetStats()` counts all.
 * - `pause`, `resume`, `cancel` and `drain` apply to all processes. A message that expires during a pause is rejected afterwards.
 * - `close()` returns unsent messages to their queues, in order, for other processes. Sends without an outcome yet resolve as `unknown`.
 */
export type BullSender<Coexistence extends boolean = boolean> = Sender<Coexistence, 'guard'>;
