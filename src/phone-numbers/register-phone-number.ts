import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkPin } from './check-pin.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link registerPhoneNumber}. */
export interface RegisterPhoneNumberParameters extends PhoneNumberParameters {
  /**
   * Six digits: the two-step verification PIN of the number, or a new PIN if the number has none. Meta requires a PIN
   * here although it has been removing PINs from eligible numbers since 23 September 2026.
   */
  readonly pin: string;
  /**
   * Country in which Meta stores data at rest: `AU`, `ID`, `IN`, `JP`, `SG`, `KR`, `DE`, `CH`, `GB`, `BR`, `BH`, `ZA`,
   * `AE`, `CA`.
   *
   * @defaultValue Meta's default
   */
  readonly data_localization_region?: string | undefined;
}

/**
 * Registers a verified phone number on Cloud API. Never register a number that is also on the WhatsApp Business app.
 * Its onboarding skips this step. The client rejects the call for numbers that `createCoexistence` knows, and for all
 * numbers with `coexistence: true`. It sends the call for other numbers, because it can't recognize them.
 *
 * Verify the number first with {@link requestVerificationCode} and {@link verifyCode}. After Meta approves a display
 * name, register the number again within 14 days.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/register`. Source: Meta, Register a business
 * phone number (Dec 2025): ten requests in 72 hours for each number, then 133016 for 72 hours.
 *
 * @param client - A client from {@link createClient} without `coexistence: true`.
 * @param parameters - The PIN and the storage country. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link InvalidArgumentError} if the PIN is not six
 *   digits (a wrong request counts towards the limit), {@link MissingTargetError} if no phone number ID is set,
 *   {@link GraphApiError} (133005 for a wrong PIN, 133016 after too many requests), and the connection errors of
 *   {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, registerPhoneNumber } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await registerPhoneNumber(client, { pin: '123456' });
 * ```
 */
export function registerPhoneNumber<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: RegisterPhoneNumberParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('registerPhoneNumber', parameters, options, () => {
    const { phoneNumberId, ...registration } = parameters;
    const id = phoneNumberIdOf(client, 'registerPhoneNumber', phoneNumberId);
    const restriction = rejectEndpoint(client, 'register-phone-number', id);
    checkPin('registerPhoneNumber', registration.pin);
    return client.request(
      {
        method: 'POST',
        path: [id, 'register'],
        body: { messaging_product: 'whatsapp', ...registration },
        operation: 'POST /{phone-number-id}/register',
        restriction,
      },
      options,
    );
  });
}
