import type { AccountErrorEvent, EventBase, FieldEvent, OpenEnum, WebhookError } from '../events/base.js';
import type { IncomingMessage, MessageContent } from '../events/message-content.js';
import { recordOf, textOf, timeOf } from '../parsing/loose.js';
import { webhookErrors } from '../parsing/message-schema.js';
import { personOf, senderOf } from '../parsing/event-people.js';
import { readErrors } from '../parsing/read-errors.js';
import { readLive } from '../parsing/read-message.js';
import { fields, flag, idText, number, numeric, text, type Schema } from '../parsing/schema.js';
import type { Scope } from '../parsing/scope.js';
import { readValue } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** A customer sent a message. This event is only for live messages, never for history. */
export interface MessageEvent extends EventBase<'message', 'messages'> {
  readonly message: IncomingMessage;
}

/** A customer edited a message (coexistence numbers, since 25 Nov 2025). */
export interface MessageEditEvent extends EventBase<'message.edit', 'messages'> {
  /** The wamid of the edit. */
  readonly messageId: string;
  /** The wamid of the edited message. */
  readonly originalMessageId: string;
  /** The new content. */
  readonly message: MessageContent;
}

/** A customer deleted a message (coexistence numbers, since 25 Nov 2025). */
export interface MessageRevokeEvent extends EventBase<'message.revoke', 'messages'> {
  /** The wamid of the deletion. */
  readonly messageId: string;
  /** The wamid of the deleted message. */
  readonly originalMessageId: string;
}

/** Whether and why Meta charges for a message. */
export interface MessagePricing {
  /** Meta will remove it. Use `type` and `category` instead. */
  readonly billable?: boolean;
  readonly pricing_model?: OpenEnum<'PMP' | 'CBP'>;
  /**
   * `regular`: charged. `free_customer_service` and `free_group_customer_service`: free, since 1 October 2026 as part of the free tier of the
   * number. `free_entry_point`: free after a tap on an ad.
   */
  readonly type?: OpenEnum<'regular' | 'free_customer_service' | 'free_entry_point' | 'free_group_customer_service'>;
  /** `paid_exempt`: would be charged, but the account is exempt (governments and non-profits since 1 October 2026). */
  readonly subtype?: OpenEnum<'paid_exempt'>;
  readonly category?: OpenEnum<
    | 'authentication'
    | 'authentication-international'
    | 'authentication_international'
    | 'marketing'
    | 'marketing_lite'
    | 'utility'
    | 'service'
    | 'referral_conversion'
    | 'group_marketing'
    | 'group_utility'
    | 'group_service'
    | 'general_purpose_ai'
  >;
}

/** The result of a payment that a message requested (India, Brazil): a status with `type: 'payment'`. */
export interface MessagePayment {
  readonly reference_id?: string;
  readonly amount?: { readonly value?: number; readonly offset?: number };
  readonly currency?: string;
  readonly transaction?: {
    readonly id?: string;
    readonly type?: string;
    readonly status?: OpenEnum<'success' | 'failed' | 'pending'>;
    readonly pg_transaction_id?: string;
    readonly created_timestamp?: number | string;
    readonly updated_timestamp?: number | string;
  };
}

/** The status of a message that you sent through the API. */
export interface MessageStatus {
  /** The wamid of the message. */
  readonly id: string;
  /** `delivered` can be missing if the customer reads the message immediately. `played`: the customer listened to a voice message. */
  readonly status: OpenEnum<'sent' | 'delivered' | 'read' | 'played' | 'failed'>;
  /** `payment` if the status is about a payment instead of the message. */
  readonly type?: OpenEnum<'message' | 'payment'>;
  /** Unix seconds, as a string. */
  readonly timestamp?: string;
  /** The customer's number, or the ID of the group. */
  readonly recipient_id?: string;
  readonly recipient_type?: OpenEnum<'individual' | 'group'>;
  readonly recipient_user_id?: string;
  readonly recipient_parent_user_id?: string;
  /** The group participant that the status is about. */
  readonly recipient_participant_id?: string;
  readonly recipient_participant_user_id?: string;
  readonly recipient_identity_key_hash?: string;
  /** The value that you passed when you sent the message. */
  readonly biz_opaque_callback_data?: string;
  /** The template that Meta created or used for a message of Direct Send. */
  readonly template_id?: string;
  /** Part of the `sent` status, and of either `delivered` or `read`. */
  readonly pricing?: MessagePricing;
  /** Meta omits it since v24.0, except for free entry points. */
  readonly conversation?: {
    readonly id?: string;
    readonly expiration_timestamp?: number | string;
    readonly origin?: { readonly type?: string };
  };
  readonly payment?: MessagePayment;
  /** The reasons of a failure. */
  readonly errors?: readonly WebhookError[];
}

/** A message that you sent through the API was sent, delivered, read or played, or it failed. Statuses can arrive in any order. */
export interface StatusEvent extends EventBase<'status', 'messages'> {
  readonly status: MessageStatus;
}

/** A customer interacted with a marketing message without replying to it. */
export interface UserAction {
  /** `landing_page_view`: the page of the link was opened in WhatsApp. It arrives before or after the click. */
  readonly action_type: OpenEnum<'marketing_messages_link_click' | 'landing_page_view'>;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  /** A page view contains `click_id` and `tracking_token` only. */
  readonly marketing_messages_link_click_data?: {
    readonly click_component?: OpenEnum<'cta' | 'body'>;
    readonly product_id?: string;
    readonly click_id?: string;
    readonly tracking_token?: string;
  };
}

