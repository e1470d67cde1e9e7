import type { Client, RequestOptions } from '../client/client.js';
import type { FileSource } from '../client/file-source.js';
import { readParameters } from '../client/parameters.js';
import { uploadFile, type UploadFileParameters } from './upload-file.js';

/**
 * Uploads a sample for the header of a template, and returns its handle. Meta's reviewers see the sample. Media IDs and
 * URLs don't work as samples. It uses the resumable upload API, as {@link uploadFile} does.
 *
 * Permission: `whatsapp_business_management`. `POST /{app-id}/uploads`, `POST /{upload-id}`. Source: Meta, Resumable
 * Upload API (Sep 2025): `image/jpeg`, `image/png`, `video/mp4` and `application/pdf`.
 *
 * @param client - A client from {@link createClient}.
 * @param file - Blob, File, bytes, stream or URL. See {@link FileSource}.
 * @param options - `type`, `filename` and `appId`, and options of the requests.
 * @returns The handle, for `example: { header_handle: [handle] }` of a header.
 * @throws {@link InvalidArgumentError} without a MIME type, {@link FileTransferError}, {@link GraphApiError} and the
 * connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, createTemplate, uploadTemplateSample } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', appId: '123456789012345', wabaId: '102290129340398' });
 * const handle = await uploadTemplateSample(client, new URL('https://example.com/shoes.jpg'));
 * await createTemplate(client, {
 *   name: 'new_shoes',
 *   language: 'en_US',
 *   category: 'MARKETING',
 *   components: [
 *     { type: 'HEADER', format: 'IMAGE', example: { header_handle: [handle] } },
 *     { type: 'BODY', text: 'The new shoes are here.' },
 *   ],
 * });
 * ```
 */
export async function uploadTemplateSample(
  client: Client,
  file: FileSource,
  options: RequestOptions & Omit<UploadFileParameters, 'file'> = {},
): Promise<string> {
  const upload = readParameters('uploadTemplateSample', { file }, options, () => {
    const { type, filename, appId, maxBytes, ...request } = options;
    return uploadFile(client, { file, type, filename, appId, maxBytes }, request);
  });
  return (await upload).h;
}
