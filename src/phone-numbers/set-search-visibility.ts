import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** Parameters of {@link setSearchVisibility}. */
export interface SetSearchVisibilityParameters extends PhoneNumberParameters {
  /** `VISIBLE`, `HIDDEN` or a value that Meta adds. */
  readonly search_visibility: string;
}

/**
 * Shows or hides a phone number in WhatsApp's search. The field `search_visibility` of {@link getPhoneNumber} contains
 * the setting.
 *
 * Permission: `whatsapp_business_management`. `POST /{phone-number-id}`. Source: Meta, OpenAPI v23.0 (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The visibility. `phoneNumberId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, setSearchVisibility } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await setSearchVisibility(client, { search_visibility: 'HIDDEN' });
 * ```
 */
export function setSearchVisibility(
  client: Client,
  parameters: SetSearchVisibilityParameters,
  options: RequestOptions = {},
): ApiPromise<SuccessResult> {
  return readParameters('setSearchVisibility', parameters, options, () => {
    const { phoneNumberId, ...body } = parameters;
    const id = phoneNumberIdOf(client, 'setSearchVisibility', phoneNumberId);
    return client.request({ method: 'POST', path: [id], body, operation: 'POST /{phone-number-id}' }, options);
  });
}
