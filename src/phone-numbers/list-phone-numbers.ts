import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { defaultPhoneNumberFields, type PhoneNumber } from './phone-number.js';

/** Which WABA, what of its numbers, and which part of the list. */
export interface ListPhoneNumbersParameters extends PageParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Field names of Meta's. @defaultValue those that tell what kind of number it is */
  readonly fields?: readonly string[] | undefined;
  /** Only numbers that fit, as `{ field: 'account_mode', operator: 'EQUAL', value: 'SANDBOX' }`. */
  readonly filtering?: readonly { readonly field: string; readonly operator: string; readonly value: unknown }[] | undefined;
  /** As `last_onboarded_time_descending`. */
  readonly sort?: string | undefined;
}

/**
 * Lists the numbers of a WABA, page after page as they are needed.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}/phone_numbers`. Source: Meta, Phone numbers (5 Dec 2025). That
 * `is_on_biz_app` can be asked for here is practice, not documented: read a number with `getPhoneNumber` where it is missing.
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, listPhoneNumbers } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const number of listPhoneNumbers(client)) console.log(number.id);
 * ```
 */
export function listPhoneNumbers(
  client: Client,
  parameters: ListPhoneNumbersParameters = {},
  options: RequestOptions = {},
): Listing<PhoneNumber> {
  return readParameters('listPhoneNumbers', parameters, options, () => {
    const id = wabaIdOf(client, 'listPhoneNumbers', parameters.wabaId);
    const { limit, fields = defaultPhoneNumberFields, filtering, sort } = parameters;
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [id, 'phone_numbers'],
            query: { fields: fields.join(','), filtering: filtering && JSON.stringify(filtering), sort, limit, after },
            operation: 'GET /{waba-id}/phone_numbers',
          },
          options,
        ),
      parameters.after,
    );
  });
}
