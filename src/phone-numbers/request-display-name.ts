import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { rejectEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link requestDisplayName}. */
export interface RequestDisplayNameParameters extends PhoneNumberParameters {
  /** 2 to 75 characters. */
  readonly new_display_name: string;
}

/**
 * Requests a new display name for a phone number. Meta reviews it. The decision arrives as a `phone_number_name_update`
 * webhook, and `new_name_status` of {@link getPhoneNumber} contains the status.
 *
 * After the approval, register a Cloud API number again within 14 days: {@link registerPhoneNumber}. A number can
 * change its name ten times in 30 days. Meta doesn't document this for numbers that are also on the WhatsApp Business
 * app.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}`. Source: Meta, Display names (Nov 2025, Sep
 * 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The new name. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, requestDisplayName } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await requestDisplayName(client, { new_display_name: 'Corner Shop' });
 * ```
 */
export function requestDisplayName(
  client: Client,
  parameters: RequestDisplayNameParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('requestDisplayName', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'requestDisplayName', phoneNumberId);
    const restriction = rejectEndpoint(client, 'request-display-name', id);
    return client.request({ method: 'POST', path: [id], body, operation: 'POST /{phone-number-id}', restriction }, options);
  });
}
