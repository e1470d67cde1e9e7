import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { defaultPhoneNumberFields, type PhoneNumber } from './phone-number.js';

/** Which number, and what of it. */
export interface GetPhoneNumberParameters {
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
  /** Field names of Meta's. @defaultValue those that tell what kind of number it is */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Reads a business number.
 *
 * Permission `whatsapp_business_management`. `GET /{phone-number-id}`. Source: Meta, Phone numbers (5 Dec 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
