import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Which number. */
export interface DeleteUsernameParameters {
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Takes the username of a number away.
 *
 * Permission `whatsapp_business_management`. `DELETE /{phone-number-id}/username`. Source: Meta, Usernames (6 Feb and 10 Mar 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
  parameters: DeleteUsernameParameters = {},
  options: RequestOptions = {},
): ApiPromise<{ readonly success: true }> {
  return readParameters('deleteUsername', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'deleteUsername', parameters.phoneNumberId);
    return client.request({ method: 'DELETE', path: [id, 'username'], operation: 'DELETE /{phone-number-id}/username' }, options);
  });
}
