import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/**
 * Takes a number off Cloud API. A number that is on the WhatsApp Business app, too, is disconnected in the app instead.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/deregister`. Source: Meta, Register a business phone number (Dec 2025): ten
 * calls in 72 hours a number.
 *
 * @throws `RestrictedFeatureError` for a coexistence number, `MissingTargetError`, `GraphApiError` (133016 too often) and the connection errors of
 * `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, deregisterPhoneNumber } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await deregisterPhoneNumber(client);
 * ```
 */
export function deregisterPhoneNumber<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('deregisterPhoneNumber', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'deregisterPhoneNumber', parameters.phoneNumberId);
    const restriction = refuseEndpoint(client, 'deregister-phone-number', id);
    return client.request(
      { method: 'POST', path: [id, 'deregister'], operation: 'POST /{phone-number-id}/deregister', restriction },
      options,
    );
  });
}
