import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { GroupResult } from './group-parameters.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Parameters of {@link createGroup}. */
export interface CreateGroupParameters {
  /** At most 128 characters. */
  readonly subject: string;
  /** At most 2,048 characters. */
  readonly description?: string | undefined;
  /**
   * Whether customers who open the invite link need approval: {@link approveJoinRequests}.
   *
   * @defaultValue `'auto_approve'`
   */
  readonly joinApprovalMode?: OpenEnum<'auto_approve' | 'approval_required'> | undefined;
  /** ID of the phone number that owns the group. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Creates a group of at most eight participants, who join with its invite link. The ID and the link arrive in a
 * `group_lifecycle_update` webhook with the same `request_id`. {@link getGroupInviteLink} also returns the link. Groups
 * require an Official Business Account: {@link requestOfficialBusinessAccount}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/groups`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The subject, description and approval mode. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The ID of the request.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, createGroup } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { request_id } = await createGroup(client, { subject: 'Your new kitchen' });
 * console.log(request_id);
 * ```
 */
export function createGroup<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: CreateGroupParameters,
  options: RequestOptions = {},
): ApiPromise<GroupResult> {
  return readParameters('createGroup', parameters, options, () => {
    const { phoneNumberId, subject, description, joinApprovalMode } = parameters;
    const id = phoneNumberIdOf(client, 'createGroup', phoneNumberId);
    const restriction = rejectFeature(client, 'groups-api', id);
    return client.request(
      {
        method: 'POST',
        path: [id, 'groups'],
        body: {
          messaging_product: 'whatsapp',
          subject,
          ...(description !== undefined && { description }),
          ...(joinApprovalMode && { join_approval_mode: joinApprovalMode }),
        },
        operation: 'POST /{phone-number-id}/groups',
        restriction,
      },
      options,
    );
  });
}
