import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkPin } from './check-pin.js';
import type { SuccessResult } from '../client/results.js';

/** How a number is registered. */
export interface RegisterPhoneNumberParameters {
  /**
   * Six digits: the two-step PIN of the number, or the new one if it has none. Meta requires a PIN here although it withdraws PINs from eligible
   * numbers since 23 September 2026.
   */
  readonly pin: string;
  /** Country in which data at rest are kept: `AU`, `ID`, `IN`, `JP`, `SG`, `KR`, `DE`, `CH`, `GB`, `BR`, `BH`, `ZA`, `AE`, `CA`. @defaultValue Meta's */
  readonly data_localization_region?: string | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Registers a verified number for Cloud API. Never for a number that is on the WhatsApp Business app, too: there the step is skipped.
 *
 * After Meta approves a display name, register the number again within 14 days.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/register`. Source: Meta, Register a business phone number (Dec 2025): ten
 * calls in 72 hours a number, then 133016 for 72 hours.
 *
 * @throws `RestrictedFeatureError` for a coexistence number, `InvalidArgumentError` if the PIN is not six digits (a wrong call counts towards
 * the limit), `MissingTargetError`, `GraphApiError` (133005 wrong PIN, 133016 too often) and the connection errors of `Client.request`.
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
    const restriction = refuseEndpoint(client, 'register-phone-number', id);
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
