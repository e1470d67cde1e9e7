import type { PhoneNumberParameters } from '../client/target-parameters.js';
import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Username of a phone number. */
export interface UsernameDetails {
  /** Absent if the number has no username. */
  readonly username?: string;
  /** `approved`, `reserved` or a value that Meta adds. */
  readonly status?: string;
}

/**
 * Returns the username of a phone number and its status. Set it with {@link setUsername}.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/username`. Source: Meta, Usernames (6 Feb and 10
 * Mar 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getUsername } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { username, status } = await getUsername(client);
 * console.log(username, status);
 * ```
 */
export function getUsername(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<UsernameDetails> {
  return readParameters('getUsername', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getUsername', parameters.phoneNumberId);
    return client.request({ method: 'GET', path: [id, 'username'], operation: 'GET /{phone-number-id}/username' }, options);
  });
}
