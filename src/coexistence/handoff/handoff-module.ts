import type { Customer } from '../../webhooks/events/base.js';
import type { EchoEditEvent, EchoEvent, EchoRevokeEvent } from '../../webhooks/fields/echoes.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { SendGuard } from '../../sender/guard.js';
import type { HandoffAssignee, HandoffReleaseReason, ReplyVerdict } from './handoff-state.js';

/** An event from the Business app: a message, an edit or a deletion. */
export type AnyEcho = EchoEvent | EchoEditEvent | EchoRevokeEvent;

/** A thread: one customer of one number. One ID of the customer is enough. */
export interface ThreadRef {
  readonly phoneNumberId: string;
  readonly customer: Customer;
}

/** The assignee of a thread, with the end of the assignment. */
export interface ThreadAssignment {
  readonly assignee: HandoffAssignee;
  /** The name of the person, if the program that assigned the thread passed it. */
  readonly person?: string;
  /** Time of the automatic release. Absent if a call has to release the thread, or if the bot has it. */
  readonly until?: Date;
}

/** A thread was assigned to a person. */
export interface HandoffAssigned extends ThreadRef {
  /** `echo`: the person wrote in the app. `call`: your program called `assignToHuman`. */
  readonly by: 'echo' | 'call';
  readonly person?: string;
  readonly at: Date;
  /** Time of the automatic release, unless the person writes again. */
  readonly until?: Date;
}

/** A thread was released to the bot. */
export interface HandoffReleased extends ThreadRef {
  readonly reason: HandoffReleaseReason;
  readonly at: Date;
}

/** An echo arrived right after a customer's message and counts as the app's greeting or away message. */
export interface HandoffAutomatic extends ThreadRef {
  /** The wamid of the echo. */
  readonly messageId: string;
  readonly at: Date;
}

/** The context of an echo for `HandoffOptions.isPerson`. */
export interface EchoContext {
  /**
   * Milliseconds since the customer last wrote. A very short time may mean that the app replied automatically with a
   * greeting or away message. Meta doesn't document whether such messages are echoed.
   */
  readonly sinceCustomerMs?: number;
  /** The assignee before this echo. */
  readonly assignee: HandoffAssignee;
}

/**
 * Whether a person wrote an echo. Return the name of the person if you know it, because Meta doesn't send it. Return
 * `undefined` to use the default of the library.
 */
export type EchoJudgement = boolean | { readonly person: string } | undefined;

/** Options of the hand-off module. */
export interface HandoffOptions {
  /** Milliseconds for which an echo assigns a thread to a person. @defaultValue 30 minutes */
  readonly holdMs?: number | undefined;
  /** Maximum milliseconds for which consecutive echoes assign a thread to a person. @defaultValue 120 minutes */
  readonly maxHoldMs?: number | undefined;
  /**
   * Milliseconds after a customer's message in which an echo counts as the app's greeting or away message, unless a
   * person has the thread. The module emits `handoff.automatic` and doesn't assign the thread. 0 turns this off.
   * @defaultValue 3 seconds
   */
  readonly automaticMs?: number | undefined;
  /**
   * Decides whether a person wrote an echo. It isn't called for echoes of our own messages. The module ignores the echo
   * if it returns `false`.
   * @defaultValue `true`, except within `automaticMs`
   */
  readonly isPerson?: ((echo: AnyEcho, context: EchoContext) => EchoJudgement) | undefined;
}

/** The permit of the bot to reply to one message. */
export interface ReplyPermit {
  /** A guard for the sender. It rejects the reply with a `HandoffError` if the bot may no longer send it. */
  readonly guard: SendGuard;
  /** Checks whether the bot may reply now. Call it right before you send, after all slow work. */
  check(): Promise<ReplyVerdict>;
  /**
   * Records the wamid of the reply, so that its echo doesn't assign the thread.
   *
   * @param messageId - The wamid of the reply.
   */
  sent(messageId: string): Promise<void>;
}

/** Decides who replies to a customer: the bot, or a person in the app. */
export interface HandoffModule {
  /**
   * A guard for automated messages that aren't replies, such as reminders and campaigns. It delays them while the
   * thread is assigned to a person. If the assignment has no end, it rejects them with a `HandoffError`.
   */
  readonly guard: SendGuard;
  /**
   * Returns the assignee of a thread.
   *
   * @param thread - The number and the customer.
   */
  get(thread: ThreadRef): Promise<ThreadAssignment>;
  /**
   * Assigns a thread to a person, until `until` or until you call `release`.
   *
   * @param thread - The number, the customer, the name of the person, and the end of the assignment.
   */
  assignToHuman(thread: ThreadRef & { readonly person?: string; readonly until?: Date }): Promise<ThreadAssignment>;
  /**
   * Releases a thread to the bot.
   *
   * @param thread - The number and the customer.
   */
  release(thread: ThreadRef): Promise<ThreadAssignment>;
  /**
   * Starts a reply of the bot to an event. The permit rejects the reply if a person has the thread, or if a person or
   * the customer has written since. It always rejects a reply to any event that isn't a customer's message, for example
   * an echo. So a bot can't reply to itself.
   *
   * @param event - The event that the bot wants to reply to.
   */
  beginReply(event: WebhookEvent): Promise<ReplyPermit>;
  /**
   * Records that a message was sent through the API. Its echo doesn't assign the thread, and an assignment by this echo
   * is released. Without this call, the message's first status has the same effect a little later.
   *
   * @param parameters - The number and the wamid.
   */
  recordSend(parameters: { readonly phoneNumberId: string; readonly messageId: string }): Promise<void>;
}
