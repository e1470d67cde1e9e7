import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { GroupResult, GroupParameters } from './group-parameters.js';

/** Parameters of {@link removeGroupParticipants}. */
export interface RemoveGroupParticipantsParameters extends GroupParameters {
  /** Phone numbers or business-scoped user IDs of at most eight participants. */
  readonly users: readonly string[];
}

/**
 * Removes participants from a group. The result arrives in a `group_participants_update` webhook. You can't add
 * participants: they join with the link of {@link getGroupInviteLink}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `DELETE /{group-id}/participants`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group and at most eight participants.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, removeGroupParticipants } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await removeGroupParticipants(client, { groupId: 'group-id', users: ['15550100987'] });
 * ```
 */
export function removeGroupParticipants<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: RemoveGroupParticipantsParameters,
  options: RequestOptions = {},
): ApiPromise<GroupResult> {
  return readParameters('removeGroupParticipants', parameters, options, () => {
    const restriction = rejectFeature(client, 'groups-api');
    const { groupId, users } = parameters;
    return client.request(
      {
        method: 'DELETE',
        path: [groupId, 'participants'],
        body: { messaging_product: 'whatsapp', participants: users.map((user) => ({ user })) },
        operation: 'DELETE /{group-id}/participants',
        restriction,
      },
      options,
    );
  });
}
