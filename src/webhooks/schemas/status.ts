import type { MessagePayment, MessagePricing, MessageStatus } from '../events/messages.js';
import { webhookErrors } from './message.js';
import { fields, flag, idText, number, numeric, text, type Schema } from './schema.js';

type Part<Name extends keyof MessageStatus> = NonNullable<MessageStatus[Name]>;

/** What became of a message. */
export const messageStatus: Schema<MessageStatus> = /* @__PURE__ */ fields<MessageStatus>(
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
