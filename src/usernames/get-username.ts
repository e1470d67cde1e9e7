import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Which number. */
export interface GetUsernameParameters {
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** The username of a number. */
export interface UsernameDetails {
  /** Absent where the number has none. */
  readonly username?: string;
  /** `approved`, `reserved` or a value that Meta adds. */
  readonly status?: string;
}

/**
 * Reads the username of a number.
 *
 * Permission `whatsapp_business_management`. `GET /{phone-number-id}/username`. Source: Meta, Usernames (6 Feb and 10 Mar 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
  parameters: GetUsernameParameters = {},
  options: RequestOptions = {},
): ApiPromise<UsernameDetails> {
  return readParameters('getUsername', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getUsername', parameters.phoneNumberId);
    return client.request({ method: 'GET', path: [id, 'username'], operation: 'GET /{phone-number-id}/username' }, options);
  });
}
