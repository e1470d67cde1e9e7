import type { EventBase, FieldEvent, OpenEnum } from './base.js';
import type { PastMessage } from './message-content.js';
import type { ConversationContext, MessageStatus } from './messages.js';

/** Who held a conversation and who holds it now (beta). */
export interface HandoverControl {
  readonly previous_owner_app_id?: string;
  readonly previous_owner_app_role?: string;
  readonly new_owner_app_id?: string;
  readonly new_owner_app_role?: string;
  /** What the other app wrote along. */
  readonly metadata?: string;
  readonly conversation_context?: ConversationContext;
}

/** A conversation passed from one app to another (beta). */
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
