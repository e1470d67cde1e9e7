import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/**
 * Removes a phone number from Cloud API. Use {@link registerPhoneNumber} to add it back. To disconnect a number of the
 * WhatsApp Business app, use the app instead.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/deregister`. Source: Meta, Register a business
 * phone number (Dec 2025): ten requests in 72 hours for each number.
 *
 * @param client - A client from {@link createClient} without `coexistence: true`.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError} without a phone number
 *   ID, {@link GraphApiError} if Meta rejects the request (133016 after too many requests), and the connection errors
 *   of {@link Client.request}.
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
    const restriction = rejectEndpoint(client, 'deregister-phone-number', id);
    return client.request(
      { method: 'POST', path: [id, 'deregister'], operation: 'POST /{phone-number-id}/deregister', restriction },
      options,
    );
  });
}
