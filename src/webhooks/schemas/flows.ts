import type { FlowUpdate } from '../events/flows.js';
import { fields, idText, list, number, text, type Schema } from './schema.js';

/** The value of `flows`. */
export const flowUpdate: Schema<FlowUpdate> = /* @__PURE__ */ fields<FlowUpdate>(
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
