import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { OpenEnum } from '../runtime/open-enum.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link requestVerificationCode}. */
export interface RequestVerificationCodeParameters extends PhoneNumberParameters {
  readonly code_method: OpenEnum<'SMS' | 'VOICE'>;
  /** Language of the message, for example `en_US`. */
  readonly language: string;
}

/**
 * Requests a verification code for a phone number. Meta sends the code to the number by SMS or voice call. Pass it to
 * {@link verifyCode}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/request_code`. Source: Meta, Phone numbers (5
 * Dec 2025).
 *
 * @param client - A client from {@link createClient} without `coexistence: true`.
 * @param parameters - The method and language of the code. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError} without a phone number
 *   ID, {@link GraphApiError} (136024 if the number is already verified), and the connection errors of
 *   {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, requestVerificationCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await requestVerificationCode(client, { code_method: 'SMS', language: 'en_US' });
 * ```
 */
export function requestVerificationCode<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: RequestVerificationCodeParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('requestVerificationCode', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'requestVerificationCode', phoneNumberId);
    const restriction = rejectEndpoint(client, 'request-verification-code', id);
    return client.request(
      { method: 'POST', path: [id, 'request_code'], body, operation: 'POST /{phone-number-id}/request_code', restriction },
      options,
    );
  });
}
