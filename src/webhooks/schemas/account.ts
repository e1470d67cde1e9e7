import type { AccountUpdate } from '../events/account.js';
import { fields, idText, list, numeric, text, type Schema } from './schema.js';

type Part<Name extends keyof AccountUpdate> = NonNullable<AccountUpdate[Name]>;
type Entry<List> = List extends readonly (infer Element)[] ? Element : never;

/** The value of `account_update`. */
export const accountUpdate: Schema<AccountUpdate> = /* @__PURE__ */ fields<AccountUpdate>(
  { event: text },
  {
    phone_number: idText,
    country: text,
    waba_info: /* @__PURE__ */ fields<Part<'waba_info'>>(
      {},
      {
        waba_id: idText,
        owner_business_id: idText,
        ad_account_linked: text,
        partner_app_id: idText,
        solution_id: idText,
        solution_partner_business_ids: /* @__PURE__ */ list(idText),
      },
    ),
    violation_info: /* @__PURE__ */ fields<Part<'violation_info'>>({}, { violation_type: text, remediation: text }),
    ban_info: /* @__PURE__ */ fields<Part<'ban_info'>>({}, { waba_ban_state: text, waba_ban_date: text }),
    restriction_info: /* @__PURE__ */ list(
      /* @__PURE__ */ fields<Entry<Part<'restriction_info'>>>({}, { restriction_type: text, expiration: numeric, remediation: text }),
    ),
    auth_international_rate_eligibility: /* @__PURE__ */ fields<Part<'auth_international_rate_eligibility'>>(
      {},
      {
        start_time: numeric,
        exception_countries: /* @__PURE__ */ list(
          /* @__PURE__ */ fields<Entry<Part<'auth_international_rate_eligibility'>['exception_countries']>>(
            {},
            { country_code: text, start_time: numeric },
          ),
        ),
      },
    ),
    volume_tier_info: /* @__PURE__ */ fields<Part<'volume_tier_info'>>(
      {},
      { tier_update_time: numeric, pricing_category: text, tier: text, effective_month: text, region: text },
    ),
    disconnection_info: /* @__PURE__ */ fields<Part<'disconnection_info'>>({}, { reason: text, initiated_by: text }),
    partner_client_certification_info: /* @__PURE__ */ fields<Part<'partner_client_certification_info'>>(
      {},
      { client_business_id: idText, status: text, rejection_reasons: /* @__PURE__ */ list(text) },
    ),
    partner_client_certification_needed_info: /* @__PURE__ */ fields<Part<'partner_client_certification_needed_info'>>(
      {},
      { client_business_id: idText },
    ),
  },
);
