import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { listing, type Listing, type ListPage, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Parameters of {@link listGroups}. */
export interface ListGroupsParameters extends PageParameters {
  /** ID of the phone number that owns the groups. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** A group in a list. */
export interface GroupSummary {
  readonly id: string;
  readonly subject?: string;
  /** Unix time in seconds, or an ISO 8601 date. */
  readonly created_at?: string | number;
}

/**
 * Lists the active groups of a phone number. A page has at most 1,024 groups. {@link getGroup} returns the details of
 * one group.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `GET /{phone-number-id}/groups`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The page. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listGroups } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * for await (const group of listGroups(client)) console.log(group.id, group.subject);
 * ```
 */
export function listGroups<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: ListGroupsParameters = {},
  options: RequestOptions = {},
): Listing<GroupSummary> {
  return readParameters('listGroups', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'listGroups', parameters.phoneNumberId);
    const restriction = rejectFeature(client, 'groups-api', id);
    const { limit } = parameters;
    return listing(
      (after) =>
        client
          .request<{ readonly data: { readonly groups?: readonly GroupSummary[] } } & Pick<ListPage<GroupSummary>, 'paging'>>(
            { method: 'GET', path: [id, 'groups'], query: { limit, after }, operation: 'GET /{phone-number-id}/groups', restriction },
            options,
          )
          // Unlike other listings, the items are one level deeper.
          .map(({ data, paging }) => ({ data: data.groups ?? [], ...(paging && { paging }) })),
      parameters.after,
    );
  });
}
