import type { FieldEvent, OpenEnum } from '../events/base.js';
import type { FieldExample } from '../parsing/field-example.js';
import { fields, idText, list, number, text } from '../parsing/schema.js';
import { singleValue } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** The status or the health of a Flow changed. `event` decides which members are present. */
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
  /** Human-readable text. */
  readonly message?: string;
  readonly old_status?: FlowStatus;
  readonly new_status?: FlowStatus;
  readonly alert_state?: OpenEnum<'ACTIVATED' | 'DEACTIVATED'>;
  /** Percent or milliseconds, depending on `event`. */
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

/** The status of a Flow. */
export type FlowStatus = OpenEnum<'DRAFT' | 'PUBLISHED' | 'DEPRECATED' | 'BLOCKED' | 'THROTTLED'>;

/** The status or the health of a Flow changed. */
export type FlowEvent = FieldEvent<'flows', FlowUpdate>;

/** The field `flows`. */
export const flows: WebhookField<FlowEvent> = /* @__PURE__ */ singleValue<FlowEvent>(
  { event: text },
  {
    flow_id: idText,
    message: text,
    old_status: text,
    new_status: text,
    alert_state: text,
    threshold: number,
    error_rate: number,
    errors: /* @__PURE__ */ list(
      /* @__PURE__ */ fields<NonNullable<FlowUpdate['errors']>[number]>({}, { error_type: text, error_rate: number, error_count: number }),
    ),
    p50_latency: number,
    p90_latency: number,
    requests_count: number,
    availability: number,
    warning: text,
  },
);

/** See {@link flows}. */
export const flowsExample: FieldExample<FlowEvent> = {
  text: 'The status or the health of a flow changed.',
  place: 'account',
  value: () => ({
    event: 'FLOW_STATUS_CHANGE',
    message: 'Flow Orders changed status from DRAFT to PUBLISHED',
    flow_id: '691200340056007',
    old_status: 'DRAFT',
    new_status: 'PUBLISHED',
  }),
};
