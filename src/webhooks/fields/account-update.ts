import { defined } from '../../runtime/json.js';
import type { EventBase, OpenEnum } from '../events/base.js';
import { digitsOf } from '../parsing/loose.js';
import { fields, idText, list, numeric, text, type Schema } from '../parsing/schema.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** The number moved to another device. The API is suspended until `account.reconnected`, usually for minutes, or permanently. */
export type AccountOffboardedEvent = EventBase<'account.offboarded', 'account_update'>;

/** The number is available on the API again after a device change. Can arrive before its `account.offboarded`, so compare `occurredAt`. */
export type AccountReconnectedEvent = EventBase<'account.reconnected', 'account_update'>;

/** The link between app and API ended (`PARTNER_REMOVED`). Only another onboarding restores it. */
export interface AccountDisconnectedEvent extends EventBase<'account.disconnected', 'account_update'> {
  /** Absent if the business disconnected in the app, or if Meta sends no reason. */
  readonly reason?: DisconnectionReason;
  readonly initiatedBy?: OpenEnum<'USER' | 'SYSTEM'>;
  /** The business number as digits, if Meta sends it. */
  readonly phoneNumber?: string;
}

/** Meta's `account_update` object. Its members depend on `event`. */
export interface AccountUpdate {
  readonly event: OpenEnum<
    | 'ACCOUNT_DELETED'
    | 'ACCOUNT_OFFBOARDED'
    | 'ACCOUNT_RECONNECTED'
    | 'ACCOUNT_RESTRICTION'
    | 'ACCOUNT_VIOLATION'
    | 'AD_ACCOUNT_LINKED'
    | 'AUTH_INTL_PRICE_ELIGIBILITY_UPDATE'
    | 'BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE'
    | 'DISABLED_UPDATE'
    | 'MM_LITE_TERMS_SIGNED'
    | 'PARTNER_ADDED'
    | 'PARTNER_APP_INSTALLED'
    | 'PARTNER_APP_UNINSTALLED'
    | 'PARTNER_CLIENT_CERTIFICATION_NEEDED'
    | 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE'
    | 'PARTNER_REMOVED'
    | 'VERIFIED_ACCOUNT'
    | 'VOLUME_BASED_PRICING_TIER_UPDATE'
  >;
  /** The business number, if the event is about one. */
  readonly phone_number?: string;
  /** ISO code of the business's primary country. */
  readonly country?: string;
  /** The WABA and the businesses involved. */
  readonly waba_info?: {
    readonly waba_id?: string;
    readonly owner_business_id?: string;
    readonly ad_account_linked?: string;
    readonly partner_app_id?: string;
    readonly solution_id?: string;
    readonly solution_partner_business_ids?: readonly string[];
  };
  readonly violation_info?: { readonly violation_type?: string; readonly remediation?: string };
  readonly ban_info?: {
    readonly waba_ban_state?: OpenEnum<'DISABLE' | 'REINSTATE' | 'SCHEDULE_FOR_DISABLE'>;
    /** A human-readable date, for example `January 31, 2021`. */
    readonly waba_ban_date?: string;
  };
  readonly restriction_info?: readonly {
    readonly restriction_type?: OpenEnum<
      | 'RESTRICTED_ADD_PHONE_NUMBER_ACTION'
      | 'RESTRICTED_BIZ_INITIATED_MESSAGING'
      | 'RESTRICTED_CUSTOMER_INITIATED_MESSAGING'
      | 'RESTRICTED_BUSINESS_INITIATED_CALLING'
      | 'RESTRICTED_USER_INITIATED_CALLING'
      | 'RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN'
      | 'RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING'
      | 'RESTRICTED_UTILITY_TEMPLATES'
      | 'RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES'
    >;
    /** End time in Unix seconds. */
    readonly expiration?: number | string;
    readonly remediation?: string;
  }[];
  readonly auth_international_rate_eligibility?: {
    /** Unix seconds. */
    readonly start_time?: number | string;
    readonly exception_countries?: readonly { readonly country_code?: string; readonly start_time?: number | string }[];
  };
  readonly volume_tier_info?: {
    /** Unix seconds. */
    readonly tier_update_time?: number | string;
    readonly pricing_category?: string;
    readonly tier?: string;
    /** `YYYY-MM`. */
    readonly effective_month?: string;
    readonly region?: string;
  };
  readonly disconnection_info?: {
    readonly reason?: DisconnectionReason;
    readonly initiated_by?: OpenEnum<'USER' | 'SYSTEM'>;
  };
  readonly partner_client_certification_info?: {
    readonly client_business_id?: string;
    readonly status?: OpenEnum<'APPROVED' | 'DISCARDED' | 'FAILED' | 'PENDING' | 'REVOKED'>;
    readonly rejection_reasons?: readonly string[];
  };
  readonly partner_client_certification_needed_info?: { readonly client_business_id?: string };
}

/**
 * Why the link between app and API ended. Source: Meta, changelog (3 and 20 Apr 2026).
 *
 * - `PRIMARY_INACTIVITY`: the phone was inactive for about 14 days. `COMPANION_INACTIVITY`: a companion for about 30
 *   days.
 * - `BUSINESS_DOWNGRADE`: the number moved to the consumer app. `CHANGE_NUMBER`: the business changed it. `USER_RE_REGISTERED`: a new device.
 * - `ACCOUNT_DISCONNECTED`: enforcement, or the WhatsApp account was deleted.
 */
export type DisconnectionReason = OpenEnum<
  'PRIMARY_INACTIVITY' | 'COMPANION_INACTIVITY' | 'BUSINESS_DOWNGRADE' | 'ACCOUNT_DISCONNECTED' | 'CHANGE_NUMBER' | 'USER_RE_REGISTERED'
>;

/** Any other change of the WABA, for example a violation, a restriction or a new partner. */
export interface AccountUpdateEvent extends EventBase<'account.update', 'account_update'> {
  readonly event: AccountUpdate['event'];
  /** The whole value of the webhook. */
  readonly value: AccountUpdate & Readonly<Record<string, unknown>>;
}

type Part<Name extends keyof AccountUpdate> = NonNullable<AccountUpdate[Name]>;
type Entry<List> = List extends readonly (infer Element)[] ? Element : never;

/** Schema of the value of `account_update`. */
const accountUpdateSchema: Schema<AccountUpdate> = /* @__PURE__ */ fields<AccountUpdate>(
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

type AccountUpdateFieldEvent = AccountOffboardedEvent | AccountReconnectedEvent | AccountDisconnectedEvent | AccountUpdateEvent;

/** The field `account_update`. Coexistence events have their own types, and all others are `account.update`. */
export const accountUpdate: WebhookField<AccountUpdateFieldEvent> = {
  read(scope) {
    const raw = scope.value;
    const value = scope.fit(accountUpdateSchema, raw);
    if (!value) return;
    // Meta's changelog contains some of them in lower case.
    const event = value.event.toUpperCase();
    if (event === 'ACCOUNT_OFFBOARDED') {
      scope.emit('account.offboarded', raw, {});
    } else if (event === 'ACCOUNT_RECONNECTED') {
      scope.emit('account.reconnected', raw, {});
    } else if (event === 'PARTNER_REMOVED') {
      const { reason, initiated_by: initiatedBy } = value.disconnection_info ?? {};
      const phoneNumber = digitsOf(value.phone_number);
      scope.emit('account.disconnected', raw, defined({ reason, initiatedBy, phoneNumber }));
    } else {
      scope.emit('account.update', raw, { event: value.event, value: { ...value } });
    }
  },
};
