import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { CommerceSettings } from './commerce-settings.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link updateCommerceSettings}. Omitted settings stay unchanged. */
export interface UpdateCommerceSettingsParameters extends PhoneNumberParameters, Omit<CommerceSettings, 'id'> {}

/**
 * Shows or hides the catalog of a phone number, and turns its cart on or off. Read the settings with
 * {@link getCommerceSettings}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/whatsapp_commerce_settings`. Source: Meta,
 * Commerce settings (14 Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The settings to change. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updateCommerceSettings } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await updateCommerceSettings(client, { is_cart_enabled: true });
 * ```
 */
export function updateCommerceSettings(
  client: Client,
  parameters: UpdateCommerceSettingsParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('updateCommerceSettings', parameters, options, () => {
    const { is_cart_enabled, is_catalog_visible, phoneNumberId } = parameters;
    const id = phoneNumberIdOf(client, 'updateCommerceSettings', phoneNumberId);
    return client.request(
      {
        method: 'POST',
        path: [id, 'whatsapp_commerce_settings'],
        query: { is_cart_enabled, is_catalog_visible },
        operation: 'POST /{phone-number-id}/whatsapp_commerce_settings',
      },
      options,
    );
  });
}
