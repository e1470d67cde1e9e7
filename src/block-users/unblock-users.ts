import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { rejectEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { BlockUsersParameters, BlockUsersResult } from './block-users-result.js';

/**
 * Unblocks customers. Block them with {@link blockUsers}, and list them with {@link listBlockedUsers}. The call doesn't
 * throw if only some customers fail: check `error`.
 *
 * Meta accepts only customers who wrote in the last 24 hours, and no businesses. The list can have 64,000 customers. A
 * partial result has the HTTP status 400, `block_users` and error 139100.
 *
 * Permission: `whatsapp_business_messaging`. `DELETE /{phone-number-id}/block_users`. Source: Meta, Block users (27 Oct
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The customers. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The result for each customer: {@link BlockUsersResult}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, unblockUsers } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { block_users, error } = await unblockUsers(client, { users: ['15550100987', '15550100988'] });
 * console.log(block_users.removed_users, block_users.failed_users, error?.code);
 * ```
 */
export function unblockUsers(
  client: Client,
  parameters: BlockUsersParameters,
  options: RequestOptions = {},
): ApiPromise<BlockUsersResult<'removed_users'>> {
  return readParameters('unblockUsers', parameters, options, () => {
    const { users, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'unblockUsers', phoneNumberId);
    const restriction = rejectEndpoint(client, 'block-users', id);
    return client.request(
      {
        method: 'DELETE',
        path: [id, 'block_users'],
        body: { messaging_product: 'whatsapp', block_users: users.map((user) => ({ user })) },
        partial: 'block_users',
        operation: 'DELETE /{phone-number-id}/block_users',
        restriction,
      },
      options,
    );
  });
}
