import type { GraphRequest } from '../client/client.js';
import type { RequestRestriction } from '../client/coexistence-numbers.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Whom to call: a phone number, or a business-scoped user id. */
export type CallRecipient = { readonly to: string; readonly recipient?: never } | { readonly recipient: string; readonly to?: never };

/** Which call, and on which number. */
export interface CallParameters {
  /** Id of the call (`wacid.…`). */
  readonly callId: string;
  /** The number that is called, or calls. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** Which call, and the answer of the session. */
export interface AnswerCallParameters extends CallParameters {
  /** Session description (SDP) of the answer, RFC 8866. */
  readonly sdp: string;
}

/**
 * Turns recording or transcription on for one call. Both people hear an announcement first. The file arrives in a `calls` webhook after the call,
 * and Meta deletes it after 7 days. Source: Meta, Call recording, Call transcription (June 2026).
 */
export interface CallCapture {
  readonly status: OpenEnum<'ENABLED' | 'DISABLED'>;
  /** Why, at most 250 characters in the language of the announcement. `ENABLED` requires it. */
  readonly purpose?: string;
  /** For example `en_US`, `de`, `es`. `ENABLED` requires it. */
  readonly announcement_language?: OpenEnum<'de' | 'en' | 'en_US' | 'es' | 'fr' | 'hi' | 'it' | 'kn' | 'pt' | 'te' | 'vi'>;
}

/** What to do with the audio of a call, in addition to the call itself. */
export interface CallCaptureParameters {
  /** Records the call. If both are on, Meta reads purpose and language from this one. */
  readonly recording?: CallCapture | undefined;
  /** Transcribes the call. */
  readonly transcription?: CallCapture | undefined;
}

/** What can be done with a call. */
export type CallAction = 'connect' | 'pre_accept' | 'accept' | 'reject' | 'terminate';

/** The request that does one thing with a call. */
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
