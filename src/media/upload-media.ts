import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { fileOf, type FileSource } from '../client/file-source.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { phoneNumberIdOf } from '../client/require-target.js';
import { checkNumber } from '../errors/check-options.js';
import { isoDay } from '../runtime/calendar.js';
import { checkedMediaFile, checkGivenMediaType } from './message-media-type.js';
import type { CreatedId } from '../client/results.js';

/** A file for messages. */
export interface UploadMediaParameters {
  /**
   * Blob, File, bytes, stream or address. A stream is collected first, because Meta wants the length beforehand. If it passes no bytes for
   * `timeoutMs` of the options (default: that of the client), the upload rejects with a `FileTransferError` (`stalled`), and nothing is sent.
   */
  readonly file: FileSource;
  /** MIME type, as `image/jpeg`. @defaultValue the file's own, where it has one */
  readonly type?: string | undefined;
  /** @defaultValue the file's own, that of `Content-Disposition`, or the end of the address */
  readonly filename?: string | undefined;
  /** The number that will send it. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
  /** Bytes that are read of it at most. @defaultValue 104 857 600 (100 MiB: Meta's limit for documents; audio and video 16 MB, images 5 MB) */
  readonly maxBytes?: number | undefined;
}

/** Meta's limit for the largest kind of file. Source: Meta, Media (2 Dec 2025). */
const mostBytes = 100 * 1024 * 1024;

/**
 * Uploads a file for messages. Its id can be sent by this number for 30 days.
 *
 * Permission `whatsapp_business_messaging`. `POST /{phone-number-id}/media`. Source: Meta, Media (2 Dec 2025). Meta accepts aac, amr, mpeg, mp4 and
 * ogg (opus, mono) audio; txt, pdf and office documents; jpeg and png; webp stickers; 3gpp and mp4 video. Other types reject before the request, and
 * a wrong `type` before the file is read.
 * A client with `validate: false` sends them.
 *
 * @throws `MissingTargetError`, `InvalidArgumentError` without a MIME type or with one that Meta rejects, `FileTransferError`, `MediaError` (131053), any other `GraphApiError`
 * and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { openAsBlob } from 'node:fs';
 * import { createClient, sendMessage, uploadMedia } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const { id } = await uploadMedia(client, { file: await openAsBlob('receipt.pdf'), type: 'application/pdf', filename: 'receipt.pdf' });
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
