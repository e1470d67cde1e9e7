import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { MediaParameters } from './get-media.js';
import type { SuccessResult } from '../client/results.js';

/**
 * Deletes an uploaded file before it expires after 30 days. See {@link uploadMedia}.
 *
 * Permission: `whatsapp_business_messaging`. `DELETE /{media-id}`. Source: Meta, Media (2 Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The media ID. See {@link MediaParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws The errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, deleteMedia } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * await deleteMedia(client, { mediaId: '1003383421387256' });
 * ```
 */
export function deleteMedia(client: Client, parameters: MediaParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('deleteMedia', parameters, options, () => {
    const { mediaId, phoneNumberId } = parameters;
    return client.request(
      { method: 'DELETE', path: [mediaId], query: { phone_number_id: phoneNumberId }, operation: 'DELETE /{media-id}' },
      options,
    );
  });
}
