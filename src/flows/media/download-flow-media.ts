import { bodyStream } from '../../client/body-stream.js';
import type { Client, ClientConnection, RequestOptions } from '../../client/client.js';
import { isRedirect } from '../../client/file-source.js';
import { openResponse } from '../../client/ky-transport.js';
import { readParameters } from '../../client/parameters.js';
import { redactor } from '../../client/redact.js';
import { plainUrl } from '../../client/trusted-url.js';
import { checkNumber } from '../../errors/check-options.js';
import { InvalidResponseError } from '../../errors/connection-errors.js';
import { FileTransferError } from '../../errors/file-transfer-error.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { flowLimit } from '../../policy/flow-rules.js';
import { isoDay } from '../../runtime/calendar.js';
import { decryptFlowMedia } from './decrypt-flow-media.js';
import { isFlowMedia, type FlowMedia } from './flow-media.js';

/** Parameters of {@link downloadFlowMedia}. */
export interface DownloadFlowMediaParameters {
  /** The file, from {@link readFlowMedia}. */
  readonly media: FlowMedia;
  /**
   * Maximum size of the decrypted file in bytes.
   * @defaultValue 26 214 400 (25 MiB, the maximum of a picker)
   */
  readonly maxBytes?: number | undefined;
}

/** A downloaded file of a Flow. */
export interface FlowMediaFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Name that the customer's device chose. Pass it to `safeFilename` before you use it as a path. */
  readonly fileName: string;
}

const operation = 'downloadFlowMedia';
/** Maximum number of bytes for the AES-CBC padding and the HMAC. */
const maxOverheadBytes = 26;
const kib = 1_024;
/** WhatsApp's CDN. Source: Meta, Media upload components of Flows (Dec 2025). */
const cdnDomain = 'whatsapp.net';

/**
 * Downloads, decrypts and verifies a file that a customer uploaded with PhotoPicker or DocumentPicker. For files of the
 * response message (`nfm_reply`), use `downloadMedia` with their `id`.
 *
 * A customer can put any URL into the request. The client therefore accepts only hosts of WhatsApp's CDN
 * (`whatsapp.net` and its subdomains), its `mediaHosts`, and the origin of its `baseUrl`. It sends no token and follows
 * no redirect. Source: Meta, Media upload components of Flows (Dec 2025).
 *
 * @param client - A client of `createClient`.
 * @param parameters - The file and its maximum size. See {@link DownloadFlowMediaParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @returns the bytes and the name of the file
 * @throws `FileTransferError` (`untrusted-url`, `redirected`, `expired`, `too-large`, `corrupt`, `unavailable`),
 * `InvalidArgumentError` for a malformed `media`, and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient } from 'wa-coexist';
 * import { downloadFlowMedia, readFlowMedia, type FlowHandler } from 'wa-coexist/flows';
 *
 * const client = createClient({ accessToken: 'token' });
 * const receivePhotos: FlowHandler = async ({ data }) => {
 *   for (const media of readFlowMedia(data?.photos)) {
 *     const { bytes, fileName } = await downloadFlowMedia(client, { media });
 *     console.log(fileName, bytes.length);
 *   }
 *   return { screen: 'THANKS', data: {} };
 * };
 * console.log(receivePhotos);
 * ```
 */
export async function downloadFlowMedia(
  client: Client,
  parameters: DownloadFlowMediaParameters,
  options: RequestOptions = {},
): Promise<FlowMediaFile> {
  return readParameters(operation, parameters, options, async () => {
    const { media } = parameters;
    const largestKib = flowLimit('maxFileSizeKib', isoDay(client.clock.now()))?.value ?? Number.POSITIVE_INFINITY;
    const { maxBytes = largestKib * kib } = parameters;
    checkNumber(operation, 'maxBytes', maxBytes, { unit: 'bytes' });
    if (!isFlowMedia(media)) throw new InvalidArgumentError(operation, 'media', 'must be an element of readFlowMedia');
    const read = (connection: ClientConnection): Promise<Uint8Array> => load(client, connection, media.cdn_url, maxBytes, options);
    const encrypted = await client.transfer(operation, read, options);
    const bytes = decryptFlowMedia(encrypted, media);
    if (bytes.length > maxBytes) throw new FileTransferError(operation, 'too-large');
    return { bytes, fileName: media.file_name };
  });
}

async function load(
  client: Client,
  connection: ClientConnection,
  address: string,
  maxBytes: number,
  { signal }: RequestOptions,
): Promise<Uint8Array> {
  const url = cdnUrl(address, connection);
  if (!url) throw new FileTransferError(operation, 'untrusted-url');
  const { fetch, dispatcher, timeoutMs } = connection;
  const headers = {};
  const response = await openResponse({ url: url.href, method: 'GET', headers, timeoutMs, signal, fetch, dispatcher, operation });
  const { status } = response;
  if (!response.ok) await response.body?.cancel();
  if (status >= 500) throw new InvalidResponseError(`${operation}: Meta returned status ${String(status)}.`, status, '');
  if (!response.ok) {
    const isGone = [401, 403, 404, 410].includes(status);
    throw new FileTransferError(operation, isRedirect(response) ? 'redirected' : isGone ? 'expired' : 'unavailable', status);
  }
  const body = bodyStream(response, {
    ...{ operation, clock: client.clock, timeoutMs, maxBytes: maxBytes + maxOverheadBytes, signal },
    redact: redactor([connection.token]),
  });
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function cdnUrl(address: string, { baseUrl, mediaHosts = [] }: ClientConnection): URL | undefined {
  const url = plainUrl(address);
  if (!url) return undefined;
  if (url.origin === new URL(baseUrl).origin) return url;
  const { hostname } = url;
  const isCdn = hostname === cdnDomain || hostname.endsWith(`.${cdnDomain}`) || mediaHosts.includes(hostname);
  return url.protocol === 'https:' && url.port === '' && isCdn ? url : undefined;
}
