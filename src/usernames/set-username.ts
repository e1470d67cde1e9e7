import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { UsernameDetails } from './get-username.js';

/** A username to be. */
export interface SetUsernameParameters {
  /** 3 to 35 letters, digits, dots and underscores, at least one letter; no dot at either end, no two in a row, nothing like a web address. */
  readonly username: string;
  /** Takes the name from another number of the business (147005). @defaultValue `false` */
  readonly takeOver?: boolean | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Gives a number a username, or another one. The answer tells whether it is approved or reserved for now; a `business_username_update`
 * webhook tells of later changes.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/username`. Source: Meta, Usernames (6 Feb and 10 Mar 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` (147001 to 147005 where the name cannot be had) and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, setUsername } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { status } = await setUsername(client, { username: 'example.shop' });
 * console.log(status);
 * ```
 */
export function setUsername(
  client: Client,
  parameters: SetUsernameParameters,
  options: RequestOptions = {},
): ApiPromise<Pick<UsernameDetails, 'status'>> {
  return readParameters('setUsername', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'setUsername', parameters.phoneNumberId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'username'],
        body: { username: parameters.username, ...(parameters.takeOver && { transfer_action: 'force_transfer' }) },
        operation: 'POST /{phone-number-id}/username',
      },
      options,
    );
  });
}
