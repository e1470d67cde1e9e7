import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { CreatedId, SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link verifyCode}. */
export interface VerifyCodeParameters extends PhoneNumberParameters {
  /** The digits of the code, without a hyphen. */
  readonly code: string;
}

/**
 * Verifies a phone number with the code that Meta sent to it. Request the code with {@link requestVerificationCode}.
 * After that, register the number with {@link registerPhoneNumber}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/verify_code`. Source: Meta, Phone numbers (5 Dec
 * 2025).
 *
 * @param client - A client from {@link createClient} without `coexistence: true`.
 * @param parameters - The code. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, verifyCode } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await verifyCode(client, { code: '123830' });
 * ```
 */
export function verifyCode<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: VerifyCodeParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult & Partial<CreatedId>> {
  return readParameters('verifyCode', parameters, options, () => {
    const { code, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'verifyCode', phoneNumberId);
    const restriction = rejectEndpoint(client, 'verify-code', id);
    return client.request(
      { method: 'POST', path: [id, 'verify_code'], body: { code }, operation: 'POST /{phone-number-id}/verify_code', restriction },
      options,
    );
  });
}
