import type {
  BusinessUsernameUpdate,
  PhoneNumberNameUpdate,
  PhoneNumberQualityUpdate,
  PhoneNumberUsernameUpdate,
  SecurityUpdate,
} from '../events/numbers.js';
import { fields, idText, list, numeric, text, type Schema } from './schema.js';

const display = { display_phone_number: idText };

export const phoneNumberQuality: Schema<PhoneNumberQualityUpdate> = /* @__PURE__ */ fields<PhoneNumberQualityUpdate>(
  { event: text },
  { ...display, old_limit: text, current_limit: text, max_daily_conversations_per_business: numeric },
);
export const phoneNumberName: Schema<PhoneNumberNameUpdate> = /* @__PURE__ */ fields<PhoneNumberNameUpdate>(
  { decision: text },
  { ...display, requested_verified_name: text, rejection_reason: text },
);
export const security: Schema<SecurityUpdate> = /* @__PURE__ */ fields<SecurityUpdate>({ event: text }, { ...display, requester: text });
export const businessUsername: Schema<BusinessUsernameUpdate> = /* @__PURE__ */ fields<BusinessUsernameUpdate>(
  { status: text },
  { ...display, username: text, context: text },
);
export const phoneNumberUsername: Schema<PhoneNumberUsernameUpdate> = /* @__PURE__ */ fields<PhoneNumberUsernameUpdate>(
  { decision: text },
  { ...display, requested_username: text, rejection_reasons: /* @__PURE__ */ list(text) },
);
