import type { Client } from '../client/client.js';
import type { OptOutKeywords } from '../messages/opt-out-keywords.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { StatusEvent } from '../webhooks/fields/messages.js';
import type { SendGuard } from './guard.js';
import type { OnUnknown } from './send-options.js';
import type { SendPacing } from './pacing/pacer.js';
import type { SendThroughput } from './pacing/throughput.js';
import type { SenderWebhooks } from './settlement/webhook-wiring.js';

/** Source of status webhooks, for example `createWebhooks` of `wa-coexist/webhooks`. */
export interface StatusSource {
  /** Registers a handler of statuses. */
  on(name: 'status', handler: (event: StatusEvent) => void | Promise<void>): void;
  /** Removes a handler. */
  off(name: 'status', handler: (event: StatusEvent) => void | Promise<void>): void;
}

/** Options of {@link createSender}. */
export interface SenderOptions<Coexistence extends boolean = boolean> {
  /**
   * The client of the number. With the send option `from`, one sender serves many numbers. The client's `accessToken` function then finds the
   * token of each number.
   */
  readonly client: Client<Coexistence>;
  /**
   * Messages per second that Meta accepts for each number. `'auto'` reads the limit of each number, and reads it again when a webhook reports a
   * change. Until the limit is known, the sender uses the lowest one.
   * @defaultValue `'auto'`
   */
  readonly throughput?: SendThroughput | 'auto' | undefined;
  /**
   * Stores messages before the sender queues them, and again before it sends them. A `key` is then sent only once, even by several processes
   * and after a restart. After a crash the sender continues with queued messages. Messages in flight at the crash are `unknown`, and the sender
   * doesn't send them again.
   * @defaultValue the sender remembers keys in memory, and no other messages
   */
  readonly store?: Store | undefined;
  /**
   * Milliseconds without a heartbeat after which another process, or the next start, takes over the queue of a process. Needs a `store`.
   * @defaultValue 15 000
   */
  readonly takeOverAfterMs?: number | undefined;
  /** How the sender treats messages with an unknown outcome. `'resend'` can send a message twice. @defaultValue `'report'` */
  readonly onUnknown?: OnUnknown | undefined;
  /** Milliseconds for which an unknown send waits for a status before the sender reports it as unsettled. @defaultValue 3 600 000 (an hour) */
  readonly unsettledAfterMs?: number | undefined;
  /**
   * Webhooks of the numbers. Statuses settle unknown sends. The sender delays or rejects messages whose template is paused or disabled, rejects
   * marketing messages to people who opted out, and learns which phone numbers and user IDs belong to one person. The order of messages, the
   * pair rate and opt-outs then apply to the person.
   * @defaultValue you call {@link Sender.settle}, and the sender learns about templates and opt-outs from Meta's rejections
   */
  readonly webhooks?: SenderWebhooks | undefined;
  /**
   * Charges messages from customers to the throughput of the number, as Meta does. Needs `webhooks`. Use it if customers send about as many
   * messages as you do. Source: Meta, Throughput (11 Sep 2026).
   * @defaultValue `false`
   */
  readonly chargeInbound?: boolean | undefined;
  /**
   * Words with which customers stop marketing messages, from `createOptOutKeywords` of `wa-coexist/messages`. Needs `webhooks`. A text such as
   * STOP counts as an opt-out of this number.
   * @defaultValue only opt-outs in WhatsApp itself count
   */
  readonly optOutKeywords?: OptOutKeywords | undefined;
  /** Guards that check each message in this order, immediately before it is sent. For example, the hand-off and the service window. */
  readonly guards?: readonly SendGuard[] | undefined;
  /**
   * Milliseconds for the decision of a guard. Afterwards the sender rejects the message with the reason `guard-failed`.
   * @defaultValue 10 000
   */
  readonly guardTimeoutMs?: number | undefined;
  /**
   * Number of messages in a row that Meta can reject with the same code before the sender stops the campaign, or the `sendAll` without a
   * campaign. An invalid template then costs 20 messages instead of the whole list. Requests in flight still finish. `false` or 0 turns it off.
   * @defaultValue 20
   */
  readonly maxEqualRejections?: number | false | undefined;
  /** How the sender spaces requests. @defaultValue `'even'` */
  readonly pacing?: SendPacing | undefined;
  /** Maximum number of requests in flight for one number. @defaultValue the throughput, but at least 8 and at most 500 */
  readonly concurrency?: number | undefined;
  /** Meta's rules for throughput and pair rate. @defaultValue the client's policy, otherwise today's rules */
  readonly policy?: CoexistencePolicy | undefined;
  /** The clock. @defaultValue the client's clock */
  readonly clock?: Clock | undefined;
  /** The logger. @defaultValue the client's logger */
  readonly logger?: Logger | undefined;
  /** Wraps each attempt as `sender.send`, for tracing. @defaultValue no tracing */
  readonly instrument?: Instrument | undefined;
}
