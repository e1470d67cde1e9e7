import type {
  AccountAlert,
  AccountReviewUpdate,
  AccountSettingsUpdate,
  AutomaticEvent,
  BusinessCapabilityUpdate,
  PartnerSolution,
  PaymentConfigurationUpdate,
} from '../events/business.js';
import { anything, fields, idText, numeric, text, type Schema } from './schema.js';

export const accountReview: Schema<AccountReviewUpdate> = /* @__PURE__ */ fields<AccountReviewUpdate>({ decision: text }, {});
export const accountAlert: Schema<AccountAlert> = /* @__PURE__ */ fields<AccountAlert>(
  {},
  {
    entity_type: text,
    entity_id: idText,
    alert_info: /* @__PURE__ */ fields<NonNullable<AccountAlert['alert_info']>>(
      {},
      { alert_severity: text, alert_status: text, alert_type: text, alert_description: text },
    ),
  },
);
export const accountSettings: Schema<AccountSettingsUpdate> = /* @__PURE__ */ fields<AccountSettingsUpdate>(
  { type: text },
  {
    timestamp: numeric,
    phone_number_settings: /* @__PURE__ */ fields<NonNullable<AccountSettingsUpdate['phone_number_settings']>>(
      {},
      { phone_number_id: idText, calling: anything },
    ),
  },
);
export const businessCapability: Schema<BusinessCapabilityUpdate> = /* @__PURE__ */ fields<BusinessCapabilityUpdate>(
  {},
  {
    max_daily_conversations_per_business: numeric,
    max_daily_conversation_per_phone: numeric,
    max_phone_numbers_per_business: numeric,
    max_phone_numbers_per_waba: numeric,
  },
);
export const partnerSolution: Schema<PartnerSolution> = /* @__PURE__ */ fields<PartnerSolution>(
  { event: text },
  { solution_id: idText, solution_status: text },
);
export const paymentConfiguration: Schema<PaymentConfigurationUpdate> = /* @__PURE__ */ fields<PaymentConfigurationUpdate>(
  {},
  {
    configuration_name: text,
    provider_name: text,
    provider_mid: text,
    status: text,
    created_timestamp: numeric,
    updated_timestamp: numeric,
  },
);
export const automaticEvent: Schema<AutomaticEvent> = /* @__PURE__ */ fields<AutomaticEvent>(
  { event_name: text },
  {
    id: idText,
    timestamp: numeric,
    ctwa_clid: text,
    custom_data: /* @__PURE__ */ fields<NonNullable<AutomaticEvent['custom_data']>>({}, { currency: text, value: numeric }),
  },
);
/** A field whose payload Meta does not document. */
export const undocumented: Schema<Readonly<Record<string, unknown>>> = /* @__PURE__ */ fields<Readonly<Record<string, unknown>>>({}, {});
