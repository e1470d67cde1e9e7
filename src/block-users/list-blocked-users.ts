import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Which number's, and which part of the list. */
export interface ListBlockedUsersParameters extends PageParameters {
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** Somebody on the block list. */
export interface ListedBlockedUser {
  readonly messaging_product?: 'whatsapp';
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly [field: string]: unknown;
}

/**
 * Lists the customers that a number blocks, page after page as they are needed.
 *
 * Permission `whatsapp_business_messaging`. `GET /{phone-number-id}/block_users`. Source: Meta, Block users (27 Oct 2025). If the list changes
 * meanwhile, Meta refuses the next page (139102): list again from the start.
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
