import type { RequestTarget } from '../client/client.js';
import type { MessageFor } from '../messages/outgoing/coexistence-message.js';
import type { MessageCategory, SendGuard } from './guard.js';
import type { SendPriority } from './queue/priority.js';

/** The number that sends: its phone number ID, or an object that also contains the WABA, if the client finds tokens by WABA. */
export type SenderNumber = string | (RequestTarget & { readonly phoneNumberId: string });

/**
 * How a sender treats a message with an unknown outcome: it only reports the outcome, or it sends the message again, which may then arrive
 * twice.
 */
export type OnUnknown = 'report' | 'resend';

/** Options of {@link Sender.send}. */
export interface SendOptions {
  /** The number that sends. Each number has its own queues, pace and pair rate. @defaultValue the client's */
  readonly from?: SenderNumber | undefined;
  /**
   * Your unique name for this send, per number. The message is sent only once. If you use a key again, the sender returns the recorded outcome.
   * If the message was never sent (expired, aborted, closed, guard), you can use the key again. Records expire after 30 days.
   */
  readonly key?: string | undefined;
  /** The order in the queue. @defaultValue `'normal'`, and `'low'` in {@link Sender.sendAll}, so single sends overtake campaigns */
  readonly priority?: SendPriority | undefined;
  /** Time after which the sender doesn't send the message: a `Date`, or a Unix time in milliseconds. @defaultValue no limit */
  readonly expiresAt?: Date | number | undefined;
  /**
   * Time before which the sender doesn't send the message: a `Date`, or a Unix time in milliseconds. The message joins the queue of its
   * recipient at this time, so it doesn't delay earlier messages. It must be before `expiresAt`. With a store, a scheduled message survives a
   * restart.
   * @defaultValue as soon as possible
   */
  readonly notBefore?: Date | number | undefined;
  /** Cancels the message while it waits. It doesn't abort a request in flight. */
  readonly signal?: AbortSignal | undefined;
  /** The campaign of the message. See {@link Sender.campaigns}. */
  readonly campaignId?: string | undefined;
  /**
   * Category of the template. The sender rejects marketing messages to people who opted out.
   * @defaultValue `'marketing'` for templates in a campaign
   */
  readonly category?: MessageCategory | undefined;
  /** Checks the message after the sender's guards. After a crash, the sender sends the message without this function. */
  readonly guard?: SendGuard | undefined;
  /** How the sender treats the message if its outcome is unknown. @defaultValue the sender's option */
  readonly onUnknown?: OnUnknown | undefined;
}

/** Options of {@link Sender.enqueue}. All of them can be stored. */
export type EnqueueOptions = Omit<SendOptions, 'signal' | 'guard'>;

/** Options that would be ignored next to the members of a message, which has its own `category`. */
type NoOptions = { readonly [Name in Exclude<keyof SendOptions, 'category'> | 'options']?: never };

/** Members of a message that would be ignored next to `message`. */
type NoMessageMembers = {
  readonly [Name in 'options' | 'to' | 'recipient' | 'recipient_type' | 'type' | 'text' | 'template' | 'biz_opaque_callback_data']?: never;
};

/**
 * An element of the source of {@link Sender.sendAll}: a message, or a message with its own options, as in `{ message, key }`.
 * Misplaced properties do not compile, and are rejected with an `InvalidArgumentError` at runtime.
 */
export type SendItem<Coexistence extends boolean = boolean> =
  (MessageFor<Coexistence> & NoOptions) | (SendOptions & NoMessageMembers & { readonly message: MessageFor<Coexistence> });
