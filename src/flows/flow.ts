import type { HealthStatus } from '../client/health-status.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Category of a flow. */
export type FlowCategory = OpenEnum<
  'SIGN_UP' | 'SIGN_IN' | 'APPOINTMENT_BOOKING' | 'LEAD_GENERATION' | 'CONTACT_US' | 'CUSTOMER_SUPPORT' | 'SURVEY' | 'OTHER'
>;

/** A validation error in the JSON of a flow, with its position. Lines and columns begin with 1. */
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

/** A flow. Only `id` is always present. Meta may add values and fields. */
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
  /** Preview page of the flow. Anyone with the URL can open it for 30 days. */
  readonly preview?: { readonly preview_url: string; readonly expires_at?: string };
  readonly whatsapp_business_account?: { readonly id: string; readonly name?: string; readonly [field: string]: unknown };
  readonly application?: { readonly id: string; readonly name?: string; readonly link?: string };
  readonly health_status?: HealthStatus;
  readonly [field: string]: unknown;
}
