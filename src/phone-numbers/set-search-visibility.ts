import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** Whether people find the number. */
export interface SetSearchVisibilityParameters {
  /** `VISIBLE`, `HIDDEN` or a value that Meta adds. */
  readonly search_visibility: string;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Shows or hides a number in the search of WhatsApp.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}`. Source: Meta, OpenAPI v23.0 (Nov 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
