import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { callRequest, type AnswerCallParameters, type CallCaptureParameters } from './call-request.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link acceptCall}. */
export interface AcceptCallParameters extends AnswerCallParameters, CallCaptureParameters {
  /** Text that the webhooks of the call contain. At most 512 characters. */
  readonly callbackData?: string | undefined;
}

/**
 * Accepts an incoming call. Audio can start after Meta's response. Set `recording` or `transcription` to record or
 * transcribe the call. Prepare the media connection first with {@link preAcceptCall}, reject a call with
 * {@link rejectCall}, and end it with {@link terminateCall}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/calls`.
 * Source: Meta, Calling API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The call ID, the SDP answer, callback data, recording and transcription. `phoneNumberId` defaults
 *   to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
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
    const restriction = rejectFeature(client, 'calling-api', id);
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
