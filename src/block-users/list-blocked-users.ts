import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link listBlockedUsers}. */
export interface ListBlockedUsersParameters extends PhoneNumberParameters, PageParameters {}

/** A blocked customer. */
export interface ListedBlockedUser {
  readonly messaging_product?: 'whatsapp';
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly [field: string]: unknown;
}

/**
 * Lists the customers that a phone number has blocked. Unblock them with {@link unblockUsers}. If the list changes in
 * the meantime, Meta rejects the request for the next page (139102). List again from the start.
 *
 * Permission: `whatsapp_business_messaging`. `GET /{phone-number-id}/block_users`. Source: Meta, Block users (27 Oct
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The page. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listBlockedUsers } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for await (const { wa_id } of listBlockedUsers(client)) console.log(wa_id);
 * ```
 */
export function listBlockedUsers(
  client: Client,
  parameters: ListBlockedUsersParameters = {},
  options: RequestOptions = {},
): Listing<ListedBlockedUser> {
  return readParameters('listBlockedUsers', parameters, options, () => {
    const { limit, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'listBlockedUsers', phoneNumberId);
    return listing(
      (after) =>
        client.request(
          { method: 'GET', path: [id, 'block_users'], query: { limit, after }, operation: 'GET /{phone-number-id}/block_users' },
          options,
        ),
      parameters.after,
    );
  });
}
