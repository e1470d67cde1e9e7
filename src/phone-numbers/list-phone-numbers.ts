import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { defaultPhoneNumberFields, type PhoneNumber } from './phone-number.js';

/** Parameters of {@link listPhoneNumbers}. */
export interface ListPhoneNumbersParameters extends PageParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /**
   * Meta's field names. {@link phoneNumberFields} contains all of them.
   *
   * @defaultValue `id`, `display_phone_number`, `verified_name`, `is_on_biz_app`, `platform_type`, `quality_rating`,
   *   `throughput`, `name_status`
   */
  readonly fields?: readonly string[] | undefined;
  /** Filters, for example `{ field: 'account_mode', operator: 'EQUAL', value: 'SANDBOX' }`. */
  readonly filtering?: readonly { readonly field: string; readonly operator: string; readonly value: unknown }[] | undefined;
  /** Order, for example `last_onboarded_time_descending`. */
  readonly sort?: string | undefined;
}

/**
 * Lists the phone numbers of a WhatsApp Business Account (WABA). {@link getPhoneNumber} returns one of them.
 *
 * Meta returns `is_on_biz_app` in this list, but doesn't document it. If the field is missing, read the number with
 * {@link getPhoneNumber}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}/phone_numbers`. Source: Meta, Phone numbers (5 Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Fields, filters, order and the page. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
