import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { callRequest, type CallCaptureParameters, type CallRecipient } from './call-request.js';

/** Whom to call, and the offer of the session. */
export type ConnectCallParameters = CallRecipient &
  CallCaptureParameters & {
    /** Session description (SDP) of the offer, RFC 8866. */
    readonly sdp: string;
    /** Comes back in the webhooks of the call; at most 512 characters. */
    readonly callbackData?: string | undefined;
    /** The number that calls. @defaultValue the client's */
    readonly phoneNumberId?: string | undefined;
  };

/** A call that rings. */
export interface ConnectedCall {
  readonly messaging_product: 'whatsapp';
  /** The id (`wacid.…`) that the other actions take and the webhooks of the call carry. */
  readonly calls: readonly [{ readonly id: string }];
}

/**
 * Calls a user who has granted permission (138006). The answer of the session arrives as a `calls` webhook. `recording` and `transcription`
 * record or transcribe the call.
 *
 * Not for coexistence numbers. Permission `whatsapp_business_messaging`. `POST /{phone-number-id}/calls`. Source: Meta, Calling API (Nov 2025).
 *
 * @throws `RestrictedFeatureError`, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = refuseFeature(client, 'calling-api', id);
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
