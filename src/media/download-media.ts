import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import { bodyStream } from '../client/body-stream.js';
import { buildHeaders } from '../client/build-request.js';
import type { Client, ClientConnection, RequestOptions } from '../client/client.js';
import { isHtml, isRedirect } from '../client/file-source.js';
import { openResponse } from '../client/ky-transport.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { redactor, type Redact } from '../client/redact.js';
import { checkNumber } from '../errors/check-options.js';
import { InvalidResponseError } from '../errors/connection-errors.js';
import { FileTransferError } from '../errors/file-transfer-error.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { checksum } from './checksum.js';
import { getMedia } from './get-media.js';
import type { MediaDownload } from './media-download.js';
import { MediaDownloadPromise } from './media-download-promise.js';
import type { MediaFile } from './media-file.js';
import { saveToFile } from './save-to-file.js';
import { trustedUrl } from '../client/trusted-url.js';

/** Parameters of {@link downloadMedia}. */
export interface DownloadMediaParameters {
  /** ID from a webhook (expires after 7 days) or from an upload (30 days). */
  readonly mediaId: string;
  /**
   * URL of the file, which saves a request. Use only a URL from a webhook with a verified signature, or from
   * {@link getMedia}.
   * @defaultValue requested from Meta
   */
  readonly url?: string | undefined;
  /**
   * Expected SHA-256, in hex or base64.
   * @defaultValue the checksum from Meta, if the URL is requested
   */
  readonly sha256?: string | undefined;
  /** The number that uploaded the file. Omit it for media of webhooks: Meta rejects some of them with it (100). */
  readonly phoneNumberId?: string | undefined;
  /**
   * Maximum number of bytes to read.
   * @defaultValue 104 857 600 (100 MiB, Meta's maximum for files of customers)
   */
  readonly maxBytes?: number | undefined;
}

const mostBytes = 100 * 1024 * 1024;

/**
 * Statuses that Meta returns when the 5 minutes of a URL are over, and also when the token may not read it. In the
 * second case, a new URL doesn't help.
 */
const goneStatuses: readonly number[] = [401, 403, 404, 410];

const operation = 'GET {media-url}';

/**
 * Downloads a media file. It requests the URL of the file, or uses the given one. If the URL has expired, it requests a
 * new one, once.
 *
 * The client sends the token only to `graph.facebook.com`, to its `mediaHosts` and to the origin of its `baseUrl`. It
 * never follows a redirect. Use {@link safeFilename} for names that customers chose.
 *
 * Permission: `whatsapp_business_messaging`. `GET /{media-id}` and its `url`. Source: Meta, Media (2 Dec 2025): a URL
 * is valid for 5 minutes.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The media ID, and optionally its URL, checksum and a size limit. See
 * {@link DownloadMediaParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link FileTransferError} (`untrusted-url`, `redirected`, `expired`, `too-large`, `not-a-file`,
 * `unavailable`), {@link InvalidArgumentError} if `sha256` is malformed, {@link GraphApiError} for the URL, and the
 * connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, downloadMedia } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const { path } = await downloadMedia(client, { mediaId: '1003383421387256' }).toFile('downloads/', {
 *   filename: '../invoice?.pdf', // the customer's name: saved as downloads/invoice_.pdf
 *   onProgress: ({ receivedBytes, totalBytes }) => console.log(receivedBytes, totalBytes),
 * });
 * console.log(path);
 * ```
 */
