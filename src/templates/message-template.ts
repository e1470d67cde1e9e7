import type { HealthStatus } from '../client/health-status.js';

/** A message template. Meta may add values and fields. */
export interface MessageTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  /**
   * `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, `IN_APPEAL`, `PENDING_DELETION`, `DELETED`,
   * `LIMIT_EXCEEDED`, `ARCHIVED` or a value that Meta adds.
   */
  readonly status: string;
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION` or a value that Meta adds. */
  readonly category: string;
  readonly sub_category?: string;
  readonly previous_category?: string;
  /** Category that Meta considers correct. */
  readonly correct_category?: string;
  readonly components?: readonly { readonly type: string; readonly [field: string]: unknown }[];
  /** `POSITIONAL`, `NAMED` or a value that Meta adds. */
  readonly parameter_format?: string;
  /**
   * Reason of a rejection: `NONE`, `ABUSIVE_CONTENT`, `INCORRECT_CATEGORY`, `INVALID_FORMAT`, `SCAM`, …. Only if
   * requested in `fields`.
   */
  readonly rejected_reason?: string;
  /**
   * Quality of the template. `score` is `GREEN`, `YELLOW`, `RED`, `UNKNOWN` or a value that Meta adds. Only if
   * requested in `fields`.
   */
  readonly quality_score?: { readonly score?: string; readonly date?: number; readonly reasons?: readonly string[] };
  readonly message_send_ttl_seconds?: number;
  readonly library_template_name?: string;
  readonly last_updated_time?: string;
  readonly cta_url_link_tracking_opted_out?: boolean;
  readonly health_status?: HealthStatus;
  readonly [field: string]: unknown;
}
