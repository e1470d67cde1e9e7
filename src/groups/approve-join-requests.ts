import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { JoinRequestsResult, JoinRequestsParameters } from './join-request-answers.js';

/**
 * Approves requests to join a group. List them with {@link listJoinRequests}, and reject them with
 * {@link rejectJoinRequests}. The call doesn't throw if only some requests fail: check `failed_join_requests`.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{group-id}/join_requests`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group and the request IDs.
 * @param options - See {@link RequestOptions}.
 * @returns The approved and the failed requests.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { approveJoinRequests, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { failed_join_requests = [] } = await approveJoinRequests(client, {
 *   groupId: 'group-id',
 *   joinRequestIds: ['request-1'],
 * });
 * console.log(failed_join_requests.length);
 * ```
 */
export function approveJoinRequests<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: JoinRequestsParameters,
  options: RequestOptions = {},
): ApiPromise<JoinRequestsResult> {
  return readParameters('approveJoinRequests', parameters, options, () => {
    const restriction = rejectFeature(client, 'groups-api');
    const { groupId, joinRequestIds } = parameters;
    return client.request(
      {
        method: 'POST',
        path: [groupId, 'join_requests'],
        body: { messaging_product: 'whatsapp', join_requests: joinRequestIds },
        partial: 'failed_join_requests',
        operation: 'POST /{group-id}/join_requests',
        restriction,
      },
      options,
    );
  });
}
