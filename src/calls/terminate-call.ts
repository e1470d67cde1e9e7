import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { callRequest, type CallParameters } from './call-request.js';
import type { SuccessResult } from '../client/results.js';

/**
 * Ends a call, even while it is still ringing. {@link connectCall} and webhooks contain the call ID.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/calls`.
 * Source: Meta, Calling API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The call ID. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, terminateCall } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await terminateCall(client, { callId: 'wacid.1' });
 * ```
 */
export function terminateCall<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: CallParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('terminateCall', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'terminateCall', parameters.phoneNumberId);
    const restriction = rejectFeature(client, 'calling-api', id);
    return client.request(callRequest(id, restriction, 'terminate', { call_id: parameters.callId }), options);
  });
}
