import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { GroupInviteLink } from './get-group-invite-link.js';
import type { GroupParameters } from './group-parameters.js';

/**
 * Creates a new invite link for a group. The old link stops working. Read the current link with
 * {@link getGroupInviteLink}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{group-id}/invite_link`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group.
 * @param options - See {@link RequestOptions}.
 * @returns The new link.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, resetGroupInviteLink } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { invite_link } = await resetGroupInviteLink(client, { groupId: 'group-id' });
 * console.log(invite_link);
 * ```
 */
export function resetGroupInviteLink<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: GroupParameters,
  options: RequestOptions = {},
): ApiPromise<GroupInviteLink> {
  return readParameters('resetGroupInviteLink', parameters, options, () => {
    const restriction = rejectFeature(client, 'groups-api');
    return client.request(
      {
        method: 'POST',
        path: [parameters.groupId, 'invite_link'],
        body: { messaging_product: 'whatsapp' },
        operation: 'POST /{group-id}/invite_link',
        restriction,
      },
      options,
    );
  });
}