export function downloadMedia(client: Client, parameters: DownloadMediaParameters, options: RequestOptions = {}): MediaDownloadPromise {
  const download = readParameters('downloadMedia', parameters, options, () => {
    const { mediaId, phoneNumberId, maxBytes = mostBytes } = parameters;
    checkNumber('downloadMedia', 'maxBytes', maxBytes, { unit: 'bytes' });
    const given = parameters.sha256 === undefined ? undefined : checksum(parameters.sha256);
    if (parameters.sha256 !== undefined && !given)
      throw new InvalidArgumentError('downloadMedia', 'sha256', 'must be a SHA-256 in hex or base64');

    const ask = (): Promise<MediaFile> => getMedia(client, phoneNumberId === undefined ? { mediaId } : { mediaId, phoneNumberId }, options);
    const download = async (): Promise<ApiResult<MediaDownload>> => {
      let file = parameters.url === undefined ? await ask() : undefined;
      let opened = await open(client, parameters.url ?? file?.url ?? '', options);
      if (goneStatuses.includes(opened.response.status)) {
        file = await ask();
        opened = await open(client, file.url, options);
      }
      const { response, timeoutMs, redact } = opened;
      if (!response.ok) throw refusalOf(response);
      // A customer's file can be HTML. Its type or its checksum shows that.
      if (isHtml(response.headers.get('content-type')) && !given && !isHtml(file?.mime_type)) {
        await response.body?.cancel();
        throw new FileTransferError(operation, 'not-a-file', response.status);
      }
      const check = given ?? (file?.sha256 === undefined ? undefined : checksum(file.sha256));
      let isRead = false;
      const onRead = (): void => {
        isRead = true;
      };
      const body = bodyStream(response, {
        operation,
        clock: client.clock,
        timeoutMs,
        maxBytes,
        signal: options.signal,
        redact,
        onChunk: (chunk) => {
          onRead();
          check?.add(chunk);
        },
        onEnd: () => {
          onRead();
          if (check && !check.isRight()) throw new FileTransferError(operation, 'corrupt');
        },
        onCancel: onRead,
      });
      const { status, headers } = response;
      const facts = {
        mimeType: file?.mime_type ?? headers.get('content-type') ?? undefined,
        sizeBytes: sizeOf(file?.file_size ?? headers.get('content-length')),
        body,
      };
      /** The rest of a body that was read or cancelled looks like an empty file. */
      const requireUnread = (action: string): void => {
        if (isRead || body.locked) throw new InvalidArgumentError(action, 'body', 'was read or cancelled before. Download the file again');
      };
      return {
        data: {
          ...facts,
          async bytes() {
            requireUnread('downloadMedia.bytes');
            return new Uint8Array(await new Response(body).arrayBuffer());
          },
          async toFile(path, saveOptions = {}) {
            requireUnread('downloadMedia.toFile');
            return saveToFile({ ...facts, mediaId }, path, saveOptions);
          },
        },
        response: { status, headers },
      };
    };
    return new ApiPromise(readInPromise('downloadMedia', download()));
  });
  return new MediaDownloadPromise(download.withResponse());
}

interface Opened {
  readonly response: Response;
  readonly timeoutMs: number;
  readonly redact: Redact;
}

/** Opens a URL with the token. Only the body of a successful response remains open. */
function open(client: Client, address: string, options: RequestOptions): Promise<Opened> {
  const read = async (connection: ClientConnection): Promise<Opened> => {
    const url = trustedUrl(address, connection);
    if (!url) throw new FileTransferError(operation, 'untrusted-url');
    const { token, fetch, dispatcher, timeoutMs } = connection;
    const headers = buildHeaders(operation, options.headers, token);
    const response = await openResponse({
      url: url.href,
      method: 'GET',
      headers,
      timeoutMs,
      signal: options.signal,
      fetch,
      dispatcher,
      operation,
    });
    if (!response.ok) await response.body?.cancel();
    // Throw instead of returning, so that the client retries it as every read.
    if (response.status >= 500)
      throw new InvalidResponseError(`${operation}: Meta returned status ${String(response.status)}.`, response.status, '');
    return { response, timeoutMs, redact: redactor([token]) };
  };
  return client.transfer(operation, read, options);
}

function refusalOf(response: Response): FileTransferError {
  const { status } = response;
  const reason = isRedirect(response) ? 'redirected' : goneStatuses.includes(status) ? 'expired' : 'unavailable';
  return new FileTransferError(operation, reason, status);
}

function sizeOf(header: number | string | null): number | undefined {
  const bytes = header === null || header === '' ? Number.NaN : Number(header);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
