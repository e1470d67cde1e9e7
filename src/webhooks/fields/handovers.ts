import type { FieldEvent, OpenEnum } from '../events/base.js';
import type { FieldExample } from '../parsing/field-example.js';
import { fields, idText, numeric, text } from '../parsing/schema.js';
import { singleValue } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';
import { conversationContext, type ConversationContext } from './messages.js';

/** The role of a responder in Meta's conversation routing. */
export type ThreadRole = OpenEnum<'ai_agent' | 'ctwa' | 'customer_service' | 'escalation' | 'marketing' | 'utility'>;

/** The previous and the new owner of a conversation. Source: Meta, Conversation routing (8 Oct 2026). */
export interface HandoverControl {
  readonly previous_owner_role?: ThreadRole;
  readonly new_owner_role?: ThreadRole;
  readonly previous_owner_app_id?: string;
  /** In beta payloads. Current ones contain `previous_owner_role`. */
  readonly previous_owner_app_role?: string;
  readonly new_owner_app_id?: string;
  /** In beta payloads. Current ones contain `new_owner_role`. */
  readonly new_owner_app_role?: string;
  /** Data from the other app. */
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

const control = /* @__PURE__ */ fields<HandoverControl>(
  {},
  {
    previous_owner_role: text,
    new_owner_role: text,
    previous_owner_app_id: idText,
    previous_owner_app_role: text,
    new_owner_app_id: idText,
    new_owner_app_role: text,
    metadata: text,
    conversation_context: conversationContext,
  },
);

/** The field `messaging_handovers`. */
export const messagingHandovers: WebhookField<MessagingHandoverEvent> = /* @__PURE__ */ singleValue<MessagingHandoverEvent>(
  { type: text },
  {
    timestamp: numeric,
    sender: /* @__PURE__ */ fields<NonNullable<MessagingHandover['sender']>>({}, { phone_number: idText, wa_id: idText, user_id: idText }),
    recipient: /* @__PURE__ */ fields<NonNullable<MessagingHandover['recipient']>>(
      {},
      { phone_number_id: idText, display_phone_number: idText },
    ),
    control_passed: control,
    control_taken: control,
  },
  'customer',
);

/** See {@link messagingHandovers}. */
export const messagingHandoversExample: FieldExample<MessagingHandoverEvent, 'customer'> = {
  text: 'A conversation passed from one app to another (beta).',
  place: 'customer',
  value: ({ number, person, timestamp }) => ({
    messaging_product: 'whatsapp',
    recipient: { phone_number_id: number.id, display_phone_number: number.waId },
    sender: { ...(person.wa_id !== undefined && { phone_number: person.wa_id }), user_id: person.user_id },
    type: 'control_passed',
    timestamp,
    control_passed: { previous_owner_app_id: '900100200300400', new_owner_app_id: '900100200300401' },
  }),
};
