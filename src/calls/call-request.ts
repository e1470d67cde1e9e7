import type { GraphRequest } from '../client/client.js';
import type { RequestRestriction } from '../client/coexistence-numbers.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Identifies the user to call: a phone number or a business-scoped user ID. */
export type CallRecipient = { readonly to: string; readonly recipient?: never } | { readonly recipient: string; readonly to?: never };

/** Identifies a call and the phone number. */
export interface CallParameters {
  /** ID of the call (`wacid.…`). */
  readonly callId: string;
  /** ID of the phone number of the call. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** Identifies a call and contains the SDP answer. */
export interface AnswerCallParameters extends CallParameters {
  /** SDP answer (RFC 8866). */
  readonly sdp: string;
}

/**
 * Turns recording or transcription on for one call. Both parties hear an announcement first. The file arrives in a
 * `calls` webhook after the call. Meta deletes it after 7 days.
 *
 * Source: Meta, Call recording, Call transcription (June 2026).
 */
export interface CallCapture {
  readonly status: OpenEnum<'ENABLED' | 'DISABLED'>;
  /** Reason, at most 250 characters in the language of the announcement. `ENABLED` requires it. */
  readonly purpose?: string;
  /** Language, for example `en_US`, `de` or `es`. `ENABLED` requires it. */
  readonly announcement_language?: OpenEnum<'de' | 'en' | 'en_US' | 'es' | 'fr' | 'hi' | 'it' | 'kn' | 'pt' | 'te' | 'vi'>;
}

/** Recording and transcription of a call. */
export interface CallCaptureParameters {
  /** Records the call. If both are on, Meta uses the purpose and language of this one. */
  readonly recording?: CallCapture | undefined;
  /** Transcribes the call. */
  readonly transcription?: CallCapture | undefined;
}

/** An action on a call. */
export type CallAction = 'connect' | 'pre_accept' | 'accept' | 'reject' | 'terminate';

/** Returns the request of an action on a call. */
export function callRequest(
  phoneNumberId: string,
  restriction: RequestRestriction | undefined,
  action: CallAction,
  content: object,
): GraphRequest {
  return {
    method: 'POST',
    path: [phoneNumberId, 'calls'],
    body: { messaging_product: 'whatsapp', action, ...content },
    operation: `POST /{phone-number-id}/calls (${action})`,
    restriction,
  };
}
