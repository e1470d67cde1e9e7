import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { GroupParameters } from './group-parameters.js';

/** Parameters of {@link getGroup}. */
export interface GetGroupParameters extends GroupParameters {
  /** Meta's field names. @defaultValue all documented fields */
  readonly fields?: readonly string[] | undefined;
}

/** A participant of a group. */
export interface GroupParticipant {
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly parent_user_id?: string;
  readonly username?: string;
}

/** A group. Returned by {@link getGroup}. */
export interface GroupDetails {
  readonly messaging_product?: 'whatsapp';
  readonly id: string;
  readonly subject?: string;
  readonly description?: string;
  readonly participants?: readonly GroupParticipant[];
  readonly total_participant_count?: number;
  readonly join_approval_mode?: string;
  readonly suspended?: boolean;
  /** Unix time in seconds. */
  readonly creation_timestamp?: number | string;
}

const defaultFields = [
  'subject',
  'description',
  'participants',
  'join_approval_mode',
  'suspended',
  'creation_timestamp',
  'total_participant_count',
];

/**
 * Returns the subject, description and participants of a group. {@link listGroups} lists the groups of a phone number.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `GET /{group-id}`. Source: Meta,
 * Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group and the fields to return.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getGroup } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { participants = [] } = await getGroup(client, { groupId: 'group-id' });
 * console.log(participants.length);
 * ```
 */
export function getGroup<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: GetGroupParameters,
  options: RequestOptions = {},
): ApiPromise<GroupDetails> {
  return readParameters('getGroup', parameters, options, () => {
    const restriction = rejectFeature(client, 'groups-api');
    const { groupId, fields = defaultFields } = parameters;
    return client.request(
      { method: 'GET', path: [groupId], query: { fields: fields.join(',') }, operation: 'GET /{group-id}', restriction },
      options,
    );
  });
}
