import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { UsernameDetails } from './get-username.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link setUsername}. */
export interface SetUsernameParameters extends PhoneNumberParameters {
  /**
   * 3 to 35 letters, digits, dots and underscores, with at least one letter. It can't start or end with a dot, contain
   * two dots in a row, or look like a web address.
   */
  readonly username: string;
  /** Moves the username from another phone number of the business (147005 without it). @defaultValue `false` */
  readonly takeOver?: boolean | undefined;
}

/**
 * Sets or changes the username of a phone number. The result contains the status: approved, or reserved for now. A
 * `business_username_update` webhook reports later changes. {@link listUsernameSuggestions} returns available names.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/username`. Source: Meta, Usernames (6 Feb and 10
 * Mar 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The username. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The status of the username.
 * @throws {@link MissingTargetError} without a phone number ID, {@link GraphApiError} (147001 to 147005 if the username
 *   is not available), and the connection errors of {@link Client.request}.
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
