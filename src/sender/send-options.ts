import type { RequestTarget } from '../client/client.js';
import type { MessageFor } from '../messages/outgoing/coexistence-message.js';
import type { MessageCategory, SendGuard } from './guard.js';
import type { OnUnknown } from './job.js';
import type { SendPriority } from './priority.js';

/** The number that sends: its Graph id, or a target with its WABA, for clients that find tokens by it. */
export type SenderNumber = string | (RequestTarget & { readonly phoneNumberId: string });

/** Options of {@link Sender.send}. */
export interface SendOptions {
  /** The number that sends. Each has lanes, pace and pair rate of its own. @defaultValue the client's */
  readonly from?: SenderNumber | undefined;
  /**
   * The caller's own name for this send, for each number. It happens once: with a key seen before, the recorded outcome is returned and nothing is sent.
   * Sends that never left (expired, aborted, closed, guard) are not recorded. Kept for 30 days.
   */
  readonly key?: string | undefined;
  /** @defaultValue `'normal'`; `'low'` in {@link Sender.sendAll}, so that single sends overtake it */
  readonly priority?: SendPriority | undefined;
  /** The message is not sent after this time, by the wall clock: a `Date` or milliseconds. @defaultValue it waits for as long as it takes */
  readonly expiresAt?: Date | number | undefined;
  /**
   * The message is not sent before this time, by the wall clock: a `Date` or milliseconds. It joins the queue of its recipient at this time, and
   * delays no other message until then. It must be before `expiresAt`. With a store, a scheduled message survives a restart.
   * @defaultValue it is sent as soon as possible
   */
  readonly notBefore?: Date | number | undefined;
  /** Takes the message back while it waits. One that is on its way already is not cut off. */
  readonly signal?: AbortSignal | undefined;
  /** Names the campaign that the message belongs to: see {@link Sender.campaigns}. */
  readonly campaignId?: string | undefined;
  /** What kind of template it is: a marketing one is refused for people who opted out. @defaultValue `'marketing'` for templates in a campaign */
  readonly category?: MessageCategory | undefined;
  /** Asked after the sender's own guards. It is a function: after a crash the message goes on without it. */
  readonly guard?: SendGuard | undefined;
  /** What is to become of the message if its outcome is unknown. @defaultValue the sender's */
  readonly onUnknown?: OnUnknown | undefined;
}

/** Options of {@link Sender.enqueue}: what outlives the process. */
export type EnqueueOptions = Omit<SendOptions, 'signal' | 'guard'>;

/** Options that would be ignored beside the members of a message, which has a `category` of its own. */
type NoOptions = { readonly [Name in Exclude<keyof SendOptions, 'category'> | 'options']?: never };

/** Members of a message that would be ignored beside `message`. */
type NoMessageMembers = {
  readonly [Name in 'options' | 'to' | 'recipient' | 'recipient_type' | 'type' | 'text' | 'template' | 'biz_opaque_callback_data']?: never;
};

/**
 * An element of the source of {@link Sender.sendAll}: a message, or a message with options of its own, as in `{ message, key }`.
 * Misplaced properties do not compile, and are rejected with an `InvalidArgumentError` at run time.
 */
export type SendItem<Coexistence extends boolean = boolean> =
  (MessageFor<Coexistence> & NoOptions) | (SendOptions & NoMessageMembers & { readonly message: MessageFor<Coexistence> });
