import type { GraphRequest } from '../client/client.js';
import type { RequestRestriction } from '../client/coexistence-numbers.js';

/** Whom to call: a phone number, or a business-scoped user id. */
export type CallRecipient = { readonly to: string; readonly recipient?: never } | { readonly recipient: string; readonly to?: never };

/** Which call, and on which number. */
export interface CallParameters {
  /** Id of the call (`wacid.…`). */
  readonly callId: string;
  /** The number that is called, or calls. @defaultValue the client's */
  readonly phoneNumberId?: string;
}

/** Which call, and the answer of the session. */
export interface AnswerCallParameters extends CallParameters {
  /** Session description (SDP) of the answer, RFC 8866. */
  readonly sdp: string;
}

/** What Meta answers when it did as told. */
export interface CallAnswer {
  readonly messaging_product?: 'whatsapp';
  readonly success: true;
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
