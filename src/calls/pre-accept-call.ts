import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { callRequest, type AnswerCallParameters } from './call-request.js';
import type { SuccessResult } from '../client/results.js';

/**
 * Prepares an incoming call. This sets up the media connection before you accept the call, so that the first words
 * aren't lost. Then call {@link acceptCall} with the same session.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/calls`.
 * Source: Meta, Calling API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The call ID and the SDP answer. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, preAcceptCall } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await preAcceptCall(client, { callId: 'wacid.1', sdp: 'v=0 …' });
 * ```
 */
export function preAcceptCall<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: AnswerCallParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('preAcceptCall', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'preAcceptCall', parameters.phoneNumberId);
    const restriction = rejectFeature(client, 'calling-api', id);
    const { callId, sdp } = parameters;
    return client.request(
      callRequest(id, restriction, 'pre_accept', {
        call_id: callId,
        session: { sdp_type: 'answer', sdp },
      }),
      options,
    );
  });
}