/** A customer tapped a link of a marketing message. */
export type UserActionEvent = FieldEvent<'user_actions', UserAction, 'messages'>;

/** The messages before a conversation was passed to another app (beta). */
export interface ConversationContext {
  readonly type?: OpenEnum<'summary'>;
  readonly summary?: { readonly text?: string };
}

/** The messages before a conversation was passed to this app (beta). */
export type ConversationContextEvent = FieldEvent<'conversation_context', ConversationContext, 'messages'>;

type Part<Name extends keyof MessageStatus> = NonNullable<MessageStatus[Name]>;

/** Schema of the status of a message. */
const messageStatusSchema: Schema<MessageStatus> = /* @__PURE__ */ fields<MessageStatus>(
  { id: idText, status: text },
  {
    type: text,
    timestamp: idText,
    recipient_id: idText,
    recipient_type: text,
    recipient_user_id: idText,
    recipient_parent_user_id: idText,
    recipient_participant_id: idText,
    recipient_participant_user_id: idText,
    recipient_identity_key_hash: text,
    biz_opaque_callback_data: text,
    template_id: text,
    pricing: /* @__PURE__ */ fields<MessagePricing>({}, { billable: flag, pricing_model: text, type: text, subtype: text, category: text }),
    conversation: /* @__PURE__ */ fields<Part<'conversation'>>(
      {},
      {
        id: idText,
        expiration_timestamp: numeric,
        origin: /* @__PURE__ */ fields<NonNullable<Part<'conversation'>['origin']>>({}, { type: text }),
      },
    ),
    payment: /* @__PURE__ */ fields<MessagePayment>(
      {},
      {
        reference_id: idText,
        amount: /* @__PURE__ */ fields<NonNullable<MessagePayment['amount']>>({}, { value: number, offset: number }),
        currency: text,
        transaction: /* @__PURE__ */ fields<NonNullable<MessagePayment['transaction']>>(
          {},
          { id: idText, type: text, status: text, pg_transaction_id: idText, created_timestamp: numeric, updated_timestamp: numeric },
        ),
      },
    ),
    errors: webhookErrors,
  },
);

const userActionSchema: Schema<UserAction> = /* @__PURE__ */ fields<UserAction>(
  { action_type: text },
  {
    timestamp: numeric,
    marketing_messages_link_click_data: /* @__PURE__ */ fields<NonNullable<UserAction['marketing_messages_link_click_data']>>(
      {},
      { click_component: text, product_id: idText, click_id: idText, tracking_token: text },
    ),
  },
);
/** Schema of {@link ConversationContext}, which `messaging_handovers` also contains. */
export const conversationContext: Schema<ConversationContext> = /* @__PURE__ */ fields<ConversationContext>(
  {},
  { type: text, summary: /* @__PURE__ */ fields<NonNullable<ConversationContext['summary']>>({}, { text }) },
);

type MessagesEvent =
  MessageEvent | MessageEditEvent | MessageRevokeEvent | StatusEvent | UserActionEvent | ConversationContextEvent | AccountErrorEvent;
type MessagesList = 'messages' | 'statuses' | 'user_actions' | 'errors';

/** The field `messages`: messages from customers, statuses of sent messages, and errors of the number. */
export const messages: WebhookField<MessagesEvent, MessagesList> = {
  lists: { messages: {}, statuses: {}, user_actions: {}, errors: {} },
  read(scope) {
    for (const raw of scope.take('messages')) readLive<'message'>(scope, raw, 'message', senderOf(scope, raw));
    for (const raw of scope.take('statuses')) readStatus<'status'>(scope, raw, 'status');
    for (const raw of scope.take('user_actions')) readValue<UserActionEvent>(scope, raw, 'user_actions', userActionSchema);
    const context = scope.inner('conversation_context');
    if (context) readValue<ConversationContextEvent>(scope, context.value, 'conversation_context', conversationContext);
    readErrors(scope);
  },
};

/** An event with the status of a message. */
type StatusEventOf<Type extends string> = EventBase<Type, string> & { readonly status: MessageStatus };

/** Reads the status of a message, live or in a conversation of another app. */
export function readStatus<Type extends string>(scope: Scope<StatusEventOf<Type>>, raw: unknown, type: Type): void {
  // The compiler can't derive the content of an event from a type parameter.
  const { emit } = scope as Scope<StatusEventOf<string>>;
  const status = scope.fit(messageStatusSchema, raw);
  if (!status) return;
  const { timestamp, recipient_id: recipient, participant_recipient_id: participant } = recordOf(raw);
  const { recipient_participant_id: participantId = textOf(participant) } = status;
  // In a group, the recipient is the group, and the person is the participant.
  const customer =
    status.recipient_type === 'group'
      ? personOf(scope, { ...status, recipient_participant_id: participantId }, 'recipient_participant')
      : personOf(scope, raw, 'recipient');
  const ids = [status.id, status.status, textOf(timestamp), textOf(recipient) ?? status.recipient_user_id];
  if (participantId !== undefined) ids.push(participantId);
  emit(type, raw, { status }, { customer, occurredAt: timeOf(timestamp), ids });
}
