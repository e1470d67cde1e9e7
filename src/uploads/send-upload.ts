import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { checkNumber, describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { uploadPath } from './upload-path.js';
import type { UploadedFile } from './upload-session.js';

/** Parameters of {@link sendUpload}. */
export interface SendUploadParameters {
  /** ID from {@link createUpload}. */
  readonly uploadId: string;
  /** Bytes of the file from `fileOffset` to the end. */
  readonly file: Blob;
  /**
   * Number of bytes that Meta has already received.
   * @defaultValue 0
   */
  readonly fileOffset?: number | undefined;
}

/**
 * Sends the bytes of an upload and returns a handle for `header_handle` of a template or `profile_picture_handle` of a
 * profile.
 *
 * The client doesn't retry it. Read the offset with {@link getUpload} and continue from there. {@link uploadFile}
 * performs all steps.
 *
 * Permission: `whatsapp_business_management`. `POST /{upload-id}` with `Authorization: OAuth`. Source: Meta, Resumable
 * Upload API (Sep 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The ID from {@link createUpload}, the bytes, and their offset. See {@link SendUploadParameters}.
 * @param options - See {@link RequestOptions}.
 * @throws {@link InvalidArgumentError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, createUpload, sendUpload } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', appId: '123456789012345' });
 * const file = new Blob([new Uint8Array([0xff, 0xd8, 0xff])], { type: 'image/jpeg' });
 * const { id } = await createUpload(client, { fileLength: file.size, fileType: file.type });
 * const { h } = await sendUpload(client, { uploadId: id, file });
 * console.log(h);
 * ```
 */
export function sendUpload(client: Client, parameters: SendUploadParameters, options: RequestOptions = {}): ApiPromise<UploadedFile> {
  return readParameters('sendUpload', parameters, options, () => {
    const { uploadId, file, fileOffset = 0 } = parameters;
    checkNumber('sendUpload', 'fileOffset', fileOffset, { min: 0, max: Number.MAX_SAFE_INTEGER, unit: 'bytes' });
    if (!(file instanceof Blob)) throw new InvalidArgumentError('sendUpload', 'file', `must be a Blob, but is ${describeValue(file)}`);
    return client.request(
      { method: 'POST', ...uploadPath('sendUpload', uploadId), body: file, scheme: 'OAuth', operation: 'POST /{upload-id}' },
      {
        ...options,
        headers: { ...options.headers, file_offset: String(fileOffset), 'content-type': file.type || 'application/octet-stream' },
      },
    );
  });
}
