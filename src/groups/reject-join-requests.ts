import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { JoinRequestsResult, JoinRequestsParameters } from './join-request-answers.js';

/**
 * Keeps people out of a group who asked to join. A partial success does not throw: see `failed_join_requests`.
 *
 * Not for coexistence numbers. Permission `whatsapp_business_messaging`. `DELETE /{group-id}/join_requests`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @throws `RestrictedFeatureError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, rejectJoinRequests } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { failed_join_requests = [] } = await rejectJoinRequests(client, { groupId: 'group-id', joinRequestIds: ['request-1'] });
 * console.log(failed_join_requests.length);
 * ```
 */
export function rejectJoinRequests<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: JoinRequestsParameters,
  options: RequestOptions = {},
): ApiPromise<JoinRequestsResult> {
  return readParameters('rejectJoinRequests', parameters, options, () => {
    const restriction = refuseFeature(client, 'groups-api');
    const { groupId, joinRequestIds } = parameters;
    return client.request(
      {
        method: 'DELETE',
        path: [groupId, 'join_requests'],
        body: { messaging_product: 'whatsapp', join_requests: joinRequestIds },
        partial: 'failed_join_requests',
        operation: 'DELETE /{group-id}/join_requests',
        restriction,
      },
      options,
    );
  });
}
