import type { EventBase, FieldEvent, OpenEnum } from './base.js';
import type { PastMessage } from './message-content.js';
import type { ConversationContext, MessageStatus } from './messages.js';

/** The role of a responder in Meta's conversation routing. */
export type ThreadRole = OpenEnum<'ai_agent' | 'ctwa' | 'customer_service' | 'escalation' | 'marketing' | 'utility'>;

/** Who owned a conversation and who owns it now. Source: Meta, Conversation routing (8 Oct 2026). */
export interface HandoverControl {
  readonly previous_owner_role?: ThreadRole;
  readonly new_owner_role?: ThreadRole;
  readonly previous_owner_app_id?: string;
  /** In payloads of the beta. Current ones contain `previous_owner_role`. */
  readonly previous_owner_app_role?: string;
  readonly new_owner_app_id?: string;
  /** In payloads of the beta. Current ones contain `new_owner_role`. */
  readonly new_owner_app_role?: string;
  /** What the other app wrote along. */
  readonly metadata?: string;
  readonly conversation_context?: ConversationContext;
}

/** A conversation passed from one responder to another: to this one (`control_passed`), or away from it (`control_taken`). */
export interface MessagingHandover {
  readonly type: OpenEnum<'control_passed' | 'control_taken'>;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  /** The customer. */
  readonly sender?: { readonly phone_number?: string; readonly wa_id?: string; readonly user_id?: string };
  /** The business number. */
  readonly recipient?: { readonly phone_number_id?: string; readonly display_phone_number?: string };
  readonly control_passed?: HandoverControl;
  readonly control_taken?: HandoverControl;
}

/** A conversation passed from one app to another (beta). */
export type MessagingHandoverEvent = FieldEvent<'messaging_handovers', MessagingHandover>;

/** A customer wrote in a conversation that another app holds: to be watched, never to be answered (beta). */
export interface StandbyMessageEvent extends EventBase<'standby.message', 'standby'> {
  readonly message: PastMessage;
}

/** The business wrote in a conversation that another app holds (beta). */
export interface StandbyEchoEvent extends EventBase<'standby.echo', 'standby'> {
  readonly message: PastMessage;
}

/** What became of a message that another app sent (beta). */
export interface StandbyStatusEvent extends EventBase<'standby.status', 'standby'> {
  readonly status: MessageStatus;
}
