import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { refuseEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import type { SuccessResult } from '../client/results.js';

/** The new name. */
export interface RequestDisplayNameParameters {
  /** 2 to 75 characters. */
  readonly new_display_name: string;
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Asks for another display name. Meta reviews it; the decision arrives as `phone_number_name_update`, and `new_name_status` of the number tells
 * where it stands. After the approval, register a Cloud API number again within 14 days (`registerPhoneNumber`). A number can change its name ten
 * times in 30 days. Meta writes nothing about numbers that are on the WhatsApp Business app, too.
 *
 * Permission `whatsapp_business_management`. `POST /{phone-number-id}`. Source: Meta, Display names (Nov 2025, Sep 2026).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
    const restriction = refuseEndpoint(client, 'request-display-name', id);
    return client.request({ method: 'POST', path: [id], body, operation: 'POST /{phone-number-id}', restriction }, options);
  });
}
