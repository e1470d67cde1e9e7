import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { GroupResult, GroupParameters } from './group-parameters.js';

/** Which group, and whom to remove. */
export interface RemoveGroupParticipantsParameters extends GroupParameters {
  /** Phone numbers, or business-scoped user ids, of at most eight participants. */
  readonly users: readonly string[];
}

/**
 * Removes people from a group. People are added by the invite link only. The outcome arrives as a `group_participants_update` webhook.
 *
 * Not for coexistence numbers. Permission `whatsapp_business_messaging`. `DELETE /{group-id}/participants`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @throws `RestrictedFeatureError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = refuseFeature(client, 'groups-api');
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
