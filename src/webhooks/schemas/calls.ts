import type { Call, CallStatus } from '../events/calls.js';
import { media, webhookErrors } from './message.js';
import { fields, list, numeric, oneOf, text, type Schema } from './schema.js';

export const call: Schema<Call> = /* @__PURE__ */ fields<Call>(
  { id: text, event: text },
  {
    direction: text,
    from: text,
    from_user_id: text,
    from_parent_user_id: text,
    to: text,
    to_user_id: text,
    to_parent_user_id: text,
    timestamp: numeric,
    session: /* @__PURE__ */ fields<NonNullable<Call['session']>>({}, { sdp_type: text, sdp: text }),
    status: /* @__PURE__ */ oneOf(text, /* @__PURE__ */ list(text)),
    start_time: numeric,
    end_time: numeric,
    duration: numeric,
    biz_opaque_callback_data: text,
    cta_payload: text,
    deeplink_payload: text,
    call_recording: /* @__PURE__ */ fields<NonNullable<Call['call_recording']>>({}, { type: text, audio: media }),
    call_transcript: /* @__PURE__ */ fields<NonNullable<Call['call_transcript']>>({}, { document: media }),
    errors: webhookErrors,
  },
);
export const callStatus: Schema<CallStatus> = /* @__PURE__ */ fields<CallStatus>(
  { id: text, status: text },
  {
    type: text,
    timestamp: numeric,
    recipient_id: text,
    recipient_user_id: text,
    recipient_parent_user_id: text,
    biz_opaque_callback_data: text,
  },
);
