import type { Client } from '../client/client.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { StatusEvent } from '../webhooks/events/messages.js';
import type { SendGuard } from './guard.js';
import type { OnUnknown } from './job.js';
import type { SendPacing } from './pacer.js';
import type { SendThroughput } from './throughput.js';
import type { SenderWebhooks } from './webhook-wiring.js';

/** Where status webhooks come from: `createWebhooks` of `wa-coexist/webhooks` fits. */
export interface StatusSource {
  /** Calls `handler` at every status. */
  on(name: 'status', handler: (event: StatusEvent) => void | Promise<void>): void;
  /** Stops that. */
  off(name: 'status', handler: (event: StatusEvent) => void | Promise<void>): void;
}

/** Options of {@link createSender}. */
export interface SenderOptions<Coexistence extends boolean = boolean> {
  /**
   * The client of the number that sends. With `from`, one sender serves many numbers: `from` names the number, and the client's `accessToken`
   * function finds its token.
   */
  readonly client: Client<Coexistence>;
  /**
   * How many messages a second Meta lets through for each number: the cap at Meta's end, not a target. `'auto'` reads it from each number
   * (whether it is on the Business app, then its throughput level), sends as slowly as the slowest until then, and reads it again when a
   * webhook tells that it may have changed.
   * @defaultValue `'auto'`
   */
  readonly throughput?: SendThroughput | 'auto' | undefined;
  /**
   * Where messages are recorded before they are queued, and again before they leave. So a `key` seen in another process or before a restart
   * sends nobody twice, and after a crash what was queued goes on, and what was under way is `unknown`: never lost, never sent again.
   * @defaultValue keys are remembered in memory, other sends not at all
   */
  readonly store?: Store | undefined;
  /**
   * With a store: a process that gave no sign of life for so many milliseconds is taken for dead, and another, or its own next start, goes on
   * with what it had queued.
   * @defaultValue 15 000
   */
  readonly takeOverAfterMs?: number | undefined;
  /** What is to become of messages whose outcome is unknown. `'resend'` may send a message twice. @defaultValue `'report'` */
  readonly onUnknown?: OnUnknown | undefined;
  /** Milliseconds for which an unknown send waits for a status before it is reported as unsettled. @defaultValue 3 600 000 (an hour) */
  readonly unsettledAfterMs?: number | undefined;
  /**
   * Settles unknown sends by the statuses that arrive there; holds and refuses messages with templates that are paused or disabled, refuses
   * marketing for people who opted out, and reads the throughput again where it may have changed. Learns which phone numbers and user IDs
   * belong to one person, so that the order of messages, the pair rate and opt-outs count for the person.
   * @defaultValue call {@link Sender.settle} yourself; templates and opt-outs are known by Meta's refusals
   */
  readonly webhooks?: SenderWebhooks | undefined;
  /**
   * Whether messages that customers send are charged to the number's throughput, as Meta does: with `webhooks`, and worth it where as many
   * come in as go out. Source: Meta, Throughput (11 Sep 2026).
   * @defaultValue `false`
   */
  readonly chargeInbound?: boolean | undefined;
  /** Asked of every message that is about to leave, one after the other: hand-off, service window, quiet hours, … */
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
