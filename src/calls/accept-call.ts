import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { callRequest, type AnswerCallParameters, type CallCaptureParameters } from './call-request.js';
import type { SuccessResult } from '../client/results.js';

/** Which call, the answer of the session, and what is to come back. */
export interface AcceptCallParameters extends AnswerCallParameters, CallCaptureParameters {
  /** Comes back in the webhooks of the call; at most 512 characters. */
  readonly callbackData?: string | undefined;
}

/**
 * Accepts an incoming call. Media may flow after Meta's response. `recording` and `transcription` record or transcribe the call.
 *
 * Not for coexistence numbers. Permission `whatsapp_business_messaging`. `POST /{phone-number-id}/calls`. Source: Meta, Calling API (Nov 2025).
 *
 * @throws `RestrictedFeatureError`, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { acceptCall, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await acceptCall(client, { callId: 'wacid.1', sdp: 'v=0 …' });
 * ```
 */
export function acceptCall<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: AcceptCallParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('acceptCall', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'acceptCall', parameters.phoneNumberId);
    const restriction = refuseFeature(client, 'calling-api', id);
    const { callId, sdp, callbackData, recording, transcription } = parameters;
    return client.request(
      callRequest(id, restriction, 'accept', {
        call_id: callId,
        session: { sdp_type: 'answer', sdp },
        ...(callbackData !== undefined && { biz_opaque_callback_data: callbackData }),
        recording,
        transcription,
      }),
      options,
    );
  });
}
