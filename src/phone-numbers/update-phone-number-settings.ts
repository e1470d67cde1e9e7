import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { rejectFeature } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { CallSettings, PayloadEncryption, StorageConfiguration, UserIdentityChange } from './phone-number-settings.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link updatePhoneNumberSettings}: one setting and the phone number. */
export type UpdatePhoneNumberSettingsParameters = PhoneNumberParameters &
  (
    | { readonly calling: CallSettings }
    | { readonly user_identity_change: UserIdentityChange }
    | { readonly payload_encryption: PayloadEncryption }
    | { readonly storage_configuration: StorageConfiguration }
  );

/**
 * Changes one setting of a phone number, because Meta accepts only one setting per request. Call settings are rejected
 * for numbers that are also on the WhatsApp Business app. Read the settings with {@link getPhoneNumberSettings}.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/settings`. Source: Meta, Call settings (Nov
 * 2025) and OpenAPI v23.0.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The setting to change. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for call settings of a coexistence number, {@link MissingTargetError} without
 *   a phone number ID, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updatePhoneNumberSettings } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await updatePhoneNumberSettings(client, { user_identity_change: { enable_identity_key_check: true } });
 * ```
 */
export function updatePhoneNumberSettings(
  client: Client,
  parameters: UpdatePhoneNumberSettingsParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('updatePhoneNumberSettings', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'updatePhoneNumberSettings', phoneNumberId);
    const restriction = 'calling' in body ? rejectFeature(client, 'calling-api', id) : undefined;
    return client.request(
      { method: 'POST', path: [id, 'settings'], body, operation: 'POST /{phone-number-id}/settings', restriction },
      options,
    );
  });
}
