import type { OpenEnum } from '../../webhooks/events/base.js';

/** What a responder of a number does, as Conversation Routing names it. `ai_agent` is Meta Business Agent. */
export type FakeThreadRole = OpenEnum<'ai_agent' | 'ctwa' | 'customer_service' | 'escalation' | 'marketing' | 'utility'>;

/** Who responds to the customers of a number. */
export interface FakeRoutingOptions {
  /** The role of the app. Only `escalation` may take threads. @defaultValue `'customer_service'` */
  readonly role?: FakeThreadRole | undefined;
  /** Who gets an idle thread when the customer writes. @defaultValue the app's role */
  readonly primary?: FakeThreadRole | undefined;
}

/** What another responder passes along. */
export interface FakeHandoverOptions {
  /** Free text, which the webhook contains as it is. */
  readonly metadata?: string | undefined;
  /** A summary of the conversation, as Meta Business Agent writes one. */
  readonly summary?: string | undefined;
}

/** A thread of a number that has several responders: what the responders other than the app do. */
export interface FakeThread {
  /** Role of the owner. `undefined`: the thread is idle. */
  readonly owner: FakeThreadRole | undefined;
  /**
   * The owner passes the thread to another responder. If it is the app, the app receives `messaging_handovers` with `control_passed`.
   *
   * @param role - The new owner. @defaultValue the app's role
   */
  pass(role?: FakeThreadRole, options?: FakeHandoverOptions): void;
  /** The escalation partner takes the thread. If the app owned it, the app receives `messaging_handovers` with `control_taken`. */
  take(options?: FakeHandoverOptions): void;
  /** The owner releases the thread. There is no webhook. The customer's next message goes to the primary responder. */
  release(): void;
}
