import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { GroupParameters } from './group-parameters.js';

/** Invite link of a group. Customers join the group with it. */
export interface GroupInviteLink {
  readonly messaging_product?: 'whatsapp';
  readonly invite_link: string;
}

/**
 * Returns the invite link of a group. Replace it with {@link resetGroupInviteLink}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `GET /{group-id}/invite_link`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getGroupInviteLink } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { invite_link } = await getGroupInviteLink(client, { groupId: 'group-id' });
 * console.log(invite_link);
 * ```
 */
export function getGroupInviteLink<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: GroupParameters,
  options: RequestOptions = {},
): ApiPromise<GroupInviteLink> {
  return readParameters('getGroupInviteLink', parameters, options, () => {
    const restriction = rejectFeature(client, 'groups-api');
    return client.request(
      { method: 'GET', path: [parameters.groupId, 'invite_link'], operation: 'GET /{group-id}/invite_link', restriction },
      options,
    );
  });
}
