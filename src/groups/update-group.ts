import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { GroupResult, GroupParameters } from './group-parameters.js';

/** Parameters of {@link updateGroup}. Omitted fields stay unchanged. */
export interface UpdateGroupParameters extends GroupParameters {
  /** At most 128 characters. */
  readonly subject?: string | undefined;
  /** At most 2,048 characters. */
  readonly description?: string | undefined;
  /** A square JPEG of at least 192 pixels and at most 5 MB. */
  readonly picture?: Blob | undefined;
}

/**
 * Updates the subject, description or picture of a group. The result arrives in a `group_settings_update` webhook. Read
 * the group with {@link getGroup}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{group-id}`. Source: Meta,
 * Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The group and the fields to change.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request.
 * @throws {@link RestrictedFeatureError} for a coexistence number, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updateGroup } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await updateGroup(client, { groupId: 'group-id', subject: 'Your kitchen is ready' });
 * ```
 */
export function updateGroup<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: UpdateGroupParameters,
  options: RequestOptions = {},
): ApiPromise<GroupResult> {
  return readParameters('updateGroup', parameters, options, () => {
    const restriction = rejectFeature(client, 'groups-api');
    const { groupId, subject, description, picture } = parameters;
    const fields = {
      messaging_product: 'whatsapp',
      ...(subject !== undefined && { subject }),
      ...(description !== undefined && { description }),
    };
    return client.request(
      { method: 'POST', path: [groupId], body: picture ? formOf(fields, picture) : fields, operation: 'POST /{group-id}', restriction },
      options,
    );
  });
}

function formOf(fields: Readonly<Record<string, string>>, picture: Blob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  // Meta's guide uses this name. Its OpenAPI file uses `file`.
  form.set('profile_picture_file', picture, 'picture.jpg');
  return form;
}
