import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import type { GroupParameters } from './group-parameters.js';

/** Parameters of {@link listJoinRequests}. */
export interface ListJoinRequestsParameters extends GroupParameters, PageParameters {}

/** A pending request to join a group. */
export interface JoinRequest {
  readonly join_request_id: string;
  readonly wa_id?: string;
  readonly user_id?: string;
  /** Unix time in seconds. */
  readonly creation_timestamp?: string | number;
}

/**
 * Lists the pending requests to join a group whose invite link requires approval. Respond with
 * {@link approveJoinRequests} or {@link rejectJoinRequests}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `GET /{group-id}/join_requests`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group and the page.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
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
    const restriction = rejectFeature(client, 'groups-api');
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
