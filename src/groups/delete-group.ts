import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { GroupResult, GroupParameters } from './group-parameters.js';

/**
 * Deletes a group and removes all participants. The result arrives in a `group_lifecycle_update` webhook. Create a
 * group with {@link createGroup}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `DELETE /{group-id}`. Source: Meta,
 * Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, deleteGroup } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await deleteGroup(client, { groupId: 'group-id' });
 * ```
 */
export function deleteGroup<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: GroupParameters,
  options: RequestOptions = {},
): ApiPromise<GroupResult> {
  return readParameters('deleteGroup', parameters, options, () => {
    const restriction = rejectFeature(client, 'groups-api');
    return client.request({ method: 'DELETE', path: [parameters.groupId], operation: 'DELETE /{group-id}', restriction }, options);
  });
}
