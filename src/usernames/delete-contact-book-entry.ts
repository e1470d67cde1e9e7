import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link deleteContactBookEntry}. */
export interface DeleteContactBookEntryParameters extends PhoneNumberParameters {
  /** Business-scoped user ID. */
  readonly userId: string;
}

/** Result of {@link deleteContactBookEntry}. */
export interface DeletedContactBookEntry {
  readonly success: true;
  /** Whether the contact book had an entry for the user. */
  readonly deleted?: boolean;
}

/**
 * Deletes a user from the contact book of a phone number. You can't undo this. If the user hides their phone number,
 * webhooks no longer contain it.
 *
 * Permission: `whatsapp_business_management`. `DELETE /{phone-number-id}/contact_book`. Source: Meta, Business-scoped
 * user ids (31 Mar 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The user. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns Whether the contact book had an entry.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
