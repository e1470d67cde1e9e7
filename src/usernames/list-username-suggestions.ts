import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Parameters of {@link listUsernameSuggestions}. */
export interface ListUsernameSuggestionsParameters {
  /** ID of the phone number. @defaultValue the client's */
  readonly phoneNumberId?: string;
}

/**
 * Lists available usernames for a phone number. Pass one to {@link setUsername}.
 *
 * Permission `whatsapp_business_management`. `GET /{phone-number-id}/username_suggestions`. Source: Meta, Usernames (6
 * Feb and 10 Mar 2026).
 *
 * @param client - A client of {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - Timeout, retries, headers and abort signal of this request.
 * @returns The usernames that Meta suggests.
 * @throws {@link MissingTargetError} without a phone number ID, {@link GraphApiError} if Meta rejects the request, and
 *   the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listUsernameSuggestions } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const suggestions = await listUsernameSuggestions(client);
 * console.log(suggestions[0]);
 * ```
 */
export function listUsernameSuggestions(
  client: Client,
  parameters: ListUsernameSuggestionsParameters = {},
  options: RequestOptions = {},
): ApiPromise<readonly string[]> {
  return readParameters('listUsernameSuggestions', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'listUsernameSuggestions', parameters.phoneNumberId);
    return client
      .request<{ readonly data: readonly { readonly username_suggestions?: readonly string[] }[] }>(
        { method: 'GET', path: [id, 'username_suggestions'], operation: 'GET /{phone-number-id}/username_suggestions' },
        options,
      )
      .map(({ data }) => data.flatMap((group) => group.username_suggestions ?? []));
  });
}
