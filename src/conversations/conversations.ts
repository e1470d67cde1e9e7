import type { PersonIds } from '../identity/person.js';
import type { Clock } from '../runtime/clock.js';
import type { JsonValue } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { MessageEvent } from '../webhooks/fields/messages.js';
import type { MessageFilter, MessageMatch } from '../webhooks/filters/message-filter.js';

/** Source of messages, for example `createWebhooks` of `wa-coexist/webhooks`. */
export interface MessageSource {
  /** Registers a handler. */
  on(name: 'message', handler: (event: MessageEvent) => void | Promise<void>): unknown;
  /** Removes a handler. */
  off(name: 'message', handler: (event: MessageEvent) => void | Promise<void>): void;
}

/** A conversation of one of your numbers with a customer. An event of the conversation fits. */
export interface Conversation {
  readonly phoneNumberId?: string | undefined;
  readonly customer?: PersonIds | undefined;
}

/** Options of {@link createConversations}. */
export interface ConversationsOptions {
  readonly webhooks: MessageSource;
  /**
   * Stores the replies that {@link Conversations.expectReply} expects. They then survive restarts, and several processes
   * can share them.
   * @defaultValue the memory of this process
   */
  readonly store?: Store | undefined;
  /** Milliseconds between two looks for expected replies that timed out. @defaultValue 30 000 */
  readonly sweepIntervalMs?: number | undefined;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock | undefined;
  /** Receives an entry if a filter or a handler of a timeout fails. @defaultValue prints each kind of warning and error once to stderr */
  readonly logger?: Logger | undefined;
}

/** Options of {@link Conversations.waitFor}. */
export interface WaitOptions {
  /** Milliseconds to wait. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The result of {@link Conversations.waitFor}. `closed`: the signal aborted, or the instance was closed. */
export type WaitResult<Filter extends MessageFilter = MessageFilter> =
  | { readonly type: 'answered'; readonly event: MessageEvent; readonly match: MessageMatch<Filter> }
  | { readonly type: 'timed-out' }
  | { readonly type: 'closed' };

/** A reply to an expected question. */
export interface ExpectedReply<Filter extends MessageFilter = MessageFilter> {
  readonly event: MessageEvent;
  /** What the filter found. */
  readonly match: MessageMatch<Filter>;
  /** The `state` of {@link Conversations.expectReply}. */
  readonly state: JsonValue | undefined;
}

/** A question without a reply in time. */
export interface MissedReply {
  readonly phoneNumberId: string;
  /** The IDs of the customer when the question was sent. */
  readonly customer: PersonIds;
  readonly state: JsonValue | undefined;
}

/** Options of {@link Conversations.onReply}. */
export interface OnReplyOptions {
  /** Called if the customer didn't reply in time. If it fails, it is called again. */
  readonly onTimeout?: ((missed: MissedReply) => void | Promise<void>) | undefined;
}

/** Options of {@link Conversations.expectReply}. */
export interface ExpectReplyOptions {
  /** Milliseconds until the reply counts as missing. */
  readonly timeoutMs: number;
  /** Data for the handler, for example the step of a dialog. JSON. */
  readonly state?: JsonValue | undefined;
}

/** Waits for replies of customers. Made by {@link createConversations}. */
export interface Conversations extends AsyncDisposable {
  /**
   * Waits in this process for the next message of a customer that passes a filter. The wait ends with the process.
   * {@link Conversations.expectReply} survives it.
   *
   * Don't await it in a webhook handler: the messages of a customer are handled one after the other, so the reply would
   * wait for its own handler. Start the dialog without `await`, or use {@link Conversations.onReply}.
   *
   * @param conversation - The conversation, or an event of it.
   * @param filter - `'reply'` for any message, a kind, or conditions as in `webhooks.on`.
   * @param options - The time to wait, and a signal.
   * @returns the reply, or the reason why there is none. It doesn't reject.
   * @throws `InvalidArgumentError` if an argument is invalid
   */
  waitFor<const Filter extends MessageFilter>(
    conversation: Conversation,
    filter: Filter,
    options: WaitOptions,
  ): Promise<WaitResult<Filter>>;
  /**
   * Registers the handler of a question. Register all handlers when the process starts.
   *
   * A reply that passes the filter reaches the handler at least once: if the handler fails, Meta delivers the message
   * again. The handler can expect the next reply.
   *
   * @param name - Name of the question, for {@link Conversations.expectReply}.
   * @param filter - `'reply'` for any message, a kind, or conditions as in `webhooks.on`.
   * @param handler - The handler.
   * @param options - The handler of missing replies.
   * @returns a function that removes the handler
   * @throws `InvalidArgumentError` if an argument is invalid, or if the name has a handler
   */
  onReply<const Filter extends MessageFilter>(
    name: string,
    filter: Filter,
    handler: (reply: ExpectedReply<Filter>) => void | Promise<void>,
    options?: OnReplyOptions,
  ): () => void;
  /**
   * Expects a reply of a customer. It replaces the reply that was expected in this conversation before. Call it before
   * you send the question.
   *
   * @param conversation - The conversation, or an event of it.
   * @param name - Name of the question, as in {@link Conversations.onReply}.
   * @param options - The time limit, and data for the handler.
   * @throws `InvalidArgumentError` if an argument is invalid, `StoreError`
   */
  expectReply(conversation: Conversation, name: string, options: ExpectReplyOptions): Promise<void>;
  /**
   * Stops expecting a reply in a conversation.
   *
   * @param conversation - The conversation, or an event of it.
   * @throws `StoreError`
   */
  cancelReply(conversation: Conversation): Promise<void>;
  /** Calls the handlers of missing replies. A timer calls it every `sweepIntervalMs`. @throws `StoreError` */
  sweep(): Promise<void>;
  /** Ends all waits with `closed`, and removes the handler from the webhooks. Expected replies stay in the store. */
  close(): Promise<void>;
}
