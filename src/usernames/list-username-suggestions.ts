import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type ListPage } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/**
 * Lists available usernames for a phone number. Pass one to {@link setUsername}.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/username_suggestions`. Source: Meta, Usernames (6
 * Feb and 10 Mar 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The usernames that Meta suggests.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listUsernameSuggestions } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for await (const username of listUsernameSuggestions(client)) console.log(username);
 * ```
 */
export function listUsernameSuggestions(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): Listing<string> {
  return readParameters('listUsernameSuggestions', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'listUsernameSuggestions', parameters.phoneNumberId);
    return listing(
      (after) =>
        client
          .request<ListPage<{ readonly username_suggestions?: readonly string[] }>>(
            {
              method: 'GET',
              path: [id, 'username_suggestions'],
              query: { after },
              operation: 'GET /{phone-number-id}/username_suggestions',
            },
            options,
          )
          .map((page) => ({ ...page, data: page.data.flatMap((group) => group.username_suggestions ?? []) })),
      undefined,
    );
  });
}
