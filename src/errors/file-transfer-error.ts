import { WhatsAppError } from './whatsapp-error.js';

/**
 * Reason why a file could not be downloaded or uploaded.
 *
 * - `untrusted-url`: the URL is not on one of Meta's hosts, so the token was not sent.
 * - `redirected`: the response redirects to another URL. The library doesn't send the token there.
 * - `expired`: the file was deleted, or the token can't read it, even with a new URL.
 * - `too-large`: the file is larger than allowed. Reading stopped at the limit.
 * - `corrupt`: the bytes don't match the expected SHA-256.
 * - `stalled`: a stream to upload passed no bytes for `timeoutMs`. The file was not sent.
 * - `not-a-file`: the URL returned an HTML page, such as a login or error page, instead of the file to download or
 *   upload.
 * - `exists`: the file to write exists. It was not changed.
 * - `not-saved`: the file could not be written. `cause` is the error of the file system.
 * - `unavailable`: any other HTTP status.
 */
export type FileTransferProblem =
  'untrusted-url' | 'redirected' | 'expired' | 'too-large' | 'corrupt' | 'stalled' | 'not-a-file' | 'exists' | 'not-saved' | 'unavailable';

const textOf: Readonly<Record<FileTransferProblem, string>> = {
  'untrusted-url':
    'the URL is not on a media host (https, port 443, no user name), so the token was not sent. Add other hosts in createClient({ mediaHosts }).',
  redirected: 'the response redirects to another URL, so the token was not sent there.',
  expired:
    'the file was deleted, or this token cannot read it. Media IDs of webhooks expire after 7 days, and IDs of uploads after 30 days. Media of another number require its token.',
  'too-large': 'the file is larger than maxBytes.',
  corrupt: 'the bytes do not match the expected SHA-256. Download the file again.',
  stalled: 'the stream passed no bytes within timeoutMs. The file was not sent.',
  'not-a-file':
    'the URL returned an HTML page, such as a login or error page, instead of the file. For a download, get a new URL with getMedia, and check that the token can read the file. For an upload, check that the URL needs no login. If the file is HTML, pass the type text/html.',
  exists: "the file exists and was not changed. Choose another name, or pass { existing: 'replace' }.",
  'not-saved': 'the file could not be written. Check that the folder exists, and that it has space and permits writing.',
  unavailable: 'the file could not be read.',
};

/** Thrown if a file could not be downloaded or uploaded, and Meta returned no Graph API error. */
export class FileTransferError extends WhatsAppError {
  override readonly name = 'FileTransferError';
  override readonly kind = 'file-transfer';
  readonly reason: FileTransferProblem;
  /** HTTP status of the response. `undefined` without a response. */
  readonly httpStatus: number | undefined;

  constructor(operation: string, reason: FileTransferProblem, httpStatus?: number, options?: { readonly cause?: unknown }) {
    super(`${operation}: ${textOf[reason]}${httpStatus === undefined ? '' : ` (HTTP ${String(httpStatus)})`}`, options);
    this.reason = reason;
    this.httpStatus = httpStatus;
  }
}
