import { WhatsAppError } from './whatsapp-error.js';

/**
 * Why a file did not come or go.
 *
 * - `untrusted-url`: the address is none of Meta's, so the token was not sent there.
 * - `redirected`: the answer points elsewhere; the token does not follow.
 * - `expired`: the file is gone, or the token may not read it, also with a fresh address.
 * - `too-large`: more bytes than allowed; reading stopped there.
 * - `corrupt`: the bytes are not those whose SHA-256 was told.
 * - `stalled`: a stream to upload passed no bytes for `timeoutMs`. Nothing was sent.
 * - `not-a-file`: the address returned an HTML page, such as a login or error page, instead of the file to download or upload.
 * - `unavailable`: any other status.
 */
export type FileTransferProblem =
  'untrusted-url' | 'redirected' | 'expired' | 'too-large' | 'corrupt' | 'stalled' | 'not-a-file' | 'unavailable';

const textOf: Readonly<Record<FileTransferProblem, string>> = {
  'untrusted-url':
    'the address is not one of the media hosts (https, port 443, no user name), so the token was not sent. Name further hosts in createClient({ mediaHosts }).',
  redirected: 'the answer points to another address; the token does not follow.',
  expired:
    'the file is gone or not for this token. Media ids of webhooks live 7 days, those of uploads 30; media of another number need its token.',
  'too-large': 'it has more bytes than maxBytes allows.',
  corrupt: 'the bytes do not have the SHA-256 that was told for them.',
  stalled: 'the stream passed no bytes within timeoutMs. Nothing was sent.',
  'not-a-file':
    'the address returned an HTML page, such as a login or error page, instead of the file. For a download, ask for a new address with getMedia, and check that the token may read the file. For an upload, check that the address needs no login; if the file is HTML, pass the type text/html.',
  unavailable: 'the file could not be read.',
};

/** A file could not be fetched or taken, for a reason that no Graph error tells. */
export class FileTransferError extends WhatsAppError {
  override readonly name = 'FileTransferError';
  override readonly kind = 'file-transfer';
  readonly reason: FileTransferProblem;
  /** HTTP status of the answer, where there was one. */
  readonly httpStatus: number | undefined;

  constructor(operation: string, reason: FileTransferProblem, httpStatus?: number, options?: { readonly cause?: unknown }) {
    super(`${operation}: ${textOf[reason]}${httpStatus === undefined ? '' : ` (HTTP ${String(httpStatus)})`}`, options);
    this.reason = reason;
    this.httpStatus = httpStatus;
  }
}
