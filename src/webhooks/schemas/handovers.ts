import type { HandoverControl, MessagingHandover } from '../events/handovers.js';
import { conversationContext } from './users.js';
import { fields, numeric, text, type Schema } from './schema.js';

const control = /* @__PURE__ */ fields<HandoverControl>(
  {},
  {
    previous_owner_role: text,
    new_owner_role: text,
    previous_owner_app_id: text,
    previous_owner_app_role: text,
    new_owner_app_id: text,
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
    sender: /* @__PURE__ */ fields<NonNullable<MessagingHandover['sender']>>({}, { phone_number: text, wa_id: text, user_id: text }),
    recipient: /* @__PURE__ */ fields<NonNullable<MessagingHandover['recipient']>>(
      {},
      { phone_number_id: text, display_phone_number: text },
    ),
    control_passed: control,
    control_taken: control,
  },
);
