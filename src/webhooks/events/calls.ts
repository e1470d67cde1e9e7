import type { EventBase, OpenEnum, WebhookError } from './base.js';
import type { MediaObject } from './message-content.js';

/** A call between a customer and the business number (Calling API; not on coexistence numbers). */
export interface CallDetails {
  /** `wacid.…` */
  readonly id: string;
  /**
   * `terminate` may arrive before `connect`. A number with SIP sends `call_created` without a `session` in place of `connect`. Recordings and
   * transcriptions arrive after the call, and Meta deletes the files after 7 days.
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
  /** Offer or answer, with `connect`. */
  readonly session?: { readonly sdp_type?: OpenEnum<'offer' | 'answer'>; readonly sdp?: string };
  /** How it ended, with `terminate`; a list of one in some of Meta's examples. */
  readonly status?: OpenEnum<'COMPLETED' | 'FAILED'> | readonly string[];
  /** Unix seconds. */
  readonly start_time?: number | string;
  /** Unix seconds. */
  readonly end_time?: number | string;
  /** Seconds. */
  readonly duration?: number | string;
  readonly biz_opaque_callback_data?: string;
  /** What the tapped call button carried. */
  readonly cta_payload?: string;
  /** What the tapped call link carried. */
  readonly deeplink_payload?: string;
  readonly call_recording?: { readonly type?: string; readonly audio?: MediaObject };
  /** A JSON document, with `call_transcription_available`. Source: Meta, Call transcription (2026). */
  readonly call_transcript?: { readonly document?: MediaObject };
  readonly errors?: readonly WebhookError[];
}

/** How a call of the business is going at the customer's end. */
export interface CallStatus {
  /** The call's id. */
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

/** A call began or ended, or its recording or transcription is available. */
export interface CallEvent extends EventBase<'call', 'calls'> {
  readonly call: CallDetails;
}

/** A call of the business rings, was taken or refused. */
export interface CallStatusEvent extends EventBase<'call.status', 'calls'> {
  readonly status: CallStatus;
}
