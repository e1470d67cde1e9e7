import type { AppContact } from '../events/contacts.js';
import type { ConversationContext, UserAction } from '../events/messages.js';
import type { UserIdUpdate, UserPreference } from '../events/users.js';
import { fields, idText, numeric, text, type Schema } from './schema.js';

export const appContact: Schema<AppContact> = /* @__PURE__ */ fields<AppContact>(
  {},
  { full_name: text, first_name: text, phone_number: idText, user_id: idText, parent_user_id: idText, username: text },
);
export const userPreference: Schema<UserPreference> = /* @__PURE__ */ fields<UserPreference>(
  {},
  { category: text, value: text, detail: text, wa_id: idText, user_id: idText, parent_user_id: idText, timestamp: numeric },
);
const change = /* @__PURE__ */ fields<NonNullable<UserIdUpdate['user_id']>>({}, { previous: idText, current: idText });
export const userIdUpdate: Schema<UserIdUpdate> = /* @__PURE__ */ fields<UserIdUpdate>(
  {},
  { wa_id: idText, user_id: change, parent_user_id: change, detail: text, timestamp: numeric },
);
export const userAction: Schema<UserAction> = /* @__PURE__ */ fields<UserAction>(
  { action_type: text },
  {
    timestamp: numeric,
    marketing_messages_link_click_data: /* @__PURE__ */ fields<NonNullable<UserAction['marketing_messages_link_click_data']>>(
      {},
      { click_component: text, product_id: idText, click_id: idText, tracking_token: text },
    ),
  },
);
export const conversationContext: Schema<ConversationContext> = /* @__PURE__ */ fields<ConversationContext>(
  {},
  { type: text, summary: /* @__PURE__ */ fields<NonNullable<ConversationContext['summary']>>({}, { text }) },
);
