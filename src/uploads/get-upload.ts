import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { uploadPath } from './upload-path.js';
import type { UploadSession } from './upload-session.js';

/** Selects an upload. */
export interface GetUploadParameters {
  readonly uploadId: string;
}

/**
 * Asks how much of a file Meta has, to go on there after an interruption.
 *
 * Permission `whatsapp_business_management`. `GET /{upload-id}`. Source: Meta, Resumable Upload API (Sep 2025).
 *
 * @throws `InvalidArgumentError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, getUpload } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const { file_offset } = await getUpload(client, { uploadId: 'upload:MTphdHRhY2htZW50?sig=ARZexample' });
 * console.log(file_offset);
 * ```
 */
export function getUpload(client: Client, parameters: GetUploadParameters, options: RequestOptions = {}): ApiPromise<UploadSession> {
  return readParameters('getUpload', parameters, options, () => {
    return client.request(
      { method: 'GET', ...uploadPath('getUpload', parameters.uploadId), scheme: 'OAuth', operation: 'GET /{upload-id}' },
      options,
    );
  });
}
