import type { RequestOptions } from '../client/client.js';
import { refuseFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import type { GroupParameters } from './group-parameters.js';

/** Which group, and which part of the list. */
export interface ListJoinRequestsParameters extends GroupParameters, PageParameters {}

/** Somebody who wants to join. */
export interface JoinRequest {
  readonly join_request_id: string;
  readonly wa_id?: string;
  readonly user_id?: string;
  /** Unix seconds. */
  readonly creation_timestamp?: string | number;
}

/**
 * Lists who wants to join a group that lets people in by approval.
 *
 * Not for coexistence numbers. Permission `whatsapp_business_messaging`. `GET /{group-id}/join_requests`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @throws `RestrictedFeatureError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, listJoinRequests } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for await (const request of listJoinRequests(client, { groupId: 'group-id' })) console.log(request.join_request_id);
 * ```
 */
export function listJoinRequests<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: ListJoinRequestsParameters,
  options: RequestOptions = {},
): Listing<JoinRequest> {
  return readParameters('listJoinRequests', parameters, options, () => {
    const restriction = refuseFeature(client, 'groups-api');
    const { groupId, limit } = parameters;
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [groupId, 'join_requests'],
            query: { limit, after },
            operation: 'GET /{group-id}/join_requests',
            restriction,
          },
          options,
        ),
      parameters.after,
    );
  });
}
