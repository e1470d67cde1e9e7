import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { defaultPhoneNumberFields, type PhoneNumber } from './phone-number.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link getPhoneNumber}. */
export interface GetPhoneNumberParameters extends PhoneNumberParameters {
  /**
   * Meta's field names. {@link phoneNumberFields} contains all of them.
   *
   * @defaultValue `id`, `display_phone_number`, `verified_name`, `is_on_biz_app`, `platform_type`, `quality_rating`,
   *   `throughput`, `name_status`
   */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Returns a business phone number. {@link listPhoneNumbers} returns all numbers of an account, and
 * {@link isCoexistenceNumber} checks whether the number is also on the WhatsApp Business app.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}`. Source: Meta, Phone numbers (5 Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number and the fields to return. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getPhoneNumber } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const number = await getPhoneNumber(client, { fields: ['is_on_biz_app', 'platform_type'] });
 * console.log(number.is_on_biz_app);
 * ```
 */
export function getPhoneNumber(
  client: Client,
  parameters: GetPhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<PhoneNumber> {
  return readParameters('getPhoneNumber', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getPhoneNumber', parameters.phoneNumberId);
    const fields = (parameters.fields ?? defaultPhoneNumberFields).join(',');
    return client.request({ method: 'GET', path: [id], query: { fields }, operation: 'GET /{phone-number-id}' }, options);
  });
}
