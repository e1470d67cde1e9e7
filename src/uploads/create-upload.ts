import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { UploadSession } from './upload-session.js';

/** Parameters of {@link createUpload}. */
export interface CreateUploadParameters {
  /** Size of the file in bytes. */
  readonly fileLength: number;
  /** MIME type: `image/jpeg`, `image/png`, `video/mp4` or `application/pdf`. */
  readonly fileType: string;
  readonly fileName?: string | undefined;
  /**
   * ID of the app.
   * @defaultValue the client's, otherwise `app`, the app of the token
   */
  readonly appId?: string | undefined;
}

/**
 * Starts a resumable upload, for example of a template sample or a profile picture. Then send the file with
 * {@link sendUpload}. To do both in one call, use {@link uploadFile}.
 *
 * Permission: `whatsapp_business_management`. `POST /{app-id}/uploads`. Source: Meta, Resumable Upload API (Sep 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Size, type and name of the file. See {@link CreateUploadParameters}.
 * @param options - See {@link RequestOptions}.
 * @throws The errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, createUpload } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', appId: '123456789012345' });
 * const { id } = await createUpload(client, { fileLength: 48_211, fileType: 'image/jpeg' });
 * console.log(id);
 * ```
 */
export function createUpload(client: Client, parameters: CreateUploadParameters, options: RequestOptions = {}): ApiPromise<UploadSession> {
  return readParameters('createUpload', parameters, options, () => {
    const { fileLength, fileType, fileName, appId = client.appId ?? 'app' } = parameters;
    return client.request(
      {
        method: 'POST',
        path: [appId, 'uploads'],
        query: { file_name: fileName, file_length: fileLength, file_type: fileType },
        operation: 'POST /{app-id}/uploads',
      },
      options,
    );
  });
}
