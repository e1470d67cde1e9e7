import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Whom to forget. */
export interface DeleteContactBookEntryParameters {
  /** The business-scoped user id. */
  readonly userId: string;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** Whether there was anything to forget. */
export interface DeletedContactBookEntry {
  readonly success: true;
  readonly deleted?: boolean;
}

/**
 * Takes a user out of the contact book of the number, for good: the phone number of somebody who hides it then no longer comes with
 * webhooks.
 *
 * Permission `whatsapp_business_management`. `DELETE /{phone-number-id}/contact_book`. Source: Meta, Business-scoped user ids (31 Mar 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, deleteContactBookEntry } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { deleted } = await deleteContactBookEntry(client, { userId: 'US.1349' });
 * console.log(deleted);
 * ```
 */
export function deleteContactBookEntry(
  client: Client,
  parameters: DeleteContactBookEntryParameters,
  options: RequestOptions = {},
): ApiPromise<DeletedContactBookEntry> {
  return readParameters('deleteContactBookEntry', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'deleteContactBookEntry', parameters.phoneNumberId);
    return client.request(
      {
        method: 'DELETE',
        path: [id, 'contact_book'],
        query: { messaging_product: 'whatsapp', bsuid: parameters.userId },
        operation: 'DELETE /{phone-number-id}/contact_book',
      },
      options,
    );
  });
}
