import type { Customer } from '../../webhooks/events/base.js';
import type { EchoEditEvent, EchoEvent, EchoRevokeEvent } from '../../webhooks/events/echoes.js';
import type { WebhookEvent } from '../../webhooks/events/event.js';
import type { SendGuard } from '../../sender/guard.js';
import type { HandoffAssignee, HandoffReleaseReason, ReplyVerdict } from './handoff-state.js';

/** Something that was done in the Business app. */
export type AnyEcho = EchoEvent | EchoEditEvent | EchoRevokeEvent;

/** A thread: one customer of one number. Any one id of the customer is enough. */
export interface ThreadRef {
  readonly phoneNumberId: string;
  readonly customer: Customer;
}

/** Who holds a thread, and until when. */
export interface ThreadAssignment {
  readonly assignee: HandoffAssignee;
  /** Who the person is, if whoever took the thread said so. */
  readonly person?: string;
  /** When it returns to the bot by itself; absent: when it is given back, or the bot has it. */
  readonly until?: Date;
}

/** A person took a thread. */
export interface HandoffAssigned extends ThreadRef {
  /** `echo`: the person wrote in the app; `call`: your program called `assignToHuman`. */
  readonly by: 'echo' | 'call';
  readonly person?: string;
  readonly at: Date;
  /** When it returns to the bot by itself, unless the person writes again. */
  readonly until?: Date;
}

/** A thread returned to the bot. */
export interface HandoffReleased extends ThreadRef {
  readonly reason: HandoffReleaseReason;
  readonly at: Date;
}

/** An echo came so soon after a customer's message that it is taken for the app's own greeting or away message. */
export interface HandoffAutomatic extends ThreadRef {
  /** The wamid of the echo. */
  readonly messageId: string;
  readonly at: Date;
}

/** What is known beside an echo when it is judged. */
export interface EchoContext {
  /**
   * Milliseconds since the customer last wrote. Very few may mean that the app answered by itself (greeting, away message): Meta does not
   * document whether such texts are echoed.
   */
  readonly sinceCustomerMs?: number;
  /** Who holds the thread before this echo. */
  readonly assignee: HandoffAssignee;
}

/**
 * Whether a person is behind an echo: yes, with who it is where the caller can tell (Meta cannot), no, or `undefined` to leave it to the
 * library.
 */
export type EchoJudgement = boolean | { readonly person: string } | undefined;

/** How threads are handed over. */
export interface HandoffOptions {
  /** Milliseconds for which a thread stays with a person after an echo. @defaultValue 30 minutes */
  readonly holdMs?: number | undefined;
  /** Milliseconds for which echoes can keep a thread with a person without a break, at most. @defaultValue 120 minutes */
  readonly maxHoldMs?: number | undefined;
  /**
   * Milliseconds after a customer's message in which an echo counts as the app's greeting or away message, unless a person has the thread.
   * The module emits `handoff.automatic` and doesn't assign the thread. 0 turns this off. @defaultValue 3 seconds
   */
  readonly automaticMs?: number | undefined;
  /**
   * Whether a person is behind an echo. Echoes of messages of our own are never asked about; what it says no to is as if it had not come.
   * @defaultValue a person is, except within `automaticMs`
   */
  readonly isPerson?: ((echo: AnyEcho, context: EchoContext) => EchoJudgement) | undefined;
}

/** The bot's turn to answer one message. */
export interface ReplyPermit {
  /**
   * For the sender: refuses the answer, with a `HandoffError`, if it may no longer go out when it is about to leave.
   */
  readonly guard: SendGuard;
  /** Whether the answer may go out at this moment. Ask right before sending, after everything that takes time. */
  check(): Promise<ReplyVerdict>;
  /** The answer went out as this wamid, so that an echo of it is not taken for a person. */
  sent(messageId: string): Promise<void>;
}

/**
 * Decides who answers a customer: the bot, or a person who writes in the app.
 */
export interface HandoffModule {
  /**
   * For automated messages that answer nothing, as reminders and campaigns: holds them back while a person holds the customer's thread, and
   * refuses them with a `HandoffError` where no end of that is known.
   */
  readonly guard: SendGuard;
  /** Who holds a thread now. */
  get(thread: ThreadRef): Promise<ThreadAssignment>;
  /** Gives a thread to a person: until `until`, or until it is given back. */
  assignToHuman(thread: ThreadRef & { readonly person?: string; readonly until?: Date }): Promise<ThreadAssignment>;
  /** Gives a thread back to the bot. */
  release(thread: ThreadRef): Promise<ThreadAssignment>;
  /**
   * The bot's turn to answer an event: a guard that refuses if a person holds the thread, or a person or the customer wrote since. For an
   * event that is no message of a customer, above all an echo, it always refuses, so that no bot can answer itself.
   */
  beginReply(event: WebhookEvent): Promise<ReplyPermit>;
  /**
   * A message went out through the API as this wamid: an echo of it gives the thread to nobody, and gives it back if it did already. A status
   * says the same by itself, a little later.
   */
  recordSend(parameters: { readonly phoneNumberId: string; readonly messageId: string }): Promise<void>;
}
