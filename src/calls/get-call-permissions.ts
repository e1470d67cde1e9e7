import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseFeature, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Whose permission: of a phone number, or, for people who hide it, of a business-scoped user id. */
export type GetCallPermissionsParameters = (
  { readonly waId: string; readonly userId?: never | undefined } | { readonly userId: string; readonly waId?: never | undefined }
) & {
  /** The number that would call. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
};

/** What a user allows, and what is left of the limits. */
export interface CallPermissions {
  readonly messaging_product?: 'whatsapp';
  readonly permission: {
    /** `no_permission`, `temporary`, `permanent`; Meta's OpenAPI file says `granted`, `pending`, `denied`. */
    readonly status: string;
    /** Unix seconds; a temporary permission lasts 7 days. */
    readonly expiration_time?: number;
  };
  readonly actions?: readonly {
    /** `send_call_permission_request` or `start_call`. */
    readonly action_name: string;
    readonly can_perform_action: boolean;
    readonly limits?:
      | readonly {
          /** ISO 8601 duration, as `PT24H`. */
          readonly time_period: string;
          readonly max_allowed: number;
          readonly current_usage: number;
          /** Unix seconds. */
          readonly limit_expiration_time?: number;
        }[]
      | null;
  }[];
}

/**
 * Asks whether a user may be called, and may be asked for permission. Look-ups are limited (613): once before a call is enough.
 *
 * Not for coexistence numbers. Permission `whatsapp_business_messaging`. `GET /{phone-number-id}/call_permissions`.
 * Source: Meta, Calling API, Call permissions (Nov 2025).
 *
 * @throws `RestrictedFeatureError`, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = refuseFeature(client, 'calling-api', id);
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
