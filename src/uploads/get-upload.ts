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
 * Reads the number of bytes that Meta received, so that you can resume an interrupted upload with {@link sendUpload}.
 *
 * Permission: `whatsapp_business_management`. `GET /{upload-id}`. Source: Meta, Resumable Upload API (Sep 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The ID from {@link createUpload}.
 * @param options - See {@link RequestOptions}.
 * @throws {@link InvalidArgumentError}, and the errors of {@link Client.request}.
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
