import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { UploadSession } from './upload-session.js';

/** What will be uploaded. */
export interface CreateUploadParameters {
  /** Bytes. */
  readonly fileLength: number;
  /** MIME type: `image/jpeg`, `image/png`, `video/mp4` or `application/pdf`. */
  readonly fileType: string;
  readonly fileName?: string | undefined;
  /** @defaultValue the client's, else `app`, which stands for the app of the token */
  readonly appId?: string | undefined;
}

/**
 * Starts a resumable upload, for the sample of a template's header or a profile picture. `uploadFile` does all of its steps.
 *
 * Permission `whatsapp_business_management`. `POST /{app-id}/uploads`. Source: Meta, Resumable Upload API (Sep 2025).
 *
 * @throws `GraphApiError` and the connection errors of `Client.request`.
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
