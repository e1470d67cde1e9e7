import type { HandoverControl, MessagingHandover } from '../events/handovers.js';
import { conversationContext } from './users.js';
import { fields, idText, numeric, text, type Schema } from './schema.js';

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

/** The value of `messaging_handovers`. */
export const messagingHandover: Schema<MessagingHandover> = /* @__PURE__ */ fields<MessagingHandover>(
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
);
