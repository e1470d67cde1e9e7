import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { BusinessProfile } from './business-profile.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link getBusinessProfile}. */
export interface GetBusinessProfileParameters extends PhoneNumberParameters {
  /** Meta's field names. @defaultValue all fields */
  readonly fields?: readonly string[] | undefined;
}

const allFields: readonly string[] = ['about', 'address', 'description', 'email', 'profile_picture_url', 'websites', 'vertical'];

/**
 * Returns the business profile of a phone number. Change it with {@link updateBusinessProfile}.
 *
 * Permission: `whatsapp_business_management`. `GET /{phone-number-id}/whatsapp_business_profile`. Source: Meta,
 * Business profiles (5 Oct 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The fields to return. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getBusinessProfile } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { about, websites } = await getBusinessProfile(client);
 * console.log(about, websites);
 * ```
 */
export function getBusinessProfile(
  client: Client,
  parameters: GetBusinessProfileParameters = {},
  options: RequestOptions = {},
): ApiPromise<BusinessProfile> {
  return readParameters('getBusinessProfile', parameters, options, () => {
    const { phoneNumberId, fields = allFields } = parameters;
    const id = phoneNumberIdOf(client, 'getBusinessProfile', phoneNumberId);
    return client
      .request<{ readonly data: readonly (BusinessProfile & { readonly business_profile?: BusinessProfile })[] }>(
        {
          method: 'GET',
          path: [id, 'whatsapp_business_profile'],
          query: { fields: fields.join(',') },
          operation: 'GET /{phone-number-id}/whatsapp_business_profile',
        },
        options,
      )
      .map(({ data: [first] }) => first?.business_profile ?? first ?? {});
  });
}
