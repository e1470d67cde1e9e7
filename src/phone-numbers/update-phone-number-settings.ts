import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { refuseFeature } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { CallSettings, PayloadEncryption, StorageConfiguration, UserIdentityChange } from './phone-number-settings.js';
import type { SuccessResult } from '../client/results.js';

/** One setting a call, and the number. */
export type UpdatePhoneNumberSettingsParameters = {
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
} & (
  | { readonly calling: CallSettings }
  | { readonly user_identity_change: UserIdentityChange }
  | { readonly payload_encryption: PayloadEncryption }
  | { readonly storage_configuration: StorageConfiguration }
);

/**
 * Changes one of the settings of a number. Rejects call settings on a number that is also on the WhatsApp Business app.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/settings`. Source: Meta, Call settings (Nov 2025) and OpenAPI v23.0: one
 * setting a call.
 *
 * @throws `RestrictedFeatureError` for call settings of a coexistence number, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = 'calling' in body ? refuseFeature(client, 'calling-api', id) : undefined;
    return client.request(
      { method: 'POST', path: [id, 'settings'], body, operation: 'POST /{phone-number-id}/settings', restriction },
      options,
    );
  });
}
