import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { phoneNumberIdOf } from '../client/require-target.js';

/** Whose entry. */
export interface DeleteContactBookEntryParameters {
  /** Business-scoped user id, as `US.…`. */
  readonly bsuid: string;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string;
}

/**
 * Deletes for good what Meta's contact book of the business knows of one customer: the phone number behind a business-scoped user id. Webhooks of
 * all numbers of the business then come without it.
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
 * const { deleted } = await deleteContactBookEntry(client, { bsuid: 'US.90000000000000000001' });
 * console.log(deleted);
 * ```
 */
export function deleteContactBookEntry(
  client: Client,
  parameters: DeleteContactBookEntryParameters,
  options: RequestOptions = {},
): ApiPromise<{ readonly success: true; readonly deleted?: boolean }> {
  const { bsuid, phoneNumberId } = parameters;
  const id = phoneNumberIdOf(client, 'deleteContactBookEntry', phoneNumberId);
  return client.request(
    {
      method: 'DELETE',
      path: [id, 'contact_book'],
      query: { messaging_product: 'whatsapp', bsuid },
      operation: 'DELETE /{phone-number-id}/contact_book',
    },
    options,
  );
}
