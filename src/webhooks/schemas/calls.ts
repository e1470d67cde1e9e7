import type { CallDetails, CallStatus } from '../events/calls.js';
import { media, webhookErrors } from './message.js';
import { fields, idText, list, numeric, oneOf, text, type Schema } from './schema.js';

export const call: Schema<CallDetails> = /* @__PURE__ */ fields<CallDetails>(
  { id: idText, event: text },
  {
    direction: text,
    from: idText,
    from_user_id: idText,
    from_parent_user_id: idText,
    to: idText,
    to_user_id: idText,
    to_parent_user_id: idText,
    timestamp: numeric,
    session: /* @__PURE__ */ fields<NonNullable<CallDetails['session']>>({}, { sdp_type: text, sdp: text }),
    status: /* @__PURE__ */ oneOf(text, /* @__PURE__ */ list(text)),
    start_time: numeric,
    end_time: numeric,
    duration: numeric,
    biz_opaque_callback_data: text,
    cta_payload: text,
    deeplink_payload: text,
    call_recording: /* @__PURE__ */ fields<NonNullable<CallDetails['call_recording']>>({}, { type: text, audio: media }),
    call_transcript: /* @__PURE__ */ fields<NonNullable<CallDetails['call_transcript']>>({}, { document: media }),
    errors: webhookErrors,
  },
);
export const callStatus: Schema<CallStatus> = /* @__PURE__ */ fields<CallStatus>(
  { id: idText, status: text },
  {
    type: text,
    timestamp: numeric,
    recipient_id: idText,
    recipient_user_id: idText,
    recipient_parent_user_id: idText,
    biz_opaque_callback_data: text,
  },
);
