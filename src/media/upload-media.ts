import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { fileOf, type FileSource } from '../client/file-source.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkNumber } from '../errors/check-options.js';
import { isoDay } from '../runtime/calendar.js';
import { checkedMediaFile, checkGivenMediaType } from './message-media-type.js';
import type { CreatedId } from '../client/results.js';

/** Parameters of {@link uploadMedia}. */
export interface UploadMediaParameters {
  /**
   * Blob, File, bytes, stream or URL. A stream is collected first, because Meta needs the length before the first byte.
   * If it passes no bytes for `timeoutMs` of the options (default: that of the client), the upload rejects with a
   * {@link FileTransferError} (`stalled`), and nothing is sent.
   */
  readonly file: FileSource;
  /**
   * MIME type, for example `image/jpeg`.
   * @defaultValue the type of the file, if it has one
   */
  readonly type?: string | undefined;
  /**
   * File name.
   * @defaultValue the name of the file, of `Content-Disposition`, or at the end of the URL
   */
  readonly filename?: string | undefined;
  /**
   * The number that sends the file.
   * @defaultValue the client's
   */
  readonly phoneNumberId?: string | undefined;
  /**
   * Maximum number of bytes to read.
   * @defaultValue 104 857 600 (100 MiB: Meta's limit for documents; audio and video 16 MB, images 5 MB)
   */
  readonly maxBytes?: number | undefined;
}

/** Meta's limit for the largest kind of file. Source: Meta, Media (2 Dec 2025). */
const mostBytes = 100 * 1024 * 1024;

/**
 * Uploads a file for messages and returns its media ID. The number can send the file for 30 days. See
 * {@link sendMessage}, and {@link uploadFile} for templates and profiles.
 *
 * Meta accepts aac, amr, mpeg, mp4 and ogg (opus, mono) audio; txt, pdf and office documents; jpeg and png; webp
 * stickers; 3gpp and mp4 video. The library rejects other types before the request, and a wrong `type` before it reads
 * the file. A client with `validate: false` sends them.
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/media`. Source: Meta, Media (2 Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The file, its type and its name. See {@link UploadMediaParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, {@link InvalidArgumentError} without a MIME type or with one that Meta rejects,
 *   {@link FileTransferError}, {@link MediaError} (131053), another the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { openAsBlob } from 'node:fs';
 * import { createClient, sendMessage, uploadMedia } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { id } = await uploadMedia(client, {
 *   file: await openAsBlob('receipt.pdf'),
 *   type: 'application/pdf',
 *   filename: 'receipt.pdf',
 * });
 * await sendMessage(client, { to: '15550100987', type: 'document', document: { id, filename: 'receipt.pdf' } });
 *
 * await uploadMedia(client, { file: new URL('https://example.com/photo.jpg') });
 * ```
 */
export function uploadMedia(client: Client, parameters: UploadMediaParameters, options: RequestOptions = {}): ApiPromise<CreatedId> {
  return readParameters('uploadMedia', parameters, options, () => {
    const { file, type, filename, maxBytes = mostBytes } = parameters;
    checkNumber('uploadMedia', 'maxBytes', maxBytes, { unit: 'bytes' });
    const id = phoneNumberIdOf(client, 'uploadMedia', parameters.phoneNumberId);
    const day = isoDay(client.clock.now());
    const upload = async (): Promise<ApiResult<{ readonly id: string }>> => {
      if (client.validate) checkGivenMediaType('uploadMedia', type, day);
      const source = await fileOf(client, file, { action: 'uploadMedia', type, filename, maxBytes }, options);
      const content = client.validate ? await checkedMediaFile('uploadMedia', source, day) : source;
      const form = new FormData();
      form.set('messaging_product', 'whatsapp');
      form.set('type', content.type);
      form.set('file', content);
      return client
        .request<{ readonly id: string }>(
          { method: 'POST', path: [id, 'media'], body: form, operation: 'POST /{phone-number-id}/media' },
          options,
        )
        .withResponse();
    };
    return new ApiPromise(readInPromise('uploadMedia', upload()));
  });
}
