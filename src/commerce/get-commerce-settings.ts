import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { CommerceSettings } from './commerce-settings.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/**
 * Returns whether the catalog and the cart of a phone number are enabled. Change the settings with
 * {@link updateCommerceSettings}.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/whatsapp_commerce_settings`. Source: Meta,
 * Commerce settings (14 Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The settings, or an empty object if they were never set.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getCommerceSettings } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * console.log((await getCommerceSettings(client)).is_cart_enabled);
 * ```
 */
export function getCommerceSettings(
  client: Client,
  parameters: PhoneNumberParameters = {},
  options: RequestOptions = {},
): ApiPromise<CommerceSettings> {
  return readParameters('getCommerceSettings', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getCommerceSettings', parameters.phoneNumberId);
    return client
      .request<{ readonly data: readonly CommerceSettings[] }>(
        { method: 'GET', path: [id, 'whatsapp_commerce_settings'], operation: 'GET /{phone-number-id}/whatsapp_commerce_settings' },
        options,
      )
      .map(({ data }) => data[0] ?? {});
  });
}
