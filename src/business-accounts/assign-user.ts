import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Who may do what. */
export interface AssignUserParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  readonly userId: string;
  /** `MANAGE`, `DEVELOP`, `MANAGE_TEMPLATES`, `MANAGE_PHONE`, `VIEW_COST`, `MESSAGING`, `FULL_CONTROL`, … */
  readonly tasks: readonly string[];
}

/**
 * Lets a user, also a system user, work with a WABA.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/assigned_users`, a form. Source: Meta, OpenAPI v23.0 (Nov 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
