import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberSettings } from './phone-number-settings.js';

/** Which number, and whether secrets of it, too. */
export interface GetPhoneNumberSettingsParameters {
  /** Whether the SIP passwords that Meta made are part of the answer. @defaultValue `false` */
  readonly includeSipCredentials?: boolean | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Reads the settings of a number: calls, change of identity, encryption, where data are kept.
 *
 * Permission `whatsapp_business_management`. `GET /{phone-number-id}/settings`. Source: Meta, Call settings (Nov 2025) and OpenAPI v23.0.
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, getPhoneNumberSettings } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { calling, storage_configuration } = await getPhoneNumberSettings(client);
 * console.log(calling?.status, storage_configuration?.status);
 * ```
 */
export function getPhoneNumberSettings(
  client: Client,
  parameters: GetPhoneNumberSettingsParameters = {},
  options: RequestOptions = {},
): ApiPromise<PhoneNumberSettings> {
  return readParameters('getPhoneNumberSettings', parameters, options, () => {
    const id = phoneNumberIdOf(client, 'getPhoneNumberSettings', parameters.phoneNumberId);
    return client.request(
      {
        method: 'GET',
        path: [id, 'settings'],
        query: { include_sip_credentials: parameters.includeSipCredentials },
        operation: 'GET /{phone-number-id}/settings',
      },
      options,
    );
  });
}
