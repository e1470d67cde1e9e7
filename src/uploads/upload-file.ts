import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { fileOf, type FileSource } from '../client/file-source.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { checkNumber } from '../errors/check-options.js';
import { NetworkError, TimeoutError } from '../errors/connection-errors.js';
import { ServerError } from '../errors/graph-api-error.js';
import { createUpload } from './create-upload.js';
import { getUpload } from './get-upload.js';
import { sendUpload } from './send-upload.js';
import type { UploadedFile } from './upload-session.js';

/** Parameters of {@link uploadFile}: a file for a template header or a profile picture. */
export interface UploadFileParameters {
  /**
   * Blob, File, bytes, stream or URL. A stream is collected first, because Meta needs the length before the first byte.
   * If it passes no bytes for `timeoutMs` of the options (default: that of the client), the upload rejects with a
   * {@link FileTransferError} (`stalled`), and nothing is sent.
   */
  readonly file: FileSource;
  /**
   * MIME type: `image/jpeg`, `image/png`, `video/mp4` or `application/pdf`.
   * @defaultValue the type of the file, if it has one
   */
  readonly type?: string | undefined;
  /**
   * File name.
   * @defaultValue the name of the file, if it has one
   */
  readonly filename?: string | undefined;
  /**
   * ID of the app.
   * @defaultValue the client's, otherwise `app`, the app of the token
   */
  readonly appId?: string | undefined;
  /**
   * Maximum number of bytes to read.
   * @defaultValue 104 857 600 (100 MiB)
   */
  readonly maxBytes?: number | undefined;
}

/** Maximum number of times that an interrupted upload is resumed. */
const mostResumptions = 3;

/**
 * Uploads a file with Meta's resumable upload and resumes it after an interruption. The handle `h` is for
 * `header_handle` of a template sample ({@link createTemplate}) or `profile_picture_handle` of a profile
 * ({@link updateBusinessProfile}). Use {@link uploadMedia} for files in messages.
 *
 * Permission: `whatsapp_business_management`. `POST /{app-id}/uploads`, `POST /{upload-id}`, `GET /{upload-id}`.
 * Source: Meta, Resumable Upload API (Sep 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The file, its type and its name. See {@link UploadFileParameters}.
 * @param options - See {@link RequestOptions}.
 * @throws {@link InvalidArgumentError} without a MIME type, {@link FileTransferError}, and the errors of
 *   {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, updateBusinessProfile, uploadFile } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', appId: '123456789012345', phoneNumberId: '106540352242922' });
 * const { h } = await uploadFile(client, { file: new URL('https://example.com/logo.png') });
 * await updateBusinessProfile(client, { profile_picture_handle: h });
 * ```
 */
export function uploadFile(client: Client, parameters: UploadFileParameters, options: RequestOptions = {}): ApiPromise<UploadedFile> {
  return readParameters('uploadFile', parameters, options, () => {
    const { file, type, filename, appId, maxBytes = 100 * 1024 * 1024 } = parameters;
    checkNumber('uploadFile', 'maxBytes', maxBytes, { unit: 'bytes' });
    const upload = async (): Promise<ApiResult<UploadedFile>> => {
      const content = await fileOf(client, file, { action: 'uploadFile', type, filename, maxBytes }, options);
      const { id } = await createUpload(
        client,
        { fileLength: content.size, fileType: content.type, fileName: content.name, ...(appId !== undefined && { appId }) },
        options,
      );
      for (let fileOffset = 0, resumption = 1; ; resumption += 1) {
        const rest = content.slice(fileOffset, content.size, content.type);
        try {
          return await sendUpload(client, { uploadId: id, file: rest, fileOffset }, options).withResponse();
        } catch (error) {
          const brokeOff = error instanceof NetworkError || error instanceof TimeoutError || error instanceof ServerError;
          if (!brokeOff || resumption > mostResumptions) throw error;
          const { file_offset: offset = 0 } = await getUpload(client, { uploadId: id }, options);
          fileOffset = Number.isInteger(offset) && offset >= 0 && offset <= content.size ? offset : 0;
        }
      }
    };
    return new ApiPromise(readInPromise('uploadFile', upload()));
  });
}
