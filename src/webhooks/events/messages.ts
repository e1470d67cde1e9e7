import type { EventBase, OpenEnum, WebhookError } from './base.js';
import type { IncomingMessage, MessageContent } from './message-content.js';

/** A customer wrote. Live messages only: history never comes as this. */
export interface MessageEvent extends EventBase<'message', 'messages'> {
  readonly message: IncomingMessage;
}

/** A customer edited a message (coexistence numbers, since 25 Nov 2025). */
export interface MessageEditEvent extends EventBase<'message.edit', 'messages'> {
  /** The edit's own wamid. */
  readonly messageId: string;
  /** The wamid of the message that was edited. */
  readonly originalMessageId: string;
  /** What it says now. */
  readonly message: MessageContent;
}

/** A customer deleted a message (coexistence numbers, since 25 Nov 2025). */
export interface MessageRevokeEvent extends EventBase<'message.revoke', 'messages'> {
  /** The deletion's own wamid. */
  readonly messageId: string;
  /** The wamid of the message that was deleted. */
  readonly originalMessageId: string;
}

/** What Meta charges for a message, or why it does not. */
export interface MessagePricing {
  readonly billable?: boolean;
  readonly pricing_model?: OpenEnum<'PMP' | 'CBP'>;
  readonly type?: OpenEnum<'regular' | 'free_customer_service' | 'free_entry_point'>;
  readonly category?: OpenEnum<
    'authentication' | 'authentication-international' | 'marketing' | 'marketing_lite' | 'utility' | 'service' | 'referral_conversion'
  >;
}

/** What became of a message sent through the API. */
export interface MessageStatus {
  /** The wamid of the message. */
  readonly id: string;
  readonly status: OpenEnum<'sent' | 'delivered' | 'read' | 'played' | 'failed'>;
  /** Unix seconds, as a string. */
  readonly timestamp?: string;
  readonly recipient_id?: string;
  readonly recipient_type?: OpenEnum<'individual' | 'group'>;
  readonly recipient_user_id?: string;
  readonly recipient_parent_user_id?: string;
  readonly recipient_participant_id?: string;
  /** What the send carried. */
  readonly biz_opaque_callback_data?: string;
  readonly pricing?: MessagePricing;
  readonly conversation?: { readonly id?: string; readonly expiration_timestamp?: string; readonly origin?: { readonly type?: string } };
  readonly errors?: readonly WebhookError[];
}

/** A message sent through the API was sent on, delivered, read, played, or failed. Order is not guaranteed. */
export interface StatusEvent extends EventBase<'status', 'messages'> {
  readonly status: MessageStatus;
}
