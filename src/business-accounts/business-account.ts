import type { HealthStatus } from '../client/health-status.js';

/**
 * A WhatsApp Business Account (WABA) in Meta's shape. Only `id` is always present. New fields and values of Meta are
 * passed through. Returned by {@link getBusinessAccount}.
 */
export interface BusinessAccount {
  readonly id: string;
  readonly name?: string;
  /** Currency, for example `USD`. */
  readonly currency?: string;
  /** Country, for example `DE`. */
  readonly country?: string;
  readonly timezone_id?: string;
  readonly message_template_namespace?: string;
  readonly status?: string;
  /** `APPROVED`, `PENDING`, `REJECTED`, `RESTRICTED` or a value that Meta adds. */
  readonly account_review_status?: string;
  readonly business_verification_status?: string;
  /** `SELF_OWNED`, `CLIENT_OWNED`, `AGENCY_OWNED` or a value that Meta adds. */
  readonly ownership_type?: string;
  readonly owner_business_info?: { readonly id?: string; readonly name?: string };
  readonly on_behalf_of_business_info?: { readonly id?: string; readonly name?: string; readonly status?: string; readonly type?: string };
  readonly primary_business_location?: string;
  readonly primary_funding_id?: string;
  readonly purchase_order_number?: string;
  readonly is_enabled_for_insights?: boolean;
  readonly health_status?: HealthStatus;
  readonly marketing_messages_lite_api_status?: string;
  readonly marketing_messages_onboarding_status?: string;
  readonly disable_marketing_messages_on_cloud_api?: boolean;
  readonly whatsapp_business_manager_messaging_limit?: string;
  readonly [field: string]: unknown;
}
