import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link removeAssignedUser}. */
export interface RemoveAssignedUserParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** ID of the user or system user. */
  readonly userId: string;
}

/**
 * Removes all access of a user to a WhatsApp Business Account (WABA). Grant it with {@link assignUser}.
 *
 * Permission: `whatsapp_business_management`. `DELETE /{waba-id}/assigned_users`, a form. Source: Meta, OpenAPI v23.0
 * (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The user. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, removeAssignedUser } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await removeAssignedUser(client, { userId: '1020304050' });
 * ```
 */
export function removeAssignedUser(
  client: Client,
  parameters: RemoveAssignedUserParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('removeAssignedUser', parameters, options, () => {
    const { wabaId, userId } = parameters;
    const id = wabaIdOf(client, 'removeAssignedUser', wabaId);
    return client.request(
      {
        method: 'DELETE',
        path: [id, 'assigned_users'],
        body: new URLSearchParams({ user: userId }),
        operation: 'DELETE /{waba-id}/assigned_users',
      },
      options,
    );
  });
}
