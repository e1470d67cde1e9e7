import type { BodyStream } from '../client/body-stream.js';
import type { SavedMedia, SaveMediaOptions } from './save-to-file.js';

/** A started download. You can read its bytes once, on demand. */
export interface MediaDownload {
  /** MIME type from Meta, otherwise from the response. */
  readonly mimeType: string | undefined;
  /** Expected size in bytes, if known. */
  readonly sizeBytes: number | undefined;
  /**
   * Bytes of the file. The stream fails with {@link FileTransferError} (`too-large`; `corrupt` at the end),
   * {@link TimeoutError} after a pause, {@link NetworkError} or {@link AbortedError}. Discard the bytes that you read
   * before an error.
   */
  readonly body: BodyStream;
  /** Reads the stream to its end. You can call it once. @throws the errors of `body` */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Saves the file. It writes to a temporary file, verifies the checksum, and then gives the file its name. A failed
   * download leaves no file. By default, it never changes an existing file. You can call it once, also if it rejects.
   * Needs Node, Bun or Deno.
   *
   * @param path - A path or a file URL. If it is a folder, the name comes from the option `filename` or the media ID,
   * and the extension from the MIME type. Never build a path from a customer's file name: pass it as `filename`.
   * @param options - Name, existing files and progress. See {@link SaveMediaOptions}.
   * @throws {@link FileTransferError} (`exists`, `not-saved`, and the reasons of `body`), {@link InvalidArgumentError}
   */
  toFile(path: string | URL, options?: SaveMediaOptions): Promise<SavedMedia>;
}
