import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { rejectEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { BusinessProfile } from './business-profile.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link updateBusinessProfile}. Omitted fields stay unchanged. */
export type UpdateBusinessProfileParameters = Pick<
  BusinessProfile,
  'about' | 'address' | 'description' | 'email' | 'websites' | 'vertical'
> &
  PhoneNumberParameters & {
    /** Handle of a picture that {@link uploadFile} returned. */
    readonly profile_picture_handle?: string | undefined;
  };

/**
 * Updates the business profile of a phone number. Read it with {@link getBusinessProfile}. For a number on the WhatsApp
 * Business app, change the profile in the app.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}/whatsapp_business_profile`. Source: Meta,
 * Business profiles (5 Oct 2025).
 *
 * @param client - A client from {@link createClient} without `coexistence: true`.
 * @param parameters - The fields to change. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link RestrictedFeatureError} for a coexistence number, {@link MissingTargetError}, and
 *   the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updateBusinessProfile } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await updateBusinessProfile(client, { about: 'Open until eight', vertical: 'RETAIL' });
 * ```
 */
export function updateBusinessProfile<Coexistence extends boolean>(
  client: NonCoexistenceClient<Coexistence>,
  parameters: UpdateBusinessProfileParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('updateBusinessProfile', parameters, options, () => {
    const { phoneNumberId, ...profile } = parameters;
    const id = phoneNumberIdOf(client, 'updateBusinessProfile', phoneNumberId);
    const restriction = rejectEndpoint(client, 'update-business-profile', id);
    return client.request(
      {
        method: 'POST',
        path: [id, 'whatsapp_business_profile'],
        body: { messaging_product: 'whatsapp', ...profile },
        operation: 'POST /{phone-number-id}/whatsapp_business_profile',
        restriction,
      },
      options,
    );
  });
}
