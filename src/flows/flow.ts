import type { HealthStatus } from '../client/health-status.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** What a flow is for. */
export type FlowCategory = OpenEnum<
  'SIGN_UP' | 'SIGN_IN' | 'APPOINTMENT_BOOKING' | 'LEAD_GENERATION' | 'CONTACT_US' | 'CUSTOMER_SUPPORT' | 'SURVEY' | 'OTHER'
>;

/** A mistake in the JSON of a flow, with where it is. Lines and columns begin with 1. */
export interface FlowValidationError {
  readonly error: string;
  readonly error_type?: string;
  readonly message?: string;
  readonly line_start?: number;
  readonly line_end?: number;
  readonly column_start?: number;
  readonly column_end?: number;
  readonly pointers?: readonly { readonly path?: string; readonly [field: string]: unknown }[];
}

/** A flow as Meta describes it. Only `id` is always there; values that Meta adds pass. */
export interface FlowDetails {
  readonly id: string;
  readonly name?: string;
  /** `DRAFT`, `PUBLISHED`, `DEPRECATED`, `BLOCKED`, `THROTTLED` or a value that Meta adds. */
  readonly status?: string;
  readonly categories?: readonly FlowCategory[];
  readonly validation_errors?: readonly FlowValidationError[];
  readonly json_version?: string;
  readonly data_api_version?: string;
  readonly endpoint_uri?: string;
  readonly updated_at?: string;
  /** A page that shows the flow. Who has the address sees it, for 30 days. */
  readonly preview?: { readonly preview_url: string; readonly expires_at?: string };
  readonly whatsapp_business_account?: { readonly id: string; readonly name?: string; readonly [field: string]: unknown };
  readonly application?: { readonly id: string; readonly name?: string; readonly link?: string };
  readonly health_status?: HealthStatus;
  readonly [field: string]: unknown;
}
