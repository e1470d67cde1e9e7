import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import { bodyStream, type BodyStream } from '../client/body-stream.js';
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
import type { MediaFile } from './media-file.js';
import { trustedUrl } from './trusted-url.js';

/** Which file, and what to hold it against. */
export interface DownloadMediaParameters {
  /** Id from a webhook (lives 7 days) or from an upload (30 days). */
  readonly mediaId: string;
  /**
   * The address that came with the id, which saves asking for one: only from a delivery whose signature was verified, or from {@link getMedia}.
   * @defaultValue asked for
   */
  readonly url?: string | undefined;
  /** SHA-256 that came with the id, in hex or base64. @defaultValue what Meta says of the file, where it is asked */
  readonly sha256?: string | undefined;
  /**
   * The number that uploaded the file. Leave it out for media of webhooks: Meta rejects some of them with it (100).
   */
  readonly phoneNumberId?: string | undefined;
  /** Bytes that are read at most. @defaultValue 104 857 600 (100 MiB: what Meta takes from customers at most) */
  readonly maxBytes?: number | undefined;
}

/** A file that is on its way. Its bytes are read as they are asked for, and only once. */
export interface MediaDownload {
  /** MIME type as Meta knows it, else as the answer says. */
  readonly mimeType: string | undefined;
  /** Bytes that it should have, where they are told. */
  readonly sizeBytes: number | undefined;
  /**
   * The bytes. The stream fails with a `FileTransferError` (`too-large`; `corrupt`, at its very end), `TimeoutError` after a silence,
   * `NetworkError` or `AbortedError`: what was read of it until then is not the file.
   */
  readonly body: BodyStream;
  /** Reads the stream to its end. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

const mostBytes = 100 * 1024 * 1024;

/** What Meta answers when the 5 minutes of an address are over, and also when the token may not read it: then a fresh one does not help. */
const goneStatuses: readonly number[] = [401, 403, 404, 410];

const operation = 'GET {media-url}';

/**
 * Downloads a file: asks for its address (or uses the one given), and for a fresh one, once, if that has expired.
 *
 * The token goes to `graph.facebook.com`, to the client's `mediaHosts` and to the origin of its `baseUrl`, and never follows a redirect.
 *
 * Permission `whatsapp_business_messaging`. `GET /{media-id}` and its `url`. Source: Meta, Media (2 Dec 2025): an address works for 5 minutes.
 *
 * @throws `FileTransferError` (`untrusted-url`, `redirected`, `expired`, `too-large`, `not-a-file`, `unavailable`), `InvalidArgumentError` if `sha256` is none,
 * `GraphApiError` for the address, and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createWriteStream } from 'node:fs';
 * import { pipeline } from 'node:stream/promises';
 * import { createClient, downloadMedia, safeFilename } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const document = await downloadMedia(client, { mediaId: '1003383421387256' });
 * await pipeline(document.body, createWriteStream(safeFilename('../invoice?.pdf')));
 * ```
 */
export function downloadMedia(
  client: Client,
  parameters: DownloadMediaParameters,
  options: RequestOptions = {},
): ApiPromise<MediaDownload> {
  return readParameters('downloadMedia', parameters, options, () => {
    const { mediaId, phoneNumberId, maxBytes = mostBytes } = parameters;
    checkNumber('downloadMedia', 'maxBytes', maxBytes, { unit: 'bytes' });
    const given = parameters.sha256 === undefined ? undefined : checksum(parameters.sha256);
    if (parameters.sha256 !== undefined && !given)
      throw new InvalidArgumentError('downloadMedia', 'sha256', 'is no SHA-256 in hex or base64');

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
      // A file that a customer sent can be HTML: its type or its checksum says so.
      if (isHtml(response.headers.get('content-type')) && !given && !isHtml(file?.mime_type)) {
        await response.body?.cancel();
        throw new FileTransferError(operation, 'not-a-file', response.status);
      }
      const check = given ?? (file?.sha256 === undefined ? undefined : checksum(file.sha256));
      const body = bodyStream(response, {
        operation,
        clock: client.clock,
        timeoutMs,
        maxBytes,
        signal: options.signal,
        redact,
        onChunk: (chunk) => check?.add(chunk),
        onEnd: () => {
          if (check && !check.isRight()) throw new FileTransferError(operation, 'corrupt');
        },
      });
      const { status, headers } = response;
      return {
        data: {
          mimeType: file?.mime_type ?? headers.get('content-type') ?? undefined,
          sizeBytes: sizeOf(file?.file_size ?? headers.get('content-length')),
          body,
          bytes: async () => new Uint8Array(await new Response(body).arrayBuffer()),
        },
        response: { status, headers },
      };
    };
    return new ApiPromise(readInPromise('downloadMedia', download()));
  });
}

interface Opened {
  readonly response: Response;
  readonly timeoutMs: number;
  readonly redact: Redact;
}

/** Opens an address with the token. Only the body of a success is left to be read. */
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
    // Thrown and not returned, so that it is tried again as every read is.
    if (response.status >= 500) throw new InvalidResponseError(`${operation}: answered ${String(response.status)}.`, response.status, '');
    return { response, timeoutMs, redact: redactor([token]) };
  };
  return client.transfer(operation, read, options);
}

function refusalOf(response: Response): FileTransferError {
  const { status } = response;
  const reason = isRedirect(response) ? 'redirected' : goneStatuses.includes(status) ? 'expired' : 'unavailable';
  return new FileTransferError(operation, reason, status);
}

function sizeOf(told: number | string | null): number | undefined {
  const bytes = told === null || told === '' ? Number.NaN : Number(told);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
