import type { ApiPromise } from '../client/api-promise.js';
import type { RequestOptions } from '../client/client.js';
import { refuseEndpoint, type NonCoexistenceClient } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { BusinessProfile } from './business-profile.js';
import type { SuccessResult } from '../client/results.js';

/** What becomes of the profile; what is left out stays. */
export type UpdateBusinessProfileParameters = Pick<
  BusinessProfile,
  'about' | 'address' | 'description' | 'email' | 'websites' | 'vertical'
> & {
  /** The handle of a picture that `uploadFile` gave. */
  readonly profile_picture_handle?: string | undefined;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
};

/**
 * Changes the profile of a number. That of a number on the WhatsApp Business app is changed in the app.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}/whatsapp_business_profile`. Source: Meta, Business profiles (5 Oct 2025).
 *
 * @throws `RestrictedFeatureError` for a coexistence number, `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = refuseEndpoint(client, 'update-business-profile', id);
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
