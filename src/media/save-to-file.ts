import type { BodyStream } from '../client/body-stream.js';
import { checkFunction, checkObject, checkOneOf, describeValue } from '../errors/check-options.js';
import { FileTransferError } from '../errors/file-transfer-error.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { WhatsAppError } from '../errors/whatsapp-error.js';
import { extensionOf } from './file-extension.js';
import { safeFilename } from './safe-filename.js';

/** Progress of a download. */
export interface MediaProgress {
  readonly receivedBytes: number;
  /** Expected size, if known. */
  readonly totalBytes: number | undefined;
}

/** Options of {@link MediaDownload.toFile}. */
export interface SaveMediaOptions {
  /**
   * Name of the file, if the path is a folder. Folders, control characters and reserved names are removed, so you can
   * pass the name that the customer chose. Without an extension, the file gets that of its MIME type.
   * @defaultValue the media ID
   */
  readonly filename?: string | undefined;
  /**
   * What to do if the file exists. `'reject'` never changes an existing file, not even if two processes save at the same
   * time.
   * @defaultValue `'reject'`
   */
  readonly existing?: 'reject' | 'replace' | undefined;
  /** Called after each chunk. An error of the function doesn't stop the download. */
  readonly onProgress?: ((progress: MediaProgress) => void) | undefined;
}

/** A saved file. */
export interface SavedMedia {
  /** Absolute path of the file. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mimeType: string | undefined;
}

/** The parts of a download that saving needs. */
export interface SavableMedia {
  readonly mediaId: string;
  readonly mimeType: string | undefined;
  readonly sizeBytes: number | undefined;
  readonly body: BodyStream;
}

const operation = 'downloadMedia.toFile';

/**
 * Writes a download to a file. The bytes go to a temporary file in the same folder, which gets its name only after the
 * checksum was verified. So a failed download leaves no file.
 *
 * @param media - The download.
 * @param path - A path, or the file URL, of a file or of an existing folder.
 * @param options - Name, existing files and progress.
 */
export async function saveToFile(media: SavableMedia, path: string | URL, options: SaveMediaOptions): Promise<SavedMedia> {
  try {
    checkObject(operation, 'options', options);
    const { existing = 'reject', onProgress, filename } = options;
    checkOneOf(operation, 'existing', existing, ['reject', 'replace']);
    checkFunction(operation, 'onProgress', onProgress);
    if (filename !== undefined && typeof filename !== 'string') {
      throw new InvalidArgumentError(operation, 'filename', `must be a string, but is ${describeValue(filename)}`);
    }
    const target = await targetOf(media, path, filename);
    if (existing === 'reject') await checkFree(target);
    return await write(media, target, existing, onProgress);
  } catch (error) {
    // An unread body would hold its connection.
    if (!media.body.locked) media.body.cancel(error).catch(() => undefined);
    if (error instanceof WhatsAppError) throw error;
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw new FileTransferError(operation, code === 'EEXIST' ? 'exists' : 'not-saved', undefined, { cause: error });
  }
}

/** Rejects an existing file before the download. {@link write} also rejects one that appears meanwhile. */
async function checkFree(target: string): Promise<void> {
  const { lstat } = await import('node:fs/promises');
  if (await lstat(target).catch(() => undefined)) throw new FileTransferError(operation, 'exists');
}

/** Returns the absolute path of the file. */
async function targetOf(media: SavableMedia, path: string | URL, filename: string | undefined): Promise<string> {
  const [files, paths, urls] = await Promise.all([import('node:fs/promises'), import('node:path'), import('node:url')]);
  const isUrl = path instanceof URL && path.protocol === 'file:';
  if (!isUrl && (typeof path !== 'string' || path === '' || path.includes('\0'))) {
    throw new InvalidArgumentError(operation, 'path', 'must be the path or the file URL of a file or a folder');
  }
  const text = isUrl ? urls.fileURLToPath(path) : String(path);
  const isFolder =
    text.endsWith('/') || text.endsWith(paths.sep) || ((await files.stat(text).catch(() => undefined))?.isDirectory() ?? false);
  if (!isFolder) return paths.resolve(text);
  const name = safeFilename(filename ?? media.mediaId, 'file');
  return paths.join(paths.resolve(text), /.\.\w{1,16}$/.test(name) ? name : safeFilename(`${name}.${extensionOf(media.mimeType)}`));
}

async function write(
  { body, sizeBytes: totalBytes, mimeType }: SavableMedia,
  target: string,
  existing: 'reject' | 'replace',
  onProgress: SaveMediaOptions['onProgress'],
): Promise<SavedMedia> {
  const [files, paths] = await Promise.all([import('node:fs/promises'), import('node:path')]);
  const temporary = paths.join(paths.dirname(target), `.${globalThis.crypto.randomUUID()}.part`);
  // Only the owner can read it: media of customers are private.
  const file = await files.open(temporary, 'wx', 0o600);
  let receivedBytes = 0;
  try {
    try {
      for await (const chunk of body) {
        await writeAll(file, chunk);
        receivedBytes += chunk.byteLength;
        report(onProgress, { receivedBytes, totalBytes });
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (existing === 'replace') {
      await files.rename(temporary, target);
      return { path: target, sizeBytes: receivedBytes, mimeType };
    }
    // A link fails if the file exists. A rename would replace it.
    await files.link(temporary, target).catch(async (error: unknown) => {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
      if (code === 'EEXIST') throw error;
      // Some file systems have no links. An empty file then reserves the name.
      await (await files.open(target, 'wx', 0o600)).close();
      await files.rename(temporary, target).catch(async (renameError: unknown) => {
        await files.unlink(target).catch(() => undefined);
        throw renameError;
      });
    });
    return { path: target, sizeBytes: receivedBytes, mimeType };
  } finally {
    await files.unlink(temporary).catch(() => undefined);
  }
}

/** Writes all bytes. A single write may write fewer. */
async function writeAll(
  file: { write(bytes: Uint8Array, offset: number): Promise<{ readonly bytesWritten: number }> },
  chunk: Uint8Array,
): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) offset += (await file.write(chunk, offset)).bytesWritten;
}

/** Calls the caller's function, which may throw or return a promise that rejects. */
function report(onProgress: SaveMediaOptions['onProgress'], progress: MediaProgress): void {
  if (!onProgress) return;
  // A function of a caller without types can return a promise.
  const call: (progress: MediaProgress) => unknown = onProgress;
  try {
    Promise.resolve(call(progress)).catch(() => undefined);
  } catch {
    // The download goes on.
  }
}
