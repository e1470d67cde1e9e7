import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { PhoneNumberSettings } from './phone-number-settings.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link getPhoneNumberSettings}. */
export interface GetPhoneNumberSettingsParameters extends PhoneNumberParameters {
  /** Includes the SIP passwords that Meta generated in the response. @defaultValue `false` */
  readonly includeSipCredentials?: boolean | undefined;
}

/**
 * Returns the settings of a phone number: calls, identity checks, encryption and data storage. Change them with
 * {@link updatePhoneNumberSettings}.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/settings`. Source: Meta, Call settings (Nov 2025)
 * and OpenAPI v23.0.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The phone number, and whether to include SIP passwords. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
