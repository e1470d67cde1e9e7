import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/**
 * Deletes the username of a phone number. Set a new one with {@link setUsername}.
 *
 * Permission: `whatsapp_business_management`. `DELETE /{phone-number-id}/username`. Source: Meta, Usernames (6 Feb and
 * 10 Mar 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, deleteUsername } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await deleteUsername(client);
 * ```
 */
export function deleteUsername(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('deleteUsername', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'deleteUsername', parameters.phoneNumberId);
    return client.request({ method: 'DELETE', path: [id, 'username'], operation: 'DELETE /{phone-number-id}/username' }, options);
  });
}
