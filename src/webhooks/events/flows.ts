import type { FieldEvent, OpenEnum } from './base.js';

/** A flow changed its status, or its health needs a look; which part is there depends on `event`. */
export interface FlowUpdate {
  readonly event: OpenEnum<
    | 'FLOW_STATUS_CHANGE'
    | 'CLIENT_ERROR_RATE'
    | 'ENDPOINT_ERROR_RATE'
    | 'ENDPOINT_LATENCY'
    | 'ENDPOINT_AVAILABILITY'
    | 'FLOW_VERSION_EXPIRY_WARNING'
    | 'FLOW_VERSION_FREEZE_WARNING'
  >;
  readonly flow_id?: string;
  /** A sentence for people. */
  readonly message?: string;
  readonly old_status?: FlowStatus;
  readonly new_status?: FlowStatus;
  readonly alert_state?: OpenEnum<'ACTIVATED' | 'DEACTIVATED'>;
  /** Percent, milliseconds or percent, by `event`. */
  readonly threshold?: number;
  /** Percent. */
  readonly error_rate?: number;
  readonly errors?: readonly { readonly error_type?: string; readonly error_rate?: number; readonly error_count?: number }[];
  /** Milliseconds. */
  readonly p50_latency?: number;
  /** Milliseconds. */
  readonly p90_latency?: number;
  readonly requests_count?: number;
  /** Percent. */
  readonly availability?: number;
  readonly warning?: string;
}

/** Where a flow is in its life. */
export type FlowStatus = OpenEnum<'DRAFT' | 'PUBLISHED' | 'DEPRECATED' | 'BLOCKED' | 'THROTTLED'>;

/** A flow changed its status, or its health needs a look. */
export type FlowEvent = FieldEvent<'flows', FlowUpdate>;
