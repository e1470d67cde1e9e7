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

/** A file for a template's header or a profile picture. */
export interface UploadFileParameters {
  /**
   * Blob, File, bytes, stream or address. A stream is collected first, because Meta wants the length beforehand. If it passes no bytes for
   * `timeoutMs` of the options (default: that of the client), the upload rejects with a `FileTransferError` (`stalled`), and nothing is sent.
   */
  readonly file: FileSource;
  /** MIME type: `image/jpeg`, `image/png`, `video/mp4` or `application/pdf`. @defaultValue the file's own, where it has one */
  readonly type?: string | undefined;
  /** @defaultValue the file's own, where it has one */
  readonly filename?: string | undefined;
  /** @defaultValue the client's, else `app`, which stands for the app of the token */
  readonly appId?: string | undefined;
  /** Bytes that are read of it at most. @defaultValue 104 857 600 (100 MiB) */
  readonly maxBytes?: number | undefined;
}

/** How often an upload that broke off goes on where Meta has it. */
const mostResumptions = 3;

/**
 * Uploads a file in Meta's resumable way and goes on where it broke off. The handle `h` is for `header_handle` of a template's sample or
 * `profile_picture_handle` of a profile; files for messages go with `uploadMedia`.
 *
 * Permission `whatsapp_business_management`. `POST /{app-id}/uploads`, `POST /{upload-id}`, `GET /{upload-id}`. Source: Meta, Resumable Upload
 * API (Sep 2025).
 *
 * @throws `InvalidArgumentError` without a MIME type, `FileTransferError`, `GraphApiError` and the connection errors of `Client.request`.
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
