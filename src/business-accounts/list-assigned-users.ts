import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Parameters of {@link listAssignedUsers}. */
export interface ListAssignedUsersParameters extends PageParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** ID of the business portfolio of the users. */
  readonly businessId: string;
  /** Meta's field names. @defaultValue Meta's default fields */
  readonly fields?: readonly string[] | undefined;
}

/** A user with access to a WABA. */
export interface AssignedUser {
  readonly id: string;
  readonly name?: string;
  /** `BUSINESS_USER`, `SYSTEM_USER`, `PERSONAL_USER` or a value that Meta adds. */
  readonly user_type?: string;
  readonly business?: { readonly id: string; readonly name?: string };
  readonly tasks?: readonly string[];
  readonly [field: string]: unknown;
}

/**
 * Lists the users of a business portfolio who have access to a WhatsApp Business Account (WABA). Add users with
 * {@link assignUser}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}/assigned_users`. Source: Meta, OpenAPI v23.0 (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The business portfolio, fields and the page. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listAssignedUsers } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const { id, user_type } of listAssignedUsers(client, { businessId: '506914307656634' })) {
 *   console.log(id, user_type);
 * }
 * ```
 */
export function listAssignedUsers(
  client: Client,
  parameters: ListAssignedUsersParameters,
  options: RequestOptions = {},
): Listing<AssignedUser> {
  return readParameters('listAssignedUsers', parameters, options, () => {
    const { wabaId, businessId, fields, limit } = parameters;
    const id = wabaIdOf(client, 'listAssignedUsers', wabaId);
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [id, 'assigned_users'],
            query: { business: businessId, fields: fields?.join(','), limit, after },
            operation: 'GET /{waba-id}/assigned_users',
          },
          options,
        ),
      parameters.after,
    );
  });
}
