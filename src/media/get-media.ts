import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { MediaFile } from './media-file.js';

/** Parameters of {@link getMedia} and {@link deleteMedia}. */
export interface MediaParameters {
  /** ID from a webhook (expires after 7 days) or from an upload (30 days). */
  readonly mediaId: string;
  /**
   * The number that uploaded the file. Meta then returns or deletes only media of this number. Omit it for media of
   * webhooks: Meta rejects some of them with it (100).
   */
  readonly phoneNumberId?: string | undefined;
}

/**
 * Reads the metadata of a file, with a URL that is valid for 5 minutes. {@link downloadMedia} also downloads the file.
 *
 * Permission: `whatsapp_business_messaging`. `GET /{media-id}`. Source: Meta, Media (2 Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The media ID. See {@link MediaParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} (100 for an expired ID) and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getMedia } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const { mime_type, file_size } = await getMedia(client, { mediaId: '1003383421387256' });
 * console.log(mime_type, Number(file_size));
 * ```
 */
export function getMedia(client: Client, parameters: MediaParameters, options: RequestOptions = {}): ApiPromise<MediaFile> {
  return readParameters('getMedia', parameters, options, () => {
    const { mediaId, phoneNumberId } = parameters;
    return client.request(
      { method: 'GET', path: [mediaId], query: { phone_number_id: phoneNumberId }, operation: 'GET /{media-id}' },
      options,
    );
  });
}
