import { samePhoneNumber } from '../../identity/phone-number-spellings.js';
import type { AccountErrorEvent, EventBase, OpenEnum, WebhookError } from '../events/base.js';
import type { MediaObject } from '../events/message-content.js';
import { textOf, timeOf } from '../parsing/loose.js';
import { media, webhookErrors } from '../parsing/message-schema.js';
import { personOf } from '../parsing/event-people.js';
import { readErrors } from '../parsing/read-errors.js';
import { fields, idText, list, numeric, oneOf, text, type Schema } from '../parsing/schema.js';
import type { Scope } from '../parsing/scope.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** A call between a customer and the business number (Calling API, not on coexistence numbers). */
export interface CallDetails {
  /** `wacid.…` */
  readonly id: string;
  /**
   * `terminate` may arrive before `connect`. A number with SIP sends `call_created`, without `session`, instead of
   * `connect`. Recordings and transcriptions arrive after the call, and Meta deletes the files after 7 days.
   */
  readonly event: OpenEnum<
    'connect' | 'terminate' | 'call_created' | 'media_update' | 'call_recording_available' | 'call_transcription_available'
  >;
  readonly direction?: OpenEnum<'BUSINESS_INITIATED' | 'USER_INITIATED'>;
  readonly from?: string;
  readonly from_user_id?: string;
  readonly from_parent_user_id?: string;
  readonly to?: string;
  readonly to_user_id?: string;
  readonly to_parent_user_id?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  /** The offer or answer, with `connect`. */
  readonly session?: { readonly sdp_type?: OpenEnum<'offer' | 'answer'>; readonly sdp?: string };
  /** The result of the call, with `terminate`. Some of Meta's examples contain a list of one. */
  readonly status?: OpenEnum<'COMPLETED' | 'FAILED'> | readonly string[];
  /** Unix seconds. */
  readonly start_time?: number | string;
  /** Unix seconds. */
  readonly end_time?: number | string;
  /** Seconds. */
  readonly duration?: number | string;
  readonly biz_opaque_callback_data?: string;
  /** Payload of the tapped call button. */
  readonly cta_payload?: string;
  /** Payload of the tapped call link. */
  readonly deeplink_payload?: string;
  readonly call_recording?: { readonly type?: string; readonly audio?: MediaObject };
  /** A JSON document, with `call_transcription_available`. Source: Meta, Call transcription (2026). */
  readonly call_transcript?: { readonly document?: MediaObject };
  readonly errors?: readonly WebhookError[];
}

/** The status of an outgoing call. */
export interface CallStatus {
  /** The ID of the call. */
  readonly id: string;
  readonly status: OpenEnum<'RINGING' | 'ACCEPTED' | 'REJECTED'>;
  readonly type?: OpenEnum<'call'>;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  readonly recipient_id?: string;
  readonly recipient_user_id?: string;
  readonly recipient_parent_user_id?: string;
  readonly biz_opaque_callback_data?: string;
}

/** A call started or ended, or its recording or transcription is available. */
export interface CallEvent extends EventBase<'call', 'calls'> {
  readonly call: CallDetails;
}

/** An outgoing call is ringing, was accepted or was rejected. */
export interface CallStatusEvent extends EventBase<'call.status', 'calls'> {
  readonly status: CallStatus;
}

const callSchema: Schema<CallDetails> = /* @__PURE__ */ fields<CallDetails>(
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
const callStatusSchema: Schema<CallStatus> = /* @__PURE__ */ fields<CallStatus>(
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

type CallsEvent = CallEvent | CallStatusEvent | AccountErrorEvent;
type CallsList = 'calls' | 'statuses' | 'errors';
type CallsScope = Scope<CallsEvent, CallsList>;

/** The field `calls`. */
export const calls: WebhookField<CallsEvent, CallsList> = {
  lists: { calls: {}, statuses: {}, errors: {} },
  read(scope) {
    for (const raw of scope.take('calls')) {
      const item = scope.fit(callSchema, raw);
      if (!item) continue;
      const customer = personOf(scope, raw, isOutgoing(scope, item) ? 'to' : 'from');
      scope.emit('call', raw, { call: item }, { customer, occurredAt: timeOf(item.timestamp), ids: [item.id, item.event] });
    }
    for (const raw of scope.take('statuses')) {
      const status = scope.fit(callStatusSchema, raw);
      if (!status) continue;
      const { id, status: state, timestamp, recipient_id: recipient, recipient_user_id: userId } = status;
      const customer = personOf(scope, raw, 'recipient');
      const ids = [id, state, textOf(timestamp), recipient ?? userId];
      scope.emit('call.status', raw, { status }, { customer, occurredAt: timeOf(timestamp), ids });
    }
    readErrors(scope);
  },
};

function isOutgoing(scope: CallsScope, { direction, from }: CallDetails): boolean {
  if (direction !== undefined) return direction === 'BUSINESS_INITIATED';
  return samePhoneNumber(from, scope.displayPhoneNumber);
}
