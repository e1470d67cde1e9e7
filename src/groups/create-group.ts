import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { GroupResult } from './group-parameters.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** A group to be. */
export interface CreateGroupParameters {
  /** At most 128 characters. */
  readonly subject: string;
  /** At most 2,048 characters. */
  readonly description?: string | undefined;
  /** Whether who taps the invite link has to be let in. @defaultValue `'auto_approve'` */
  readonly joinApprovalMode?: OpenEnum<'auto_approve' | 'approval_required'> | undefined;
  /** The number that owns the group. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Makes a group of at most eight participants, who join by its invite link. Id and link arrive as a `group_lifecycle_update` webhook
 * with the same `request_id`. Needs an Official Business Account.
 *
 * Not for coexistence numbers. Permission `whatsapp_business_messaging`. `POST /{phone-number-id}/groups`.
 * Source: Meta, Groups API (Nov 2025).
 *
 * @throws `RestrictedFeatureError`, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = refuseFeature(client, 'groups-api', id);
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
