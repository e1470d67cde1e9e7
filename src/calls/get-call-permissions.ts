import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/**
 * Parameters of {@link getCallPermissions}. Identify the user by a phone number, or by a business-scoped user ID if the
 * user hides the number.
 */
export type GetCallPermissionsParameters = (
  { readonly waId: string; readonly userId?: undefined } | { readonly userId: string; readonly waId?: undefined }
) & {
  /** ID of the phone number that calls. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
};

/** Call permission of a user, and the usage of the limits. */
export interface CallPermissions {
  readonly messaging_product?: 'whatsapp';
  readonly permission: {
    /** `no_permission`, `temporary` or `permanent`. Meta's OpenAPI file lists `granted`, `pending` and `denied`. */
    readonly status: string;
    /** Unix time in seconds. A temporary permission expires after 7 days. */
    readonly expiration_time?: number;
  };
  readonly actions?: readonly {
    /** `send_call_permission_request` or `start_call`. */
    readonly action_name: string;
    readonly can_perform_action: boolean;
    readonly limits?:
      | readonly {
          /** ISO 8601 duration, for example `PT24H`. */
          readonly time_period: string;
          readonly max_allowed: number;
          readonly current_usage: number;
          /** Unix time in seconds. */
          readonly limit_expiration_time?: number;
        }[]
      | null;
  }[];
}

/**
 * Returns whether you can call a user, or ask the user for permission to call. Meta limits these requests (613), so
 * send one before a call. Start the call with {@link connectCall}.
 *
 * Not available for coexistence numbers. Permission: `whatsapp_business_messaging`.
 * `GET /{phone-number-id}/call_permissions`. Source: Meta, Calling API, Call permissions (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The user. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The permission, the possible actions and their limits.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getCallPermissions } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { actions = [] } = await getCallPermissions(client, { waId: '15550100987' });
 * console.log(actions.find((action) => action.action_name === 'start_call')?.can_perform_action);
 * ```
 */
export function getCallPermissions<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: GetCallPermissionsParameters,
  options: RequestOptions = {},
): ApiPromise<CallPermissions> {
  return readParameters('getCallPermissions', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getCallPermissions', parameters.phoneNumberId);
    const restriction = rejectFeature(client, 'calling-api', id);
    return client.request(
      {
        method: 'GET',
        path: [id, 'call_permissions'],
        query: { user_wa_id: parameters.waId, recipient: parameters.userId },
        operation: 'GET /{phone-number-id}/call_permissions',
        restriction,
      },
      options,
    );
  });
}
