import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { callRequest, type CallCaptureParameters, type CallRecipient } from './call-request.js';

/** Parameters of {@link connectCall}. */
export type ConnectCallParameters = CallRecipient &
  CallCaptureParameters & {
    /** SDP offer (RFC 8866). */
    readonly sdp: string;
    /** Text that the webhooks of the call contain. At most 512 characters. */
    readonly callbackData?: string | undefined;
    /** ID of the phone number that calls. @defaultValue the client's */
    readonly phoneNumberId?: string | undefined;
  };

/** A ringing call. Returned by {@link connectCall}. */
export interface ConnectedCall {
  readonly messaging_product: 'whatsapp';
  /** ID of the call (`wacid.…`). Pass it to the other actions. The webhooks of the call contain it. */
  readonly calls: readonly [{ readonly id: string }];
}

/**
 * Calls a user who has granted permission (138006 without it). The SDP answer arrives in a `calls` webhook. Set
 * `recording` or `transcription` to record or transcribe the call. Check the permission with
 * {@link getCallPermissions}, and end the call with {@link terminateCall}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/calls`.
 * Source: Meta, Calling API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The user, the SDP offer, callback data, recording and transcription. `phoneNumberId` defaults to
 *   the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the call.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { connectCall, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { calls } = await connectCall(client, { to: '15550100987', sdp: 'v=0 …' });
 * console.log(calls[0].id);
 * ```
 */
export function connectCall<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: ConnectCallParameters,
  options: RequestOptions = {},
): ApiPromise<ConnectedCall> {
  return readParameters('connectCall', parameters, options, () => {
    const { phoneNumberId, sdp, callbackData, ...content } = parameters;
    const id = phoneNumberIdOf(client, 'connectCall', phoneNumberId);
    const restriction = rejectFeature(client, 'calling-api', id);
    return client.request(
      callRequest(id, restriction, 'connect', {
        ...content,
        session: { sdp_type: 'offer', sdp },
        ...(callbackData !== undefined && { biz_opaque_callback_data: callbackData }),
      }),
      options,
    );
  });
}
