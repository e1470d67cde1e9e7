import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link assignUser}. */
export interface AssignUserParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** ID of the user or system user. */
  readonly userId: string;
  /**
   * Allowed tasks: `MANAGE`, `DEVELOP`, `MANAGE_TEMPLATES`, `MANAGE_PHONE`, `VIEW_COST`, `MESSAGING`, `FULL_CONTROL` or
   * a value that Meta adds.
   */
  readonly tasks: readonly string[];
}

/**
 * Gives a user or system user access to a WhatsApp Business Account (WABA). Remove the access with
 * {@link removeAssignedUser}, and list users with {@link listAssignedUsers}.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/assigned_users`, a form. Source: Meta, OpenAPI v23.0
 * (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The user and the tasks. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { assignUser, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * await assignUser(client, { userId: '1020304050', tasks: ['MANAGE'] });
 * ```
 */
export function assignUser(client: Client, parameters: AssignUserParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('assignUser', parameters, options, () => {
    const { wabaId, userId, tasks } = parameters;
    const id = wabaIdOf(client, 'assignUser', wabaId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'assigned_users'],
        body: new URLSearchParams({ user: userId, tasks: JSON.stringify(tasks) }),
        operation: 'POST /{waba-id}/assigned_users',
      },
      options,
    );
  });
}
